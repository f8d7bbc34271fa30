"""One show and its episodes."""

from __future__ import annotations

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from takefive.store import shown
from takefive.web.answers import page_of, public


@public
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its strongest insights, then its episodes, newest first."""
    podcast = get_object_or_404(shown.podcasts(), public_id=public_id)
    episodes = (
        podcast.episodes.annotate(count=Count("insights"))
        .filter(count__gt=0)
        .order_by(F("published_at").desc(nulls_last=True), "-id")
        .only("public_id", "title", "published_at", "duration", "podcast_id")
    )
    context = {
        "podcast": podcast,
        "strongest": shown.points().filter(episode__podcast=podcast).order_by("-score", "id")[:5],
        "episodes": page_of(episodes, request),
    }
    return render(request, "podcast.html", context)
