"""One insight with its proof and its relations: the page that every mail and feed links to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from takefive.store import maps, shown
from takefive.store.models import Insight, Relation
from takefive.web.answers import public
from takefive.web.environment import absolute, printable, web_address
from takefive.web.voices import voices

_RELATED = 10


@public
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Headline, text, quote, player, who else says it, ten related ones, its neighbours in the episode."""
    insight = get_object_or_404(shown.insights(), public_id=public_id)
    also = voices(insight)
    before, after = _neighbours(insight)
    context = {
        "insight": insight,
        "voices": also,
        "related": _related(insight, {other.pk for other in also.listed}),
        "before": before,
        "after": after,
        "linked_data": linked_data(insight),
        "on_map": maps.holds(insight),
    }
    return render(request, "insight.html", context)


def _related(insight: Insight, but: set[int]) -> list[tuple[Insight, str]]:
    """The related insights, best first, each with the phrase that says why."""
    links = insight.relations.filter(kind=Relation.Kind.RELATED).exclude(target__in=but).order_by("rank")
    reasons = dict(links.values_list("target_id", "reason")[: 2 * _RELATED])
    return [(other, reasons[other.pk]) for other in shown.in_order(list(reasons))[:_RELATED]]


def _neighbours(insight: Insight) -> tuple[Insight | None, Insight | None]:
    """The ones before and after it in the episode, as they were said."""
    there = list(insight.episode.insights.only("public_id", "headline", "start", "position", "episode_id"))
    there.sort(key=lambda one: (one.start is None, one.start or 0, one.position))
    place = there.index(insight)
    return there[place - 1] if place else None, there[place + 1] if place + 1 < len(there) else None


def linked_data(insight: Insight) -> dict[str, Any]:
    """What machines read about the page (schema.org). Printed as JSON with every `<` escaped."""
    episode, podcast = insight.episode, insight.episode.podcast
    show = {"@type": "PodcastSeries", "name": podcast.title, "url": _page("podcast", podcast.public_id)}
    source = {"@type": "PodcastEpisode", "name": episode.title, "partOfSeries": show}
    source["url"] = _page("episode", episode.public_id)
    if episode.published_at:
        source["datePublished"] = episode.published_at.date().isoformat()
    clip = {"@type": "Clip", "partOfEpisode": source, "startOffset": insight.start, "endOffset": insight.end}
    quote = {"@type": "Quotation", "text": insight.quote, "isPartOf": {k: v for k, v in clip.items() if v is not None}}
    if insight.speaker:
        quote["creator"] = {"@type": "Person", "name": insight.speaker}
    if address := web_address(episode.audio_url):
        quote["associatedMedia"] = {"@type": "AudioObject", "contentUrl": address}
    page = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": insight.headline,
        "abstract": insight.text,
        "keywords": insight.topics,
        "datePublished": insight.created_at.isoformat(),
        "url": _page("insight", insight.public_id),
        "publisher": {"@type": "Organization", "name": "Takefive", "url": absolute("/")},
        "citation": quote,
    }
    return {key: _printable(value) for key, value in page.items()}


def _page(name: str, public_id: str) -> str:
    return absolute(reverse(name, kwargs={"public_id": public_id}))


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list) else printable(value)
