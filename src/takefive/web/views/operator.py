"""Signing in to the admin: Django's own page, of which one network may guess so many passwords an hour and no more."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from takefive.accounts import challenges
from takefive.web.visitor import network_of


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Each try is counted before its password is looked at, so that no race gets more of them; a right one is forgotten."""
    if request.method != "POST":
        return admin.site.login(request)
    client = network_of(request)
    if challenges.asks_too_much(client, timezone.now()):
        return render(request, "429.html", status=429)
    tried = challenges.count(client)
    response = admin.site.login(request)
    if response.status_code == 302:
        tried.delete()
    return response
