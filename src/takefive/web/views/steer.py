"""Steering from a mail or a page, without signing in. Opening a link changes nothing: mail scanners open every link.

Only the form of a page of ours acts: it carries a signed mark of when that page was shown. Who sends a form without it, at once
(as programs that press every button do) or after a day is shown the page again. Everything can be taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from takefive.accounts.links import nonce_for, steering_of, steering_token, was_shown
from takefive.accounts.models import Reader
from takefive.pipeline import steer
from takefive.store import shown
from takefive.store.models import Insight
from takefive.web.visitor import for_reader, reader_of


@csrf_exempt  # readers come from mail programs, often without cookies; the form's own mark is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str, word: str = "") -> HttpResponse:
    """GET asks for one click, POST does it and offers to take it back."""
    now = timezone.now()
    reader, insight = _whose(token, now)
    if reader is None or insight is None:
        return _discreet(render(request, "steering_over.html", status=410))
    name = request.POST.get("do", "") if request.method == "POST" else word.replace("-", " ")
    done = request.method == "POST" and was_shown(token, request.POST.get("shown", ""), now)
    if done and not steer.act(reader.pk, insight, name, now):
        done = False
    return _discreet(_page(request, token, Reader.objects.get(pk=reader.pk), insight, name, done=done))


@require_safe
@for_reader
def of_insight(_request: HttpRequest, reader: Reader, public_id: str) -> HttpResponse:
    """The same page for who is signed in, from the insight's own page, which is kept for everyone."""
    insight = get_object_or_404(shown.insights(), public_id=public_id)
    return redirect("steer", token=steering_token(reader.pk, insight.pk, timezone.now().date()))


@require_safe
@never_cache
def opened(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the page of a reader's brief to an insight: noted for who asked for that, where a click on our own page led here."""
    insight, reader = get_object_or_404(shown.insights(), public_id=public_id), reader_of(request)
    clicked = request.headers.get("Sec-Fetch-Site") == "same-origin" and "Sec-Purpose" not in request.headers
    if reader is not None and clicked and request.method == "GET":
        steer.note_opening(reader, insight, timezone.now())
    return redirect("insight", public_id=public_id)


def buttons(reader: Reader, insights: list[Insight], now: datetime) -> dict[int, dict[str, Any]]:
    """By insight, what the template needs for its buttons."""
    done, day = steer.pressed(reader, insights, now), now.date()
    tokens = {insight.pk: steering_token(reader.pk, insight.pk, day) for insight in insights}
    return {
        insight.pk: {
            "token": tokens[insight.pk],
            "shown": nonce_for(tokens[insight.pk], now),
            "steps": steer.steps(insight, done[insight.pk]),
            "link": "insight-open" if reader.wishes.get("openings") else "insight",
        }
        for insight in insights
    }


def _whose(token: str, now: datetime) -> tuple[Reader | None, Insight | None]:
    reader_id, insight_id = steering_of(token, now) or (0, 0)
    return Reader.objects.filter(pk=reader_id).first(), Insight.objects.with_show().filter(pk=insight_id).first()


def _page(request: HttpRequest, token: str, reader: Reader, insight: Insight, name: str, *, done: bool) -> HttpResponse:
    now = timezone.now()
    steps = steer.steps(insight, steer.pressed(reader, [insight], now)[insight.pk])
    asked = name.removeprefix(steer.UNDO)
    wanted = [
        step for step in steps if step.name == asked or (asked == "mute topic" and step.name.startswith(f"{asked} "))
    ]
    context = {
        "insight": insight,
        "token": token,
        "shown": nonce_for(token, now),
        "wanted": wanted,
        "steps": [step for step in steps if step not in wanted],
        "done": done,
        "undone": name.startswith(steer.UNDO),
        "again": request.method == "POST" and not done,
    }
    return render(request, "steer.html", context, status=409 if context["again"] else 200)


def _discreet(response: HttpResponse) -> HttpResponse:
    """The address acts for a reader: no other site may hear of it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
