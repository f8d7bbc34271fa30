"""What a message says, gathered from the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from takefive.accounts.links import steering_url, unsubscribe_url
from takefive.accounts.models import Reader
from takefive.accounts.reply_address import reply_address
from takefive.briefs.values import ComposedBrief
from takefive.delivery.values import MessageContent, MessageItem, RelatedItem
from takefive.store.models import Brief, BriefItem, Insight, Relation

_RELATED_IN_MAIL = 2
_SAME_POINT_IN_MAIL = 3
_LINK = ("public_id", "headline", "episode__podcast__title")
_UNREAD = ("vector", "search", "episode__description", "episode__summary", "episode__podcast__description")


def content(brief: Brief) -> MessageContent:
    """All that the message of a saved brief says."""
    return contents([brief])[brief.pk]


def contents(briefs: Sequence[Brief]) -> dict[int, MessageContent]:
    """All that the messages of saved briefs say, by brief: four queries, however many there are."""
    chosen: dict[int, list[tuple[int, str]]] = {brief.pk: [] for brief in briefs}
    rows = BriefItem.objects.filter(brief__in=chosen).order_by("rank")
    for brief, insight, reason in rows.values_list("brief_id", "insight_id", "reason"):
        chosen[brief].append((insight, reason))
    items = _items({insight for pairs in chosen.values() for insight, _ in pairs})
    return {
        brief.pk: replace(_content(brief.reader, brief.day, chosen[brief.pk], items), reply_to=reply_address(brief.pk))
        for brief in briefs
    }


def preview(reader: Reader, composed: ComposedBrief) -> MessageContent:
    """The same for a brief that nobody saved."""
    chosen = [(choice.id, choice.reason) for choice in composed.choices]
    return _content(reader, composed.day, chosen, _items({insight for insight, _ in chosen}))


def _content(
    reader: Reader, day: date, chosen: Sequence[tuple[int, str]], items: Mapping[int, MessageItem]
) -> MessageContent:
    saved = not reader._state.adding
    return MessageContent(
        key=salted_hmac("takefive.message", f"{reader.email}:{day.isoformat()}").hexdigest(),  # so no stranger knows it
        to=reader.email,
        sender=settings.SENDER,
        site_url=settings.SITE_URL,
        day=day,
        items=tuple(
            replace(items[insight], reason=reason, steer_url=steering_url(reader.pk, insight, day) if saved else None)
            for insight, reason in chosen
            if insight in items  # else taken down since
        ),
        unsubscribe_url=unsubscribe_url(reader),
        settings_url=settings.SITE_URL + reverse("account"),
    )


def _items(insights: Collection[int]) -> dict[int, MessageItem]:
    """What each insight's item says to whomever: all but the reason and the link to steer by.

    Nothing of a podcast that has turned private, or whose publisher asks to be left out, since the brief was made.
    """
    others, near = _same_points(insights), _related(insights)
    rows = Insight.objects.public().with_show().defer(*_UNREAD).in_bulk(insights)
    return {key: _item(row, others.get(key, []), near.get(key, [])) for key, row in rows.items()}


def _item(insight: Insight, others: Sequence[RelatedItem], near: Sequence[RelatedItem]) -> MessageItem:
    episode = insight.episode
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
        reason="",
        voices=1 + len(others),
        related=(*others[:_SAME_POINT_IN_MAIL], *near[:_RELATED_IN_MAIL]),
    )


def page_url(insight: Insight) -> str:
    """The address of an insight's public page."""
    return _page_url(insight.public_id)


def _page_url(public_id: str) -> str:
    return settings.SITE_URL + _path(public_id)


@lru_cache(maxsize=8192)
def _path(public_id: str) -> str:
    return reverse("insight", kwargs={"public_id": public_id})


def play_url(audio_url: str, start: float | None) -> str | None:
    """The publisher's own audio, from the second of the quote on (Media Fragments URI)."""
    return f"{audio_url}#t={start or 0:.0f}" if audio_url else None


def _same_points(insights: Collection[int]) -> dict[int, list[RelatedItem]]:
    rows = Insight.objects.public().filter(same_as__in=insights).order_by("episode__published_at", "pk")
    return _links(rows.values_list("same_as", *_LINK), same_point=True)


def _related(insights: Collection[int]) -> dict[int, list[RelatedItem]]:
    near = Insight.objects.public().filter(relations_to__source__in=insights, relations_to__kind=Relation.Kind.RELATED)
    return _links(near.order_by("relations_to__rank").values_list("relations_to__source", *_LINK))


def _links(rows: Iterable[tuple[Any, ...]], *, same_point: bool = False) -> dict[int, list[RelatedItem]]:
    """The links by the insight that they stand under."""
    found: dict[int, list[RelatedItem]] = {}
    for under, public_id, headline, podcast in rows:
        url = _page_url(public_id)
        item = RelatedItem(headline=headline, podcast=podcast, url=url, same_point=same_point)
        found.setdefault(under, []).append(item)
    return found
