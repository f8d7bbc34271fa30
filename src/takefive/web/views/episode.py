"""One episode and what was worth keeping of it."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from takefive.store import shown
from takefive.web.answers import public


@public
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its insights in the order in which they were said."""
    episode = get_object_or_404(shown.episodes(), public_id=public_id)
    insights = shown.insights().filter(episode=episode).order_by(F("start").asc(nulls_last=True), "position")
    return render(request, "episode.html", {"episode": episode, "insights": insights})
