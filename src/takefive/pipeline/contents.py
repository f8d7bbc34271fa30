"""What a message says, gathered from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse

from takefive.accounts.links import steering_url, unsubscribe_url
from takefive.accounts.models import Reader
from takefive.briefs.values import ComposedBrief
from takefive.delivery.values import MessageContent, MessageItem, RelatedItem
from takefive.store.models import Brief, Insight, Relation

_RELATED_IN_MAIL = 2
_SAME_POINT_IN_MAIL = 3


def content(brief: Brief) -> MessageContent:
    """All that the message of a saved brief says."""
    return _content(brief.reader, brief.day, list(brief.items.values_list("insight_id", "reason")))


def preview(reader: Reader, composed: ComposedBrief) -> MessageContent:
    """The same for a brief that nobody saved."""
    return _content(reader, composed.day, [(choice.id, choice.reason) for choice in composed.choices])


def _content(reader: Reader, day: date, chosen: Sequence[tuple[int, str]]) -> MessageContent:
    rows = Insight.objects.with_show().in_bulk([insight for insight, _ in chosen])
    return MessageContent(
        key=f"brief:{reader.email}:{day.isoformat()}",
        to=reader.email,
        sender=settings.SENDER,
        site_url=settings.SITE_URL,
        day=day,
        items=tuple(
            _item(rows[insight], reason, steering_url(reader.pk, insight, day) if not reader._state.adding else None)
            for insight, reason in chosen
        ),
        unsubscribe_url=unsubscribe_url(reader),
        settings_url=settings.SITE_URL + reverse("account"),
    )


def _item(insight: Insight, reason: str, steer_url: str | None) -> MessageItem:
    episode = insight.episode
    others = _same_point(insight)
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
        reason=reason,
        voices=1 + len(others),
        related=(*others[:_SAME_POINT_IN_MAIL], *_related(insight)),
        steer_url=steer_url,
    )


def page_url(insight: Insight) -> str:
    """The address of an insight's public page."""
    return settings.SITE_URL + reverse("insight", kwargs={"public_id": insight.public_id})


def play_url(audio_url: str, start: float | None) -> str | None:
    """The publisher's own audio, from the second of the quote on (Media Fragments URI)."""
    return f"{audio_url}#t={start or 0:.0f}" if audio_url else None


def _same_point(insight: Insight) -> list[RelatedItem]:
    rows = insight.said_also.public().with_show().order_by("episode__published_at", "pk")
    return [_link(row, same_point=True) for row in rows]


def _related(insight: Insight) -> list[RelatedItem]:
    rows = (
        Insight.objects.public()
        .with_show()
        .filter(relations_to__source=insight, relations_to__kind=Relation.Kind.RELATED)
    )
    return [_link(row) for row in rows.order_by("relations_to__rank")[:_RELATED_IN_MAIL]]


def _link(insight: Insight, *, same_point: bool = False) -> RelatedItem:
    podcast = insight.episode.podcast.title
    return RelatedItem(headline=insight.headline, podcast=podcast, url=page_url(insight), same_point=same_point)
