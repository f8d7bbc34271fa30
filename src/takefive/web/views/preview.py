"""Last week's five by a sentence, three shows or a list of subscriptions, before any address is given.

Nothing of what was told is stored: only that this network asked, by its hash, since each preview costs work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from takefive.accounts.challenges import previews_too_much
from takefive.accounts.models import Reader
from takefive.accounts.wishes import document_of
from takefive.pipeline.steps.brief import last_week
from takefive.web.five import of_composed
from takefive.web.forms import SignUpForm, titles
from takefive.web.views import home
from takefive.web.visitor import network_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """POST shows the five with the form that asks for them daily; what was told is in that form."""
    if request.method != "POST":
        return redirect("home")
    form = SignUpForm(request.POST, request.FILES)
    form.fields["email"].required = False
    if not form.is_valid():
        return home.with_form(request, form, status=422)
    now = timezone.now()
    if previews_too_much(network_of(request), now):
        return render(request, "429.html", status=429)
    told = form.cleaned_data
    nobody = Reader(interests=told["interests"], wishes=told["wishes"])
    composed = last_week(nobody, document_of(nobody), now=now)
    context = {
        "five": of_composed(composed),
        "form": form,
        "shows": told["shows"],
        "titles": titles(),
        "notices": _notices(form),
    }
    return render(request, "preview.html", context)


def _notices(form: SignUpForm) -> list[str]:
    """What of the shows is not read here."""
    told = form.cleaned_data
    notices = [f"Not read here yet: {', '.join(told['strange'])[:300]}."] if told["strange"] else []
    if told["listed"]:
        notices.append(f"Of {told['listed']:,} shows in your list, {len(told['shows']):,} are read here.")
    if not (told["interests"] or told["shows"]):
        notices.append("These are the strongest of the week for anyone: tell a sentence or a show to make them yours.")
    return notices
