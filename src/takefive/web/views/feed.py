"""Atom feeds of insights, for those who read elsewhere."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.http import http_date
from django.views.decorators.http import conditional_page

from takefive.store import shown
from takefive.store.models import Insight
from takefive.web.answers import public
from takefive.web.environment import absolute, printable, web_address

_SIZE = 50
_OF_ONE_EPISODE = 3
_LOOKED_AT = 1000  # a long episode has some twenty insights: enough to find fifty among
_AUDIO = {".m4a": "audio/mp4", ".mp4": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".aac": "audio/aac"}


@public
@conditional_page
def of_all(_request: HttpRequest) -> HttpResponse:
    """The newest insights of all public podcasts."""
    return as_atom("Takefive", reverse("home"), reverse("feed"), shown.points())


@public
@conditional_page
def of_podcast(_request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest insights of one podcast."""
    podcast = get_object_or_404(shown.podcasts(), public_id=public_id)
    page, feed = (reverse(name, kwargs={"public_id": public_id}) for name in ("podcast", "podcast-feed"))
    return as_atom(f"Takefive: {podcast.title}", page, feed, shown.insights().filter(episode__podcast=podcast))


def as_atom(title: str, page: str, feed: str, insights: QuerySet[Insight]) -> HttpResponse:
    """Every address is absolute and ours. Control characters would not be XML: `printable` drops them."""
    newest = _newest(insights)
    atom = Atom1Feed(
        title=printable(title),
        link=absolute(page),
        feed_url=absolute(feed),
        description="",
        subtitle="Insights from podcasts, each with its proof.",
        language="en",
    )
    for insight in newest:
        _add(atom, insight)
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    if newest:
        response["Last-Modified"] = http_date(newest[0].created_at.timestamp())
    return response


def as_json(title: str, page: str, feed: str, insights: QuerySet[Insight]) -> JsonResponse:
    """The same as JSON Feed 1.1."""
    newest = _newest(insights)
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": printable(title),
        "home_page_url": absolute(page),
        "feed_url": absolute(feed),
        "language": "en",
        "items": [_item(insight) for insight in newest],
    }
    response = JsonResponse(told, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})
    if newest:
        response["Last-Modified"] = http_date(newest[0].created_at.timestamp())
    return response


def _item(insight: Insight) -> dict[str, object]:
    address = absolute(reverse("insight", kwargs={"public_id": insight.public_id}))
    item: dict[str, object] = {
        "id": address,
        "url": address,
        "title": printable(insight.headline),
        "content_html": printable(render_to_string("feed_item.html", {"insight": insight})),
        "date_published": (insight.episode.published_at or insight.created_at).isoformat(),
        "authors": [{"name": printable(insight.speaker or insight.episode.podcast.title or "Takefive")}],
        "tags": [printable(topic) for topic in insight.topics],
    }
    audio = [{"url": one.url, "mime_type": one.mime_type} for one in _enclosures(insight.episode.audio_url)]
    return item | ({"attachments": audio} if audio else {})


def _newest(insights: QuerySet[Insight]) -> list[Insight]:
    """The newest, at most three of one episode: one long talk must not push all others out."""
    seen: Counter[int] = Counter()
    ids = []
    for pk, episode in insights.order_by("-created_at", "-id").values_list("pk", "episode_id")[:_LOOKED_AT]:
        seen[episode] += 1
        if seen[episode] <= _OF_ONE_EPISODE:
            ids.append(pk)
    return list(insights.filter(pk__in=ids[:_SIZE]).order_by("-created_at", "-id"))


def _enclosures(address: str) -> list[Enclosure]:
    """The audio, where it has a web address; its length is not known, which feeds write as 0."""
    audio = web_address(address)
    kind = _AUDIO.get(PurePosixPath(urlsplit(audio).path).suffix.lower(), "audio/mpeg")
    return [Enclosure(audio, "0", kind)] if audio else []


def _add(atom: Atom1Feed, insight: Insight) -> None:
    address = absolute(reverse("insight", kwargs={"public_id": insight.public_id}))
    atom.add_item(
        title=printable(insight.headline),
        link=address,
        unique_id=address,
        description=render_to_string("feed_item.html", {"insight": insight}),
        author_name=printable(insight.speaker or insight.episode.podcast.title or "Takefive"),
        pubdate=insight.episode.published_at or insight.created_at,
        updateddate=insight.created_at,
        enclosures=_enclosures(insight.episode.audio_url),
        categories=[printable(topic) for topic in insight.topics],
    )
