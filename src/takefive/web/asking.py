"""Asking for a mail with a link and a code: the same few statements, and so the same time, whatever the address is."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from takefive.accounts import challenges
from takefive.accounts.models import Challenge
from takefive.pipeline.flow import confirm
from takefive.web.visitor import browser_of, forget_link, network_of, new_browser, remember_browser


def ask(request: HttpRequest, purpose: Challenge.Purpose, *, then: str, wanted: dict[str, Any]) -> HttpResponse:
    """Store the challenge with the job that mails it, and go on to the page `then`.

    `wanted` has the form's fields; `website` filled in is the mark of a machine, which is answered and forgotten.
    """
    client = network_of(request)
    if challenges.asks_too_much(client, timezone.now()):
        return render(request, "429.html", status=429)
    browser = browser_of(request) or new_browser()
    fields = {name: wanted[name] for name in ("email", "interests", "wishes", "zone") if name in wanted}
    if not wanted["website"]:
        hashes = {"browser": challenges.hashed(browser), "client": challenges.hashed(client)}
        with transaction.atomic():
            confirm.defer(challenge=Challenge.objects.create(purpose=purpose, **fields, **hashes).pk)
    response = redirect(then)
    remember_browser(response, browser)
    forget_link(response)  # of an earlier mail
    return response
