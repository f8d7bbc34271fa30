"""Storing a reader who waits for the mail that confirms the address."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from takefive.accounts.models import Reader
from takefive.web.answers import public
from takefive.web.forms import SignUpForm
from takefive.web.views import home

_AN_HOUR = 3600
_LIMIT_BY_ADDRESS = 3
_LIMIT_BY_CLIENT = 20


@require_POST
@never_cache
def store(request: HttpRequest) -> HttpResponse:
    """The same answer whether the address is new, known, asked for too often, or sent by a machine."""
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return home.with_form(request, form, status=422)
    if _too_often("client", request.META.get("REMOTE_ADDR", ""), _LIMIT_BY_CLIENT):
        return render(request, "429.html", status=429)
    if not form.cleaned_data["website"] and not _too_often("address", form.cleaned_data["email"], _LIMIT_BY_ADDRESS):
        _add(form)
    return redirect("thanks")


@public
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "thanks.html")


def _add(form: SignUpForm) -> None:
    """The same statements for every address, so that the time they take tells nothing. A known one stays as it is, but
    who had stopped the mail waits for a confirmation again, as a new reader does."""
    fields = {name: form.cleaned_data[name] for name in ("email", "interests", "zone")}
    Reader.objects.bulk_create([Reader(password=make_password(None), **fields)], ignore_conflicts=True)
    stopped = Reader.objects.filter(email=fields["email"], status=Reader.Status.STOPPED, is_staff=False)
    stopped.update(status=Reader.Status.PENDING)


def _too_often(what: str, who: str, limit: int) -> bool:
    """Counted in this process for an hour: a brake, not a wall."""
    key = f"sign-up:{what}:{hash(who)}"
    cache.add(key, 0, _AN_HOUR)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two lines
        return False
