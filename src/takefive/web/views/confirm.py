"""Where the link and the code of a mail lead. Opening the link changes nothing: mail scanners open every link."""

from __future__ import annotations

import re

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from takefive.accounts import challenges
from takefive.accounts.consent import CONSENT
from takefive.accounts.models import Challenge
from takefive.web.answers import personal
from takefive.web.forms import code_of
from takefive.web.views.sign_up import outbox
from takefive.web.visitor import LINK, browser_of, forget_link, remember_link

_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


@personal
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, where a Referer could carry it away, into a cookie of the page that asks."""
    if not _TOKEN.fullmatch(token):
        return _over(request)
    response = redirect("confirm")
    response.headers["Referrer-Policy"] = "no-referrer"
    remember_link(response, token)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """GET asks for one click where this browser asked for the mail, else for the code. POST lets in whom they prove."""
    if request.method != "POST":
        return _question(request)
    proof = {"token": request.COOKIES.get(LINK, ""), "browser": browser_of(request), "code": code_of(request.POST)}
    reader = challenges.answer(**proof, now=timezone.now())
    if reader is None:
        return _question(request, wrong=True)
    login(request, reader, backend="django.contrib.auth.backends.ModelBackend")
    response = redirect("account")
    forget_link(response)
    return response


def _question(request: HttpRequest, *, wrong: bool = False) -> HttpResponse:
    token = request.COOKIES.get(LINK, "")
    challenge, click = challenges.of_link(token, browser_of(request), timezone.now())
    if token and challenge is None:
        return _over(request)
    context = {
        "signing_up": challenge is not None and challenge.purpose == Challenge.Purpose.SIGN_UP,
        "linked": challenge is not None,
        "click": click,
        "wrong": wrong,
        "consent": CONSENT,
        "outbox": outbox(request),
    }
    return render(request, "confirm.html", context, status=422 if wrong else 200)


def _over(request: HttpRequest) -> HttpResponse:
    """A link that is cut, used up or too old: forgotten, so that a code can be typed in afterwards."""
    response = render(request, "link_over.html", status=410)
    response.headers["Referrer-Policy"] = "no-referrer"
    forget_link(response)
    return response
