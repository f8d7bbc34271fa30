"""Signing in without a password, and out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from takefive.accounts.models import Challenge
from takefive.web.asking import ask
from takefive.web.forms import SignInForm
from takefive.web.visitor import reader_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """GET asks for the address, POST has a mail sent to it where it is a reader's. The answer is the same for all."""
    if request.method == "POST":
        form = SignInForm(request.POST)
        if form.is_valid():
            return ask(request, Challenge.Purpose.SIGN_IN, then="confirm", wanted=form.cleaned_data)
        return render(request, "sign_in.html", {"form": form}, status=422)
    if reader_of(request):
        return redirect("account")
    return render(request, "sign_in.html", {"form": SignInForm()})


@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Forget who this browser is."""
    logout(request)
    return redirect("home")
