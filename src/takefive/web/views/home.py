"""The first page: what Takefive is, today's five, and how to get it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takefive.web.answers import personal
from takefive.web.five import strongest, todays_five
from takefive.web.forms import SignUpForm, titles


@personal  # the form carries a token of the visitor
def page(request: HttpRequest) -> HttpResponse:
    """The five and the form."""
    return with_form(request, SignUpForm())


def with_form(request: HttpRequest, form: SignUpForm, status: int = 200) -> HttpResponse:
    """The page around a form: a fresh one, or one that was not filled in well."""
    five = todays_five(request)
    if not five.items:
        five = strongest()
    return render(request, "home.html", {"five": five, "form": form, "titles": titles()}, status=status)
