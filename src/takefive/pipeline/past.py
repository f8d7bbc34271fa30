"""Briefs as they leave by a reader's own outlets: feeds, webhooks, chats, podcasts.

They carry no links that act for the reader, since feeds are shared and chats are read by others; and nothing of a podcast
that has turned private, or whose publisher asks to be left out, since the brief was made.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from takefive.accounts.models import Reader
from takefive.delivery.values import MessageContent, MessageItem
from takefive.pipeline.contents import page_url, play_url
from takefive.store.models import Brief, BriefItem

KEPT = 14  # briefs that a feed shows
_HEAVY = ("insight__vector", "insight__search", "insight__episode__description", "insight__episode__summary")


def newest(reader: Reader, most: int = KEPT) -> list[Brief]:
    """The reader's newest briefs that have something in them."""
    return list(Brief.objects.filter(reader=reader, items__isnull=False).distinct().order_by("-day")[:most])


def items_of(briefs: Iterable[Brief]) -> dict[int, list[BriefItem]]:
    """What may still be shown of each brief, by its id, in order; with insight, episode and podcast, in one query."""
    rows = BriefItem.objects.filter(
        brief__in=list(briefs), insight__episode__podcast__private=False, insight__episode__podcast__blocked=False
    )
    found: dict[int, list[BriefItem]] = {}
    for row in rows.select_related("insight__episode__podcast").defer(*_HEAVY).order_by("brief", "rank"):
        found.setdefault(row.brief_id, []).append(row)
    return found


def contents(briefs: Iterable[Brief]) -> list[MessageContent]:
    """What these briefs say, in their order; those of which nothing may be shown any more are left out."""
    briefs = list(briefs)
    items = items_of(briefs)
    return [_content(brief, items[brief.pk]) for brief in briefs if brief.pk in items]


def content(brief: Brief) -> MessageContent:
    """What one brief says, with nothing in it where nothing may be shown any more."""
    return _content(brief, items_of([brief]).get(brief.pk, []))


def _content(brief: Brief, items: list[BriefItem]) -> MessageContent:
    return MessageContent(
        key=f"brief:{brief.pk}",
        to="",
        sender=settings.SENDER,
        site_url=settings.SITE_URL,
        day=brief.day,
        items=tuple(map(_item, items)),
        unsubscribe_url="",
        settings_url=settings.SITE_URL + reverse("account"),
    )


def _item(row: BriefItem) -> MessageItem:
    insight, episode = row.insight, row.insight.episode
    return MessageItem(
        headline=insight.headline,
        text=insight.text,
        quote=insight.quote,
        speaker=insight.speaker or None,
        podcast=episode.podcast.title,
        episode=episode.title,
        published=episode.published_at,
        start=insight.start,
        url=page_url(insight),
        play_url=play_url(episode.audio_url, insight.start),
        reason=row.reason,
    )
