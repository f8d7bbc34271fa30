"""Asking for the brief: nothing is stored but a challenge until its mail is answered."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from takefive.accounts.models import Challenge
from takefive.store.models import Delivery
from takefive.web.answers import personal
from takefive.web.asking import ask
from takefive.web.forms import SignUpForm
from takefive.web.views import home
from takefive.web.visitor import at_home


@require_POST
@never_cache
def store(request: HttpRequest) -> HttpResponse:
    """The same answer whether the address is new, known, asked for too often, or sent by a machine."""
    form = SignUpForm(request.POST, request.FILES)
    if not form.is_valid():
        return home.with_form(request, form, status=422)
    return ask(request, Challenge.Purpose.SIGN_UP, then="thanks", wanted=form.cleaned_data)


@personal
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next, and where to type in the code."""
    return render(request, "thanks.html", {"outbox": outbox(request)})


def outbox(request: HttpRequest) -> str | None:
    """The folder where mails lie while there is no mail server, told only to who sits at the machine: else None."""
    return str(settings.OUTBOX) if not Delivery.Channel.leaves() and at_home(request) else None
