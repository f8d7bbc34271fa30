"""A reader's profile: to read, edit, take away and bring back; with last week's five by it, before it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from takefive.accounts.challenges import previews_too_much
from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.interests import MAX_TEXT, reread, sentence
from takefive.briefs.profile import LISTS, MAX_DOCUMENT, MAX_SERENDIPITY, SNOOZES, ProfileDocument, dumps, loads, read
from takefive.briefs.values import ComposedBrief
from takefive.common.errors import UsageError
from takefive.pipeline import tastes
from takefive.pipeline.steps.brief import last_week
from takefive.web.five import of_composed
from takefive.web.visitor import for_reader

_NAMES = tuple(name for name in LISTS if "interests" not in name)


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """GET shows the profile. POST with `do` "see" shows last week's five by what was typed in, with "keep" keeps it."""
    stored = _with_rests_to_come(document_of(reader), timezone.localdate(timezone=reader.tzinfo))
    if request.method != "POST":
        return _page(request, reader, stored)
    try:
        document = tastes.with_addresses(_typed(request, stored))
    except UsageError as error:
        return _page(request, reader, stored, wrong=str(error))
    if request.POST.get("do") != "keep":
        return _seen(request, reader, document)
    change(reader.pk, lambda _: document)
    strange = ", ".join(tastes.unknown(document))[:300]
    messages.success(request, f"Saved. Not read here yet: {strange}." if strange else "Saved.")
    return redirect("profile")


def _seen(request: HttpRequest, reader: Reader, document: ProfileDocument) -> HttpResponse:
    """Last week's five by it; not endlessly many an hour, since each costs work."""
    now = timezone.now()
    if previews_too_much(f"reader {reader.pk}", now):
        return render(request, "429.html", status=429)
    return _page(request, reader, document, seen=last_week(reader, document, now=now))


@require_safe
@for_reader
def export(_request: HttpRequest, reader: Reader) -> HttpResponse:
    """The profile as a document that can be edited and brought back."""
    response = HttpResponse(dumps(document_of(reader)), content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="takefive-profile.toml"'
    return response


def _typed(request: HttpRequest, stored: ProfileDocument) -> ProfileDocument:
    """The profile in the form, or in the file that was chosen; UsageError where it is none.

    What a form does not ask for stays: the account page's has fewer fields.
    """
    if (file := request.FILES.get("document")) is not None:
        return loads(file.read(4 * MAX_DOCUMENT).decode("utf-8", "replace"))
    told: dict[str, Any] = {name: _lines(request.POST[name]) for name in _NAMES if name in request.POST}
    if "interests" in request.POST:
        said = reread(request.POST["interests"], stored.interests, stored.not_interests)
        told |= dict(zip(("interests", "not_interests"), said, strict=True))
    told["frequency"] = request.POST.get("frequency", stored.frequency)
    told["serendipity"] = _number(request.POST.get("serendipity", str(stored.serendipity)))
    told["openings"] = request.POST["openings"] == "yes" if "openings" in request.POST else stored.openings
    document, titled = read(told), tastes.with_titles(stored)
    asked: dict[str, Any] = {name: getattr(document, name) for name in told}
    return replace(stored, **asked | {key: _rests(request, titled, key) for key in SNOOZES})


def _rests(request: HttpRequest, told: ProfileDocument, key: str) -> dict[str, date]:
    """What of `key` goes on resting: what still stands in its lines."""
    rests: dict[str, date] = getattr(told, key)
    kept = _lines(request.POST.get(key, "\n".join(rests)))
    return {name: day for name, day in rests.items() if name in kept}


def _number(text: str) -> object:
    return int(text) if text.isdecimal() and len(text) < 3 else text


def _with_rests_to_come(document: ProfileDocument, today: date) -> ProfileDocument:
    rests: dict[str, Any] = {
        key: {name: getattr(document, key)[name] for name in document.resting(key, today)} for key in SNOOZES
    }
    return replace(document, **rests)


def _lines(text: str) -> list[str]:
    """Each once, as it was written last."""
    return list({line.strip().casefold(): line.strip() for line in text.splitlines() if line.strip()}.values())


def _page(
    request: HttpRequest,
    reader: Reader,
    document: ProfileDocument,
    *,
    seen: ComposedBrief | None = None,
    wrong: str = "",
) -> HttpResponse:
    context = {
        "told": tastes.with_titles(document),
        "pressed": tastes.pressed_down(reader),
        "sentence": sentence(document.interests, document.not_interests),
        "longest": MAX_TEXT,
        "most": MAX_SERENDIPITY,
        "five": of_composed(seen) if seen else None,
        "wrong": wrong,
        "notices": [str(message) for message in messages.get_messages(request)],
    }
    return render(request, "profile.html", context, status=422 if wrong else 200)
