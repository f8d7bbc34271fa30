"""How it works, whom to write to, and what robots may read."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from takefive.web.answers import public


@public
def page(request: HttpRequest) -> HttpResponse:
    """How it works, what counts as proof, where to complain."""
    return render(request, "about.html", {"contact": parseaddr(settings.SENDER)[1]})


@public
def robots(request: HttpRequest) -> HttpResponse:
    """All pages are open; searches and briefs are made for one visitor and worth no visit."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
