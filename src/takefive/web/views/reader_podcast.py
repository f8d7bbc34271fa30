"""A reader's own podcast: a feed whose every episode is a brief, its audio with ranges, its chapters."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from takefive.delivery.page import COUNTS
from takefive.pipeline import past
from takefive.pipeline.recording import Recording, recording
from takefive.store.models import Brief, Delivery, Outlet
from takefive.web.environment import absolute, printable
from takefive.web.views.reader_feed import entry_id, reader_behind, secret_address

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_EPISODES = 7  # the newest; each is read from the disk to tell its length


class PodcastFeed(Rss201rev2Feed):
    """RSS with what podcast programs want to know (itunes and podcasting 2.0), closed to directories."""

    def rss_attributes(self) -> dict[str, str]:
        """The namespaces."""
        return {
            **super().rss_attributes(),
            "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """What holds for the whole podcast."""
        super().add_root_elements(handler)
        for name, value in (("itunes:author", "Takefive"), ("itunes:block", "Yes"), ("itunes:explicit", "false")):
            handler.addQuickElement(name, value)
        handler.addQuickElement("podcast:locked", "yes")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """What holds for one episode."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:duration", str(item["seconds"]))
        given = {"url": item["chapters"], "type": "application/json+chapters"}
        handler.addQuickElement("podcast:chapters", "", given)


@secret_address
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The newest episodes."""
    reader = reader_behind(token, Outlet.Kind.PODCAST)
    rss = PodcastFeed(
        title="Takefive: your brief",
        link=absolute(reverse("brief")),
        description="Your five of the morning, in the voices of those who said them. For you alone.",
        language="en",
        feed_url=absolute(reverse("reader-podcast", kwargs={"token": token})),
    )
    recorded = Brief.objects.filter(
        reader=reader, deliveries__channel=Delivery.Channel.PODCAST, deliveries__status=Delivery.Status.SENT
    )
    briefs = list(recorded.order_by("-day")[:_EPISODES])
    items = past.items_of(briefs)
    for brief in briefs:
        episode = recording(items.get(brief.pk, []))
        if episode.audio:
            _add(rss, brief, episode, token)
    return HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


@secret_address
def audio(request: HttpRequest, token: str, day: str) -> HttpResponse:
    """One episode, or the part of it that was asked for."""
    episode = _episode(token, day)
    etag = f'"{sha256(episode.audio).hexdigest()[:32]}"'
    response = _ranged(request, episode.audio, etag)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    return response


@secret_address
def chapters(_request: HttpRequest, token: str, day: str) -> HttpResponse:
    """Where each quote begins (JSON chapters 1.2)."""
    told = [
        {
            "startTime": round(chapter.begins, 2),
            "title": printable(chapter.item.insight.headline),
            "url": _page(chapter),
        }
        for chapter in _episode(token, day).chapters
        if chapter.begins is not None
    ]
    return JsonResponse({"version": "1.2.0", "chapters": told}, content_type="application/json+chapters")


def _episode(token: str, day: str) -> Recording:
    reader = reader_behind(token, Outlet.Kind.PODCAST)
    try:
        brief = Brief.objects.filter(reader=reader, day=date.fromisoformat(day)).first()
    except ValueError as error:
        raise Http404 from error
    episode = recording(past.items_of([brief]).get(brief.pk, [])) if brief else None
    if episode is None or not episode.audio:
        raise Http404
    return episode


def _add(rss: PodcastFeed, brief: Brief, episode: Recording, token: str) -> None:
    where = {"token": token, "day": brief.day.isoformat()}
    heard = [chapter for chapter in episode.chapters if chapter.begins is not None]
    rss.add_item(
        title=printable(
            f"{brief.day:%A}, {brief.day.day} {brief.day:%B}: {COUNTS[min(len(heard), 10)].lower()} to hear"
        ),
        link=absolute(reverse("brief")),
        description=printable(render_to_string("show_notes.html", {"chapters": episode.chapters})),
        unique_id=entry_id(brief),
        unique_id_is_permalink=False,
        pubdate=brief.created_at,
        enclosures=[
            Enclosure(absolute(reverse("reader-podcast-audio", kwargs=where)), str(len(episode.audio)), "audio/mpeg")
        ],
        seconds=round(episode.seconds),
        chapters=absolute(reverse("reader-podcast-chapters", kwargs=where)),
    )


def _page(chapter: Any) -> str:
    return absolute(reverse("insight", kwargs={"public_id": chapter.item.insight.public_id}))


def _ranged(request: HttpRequest, whole: bytes, etag: str) -> HttpResponse:
    """The whole, or one range of it (RFC 9110, 14): podcast programs jump by them."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()) or request.headers.get("If-Range", etag) != etag:
        return HttpResponse(whole, content_type="audio/mpeg")
    first, last = asked[1], asked[2]
    begin = int(first) if first else max(0, len(whole) - int(last))
    end = min(int(last) if first and last else len(whole) - 1, len(whole) - 1)
    if begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(whole)}"})
    told = {"Content-Range": f"bytes {begin}-{end}/{len(whole)}"}
    return HttpResponse(whole[begin : end + 1], status=206, content_type="audio/mpeg", headers=told)
