"""Who else makes the point of an insight: on how many shows, and who was the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db.models import F, Q, QuerySet

from takefive.relations.people import person_name
from takefive.store import shown
from takefive.store.models import Insight, Relation
from takefive.web.environment import plural, when

LISTED = 50


@dataclass(frozen=True, slots=True)
class Voices:
    """Those who make the same point, the first to say it first: `LISTED` at most; `told` says of all where, and who first."""

    listed: Sequence[Insight]
    told: str


def voices(insight: Insight) -> Voices:
    """The public voices beside this insight: merged into one with it, or linked as the same point."""
    rows = _others(insight)
    listed = list(rows.order_by(F("episode__published_at").asc(nulls_last=True), "start", "pk")[:LISTED])
    shows = rows.exclude(episode__podcast=insight.episode.podcast_id).values("episode__podcast").distinct().count()
    where = f"on {plural(shows, 'show')}" if shows else "at other times on this show"
    return Voices(listed, f"Also said {where}{_first(insight, listed)}")


def _others(insight: Insight) -> QuerySet[Insight]:
    best = insight.same_as_id or insight.pk
    linked = insight.relations.filter(kind=Relation.Kind.SAME_POINT).values("target")
    return shown.insights().filter(Q(pk=best) | Q(same_as=best) | Q(pk__in=linked)).exclude(pk=insight.pk)


def _first(here: Insight, others: Sequence[Insight]) -> str:
    """Who said it first, and when; nothing where a day is unknown, or two episodes came out together."""
    all_ = (here, *others)
    days = [one.episode.published_at for one in all_ if one.episode.published_at]
    earliest = [one for one in all_ if days and one.episode.published_at == min(days)]
    if len(days) < len(all_) or len({one.episode_id for one in earliest}) > 1:
        return ""
    voice = min(earliest, key=lambda one: (one.start is None, one.start or 0.0))
    return f", first {_by(voice, here)} on {when(min(days).astimezone(UTC))}"


def _by(voice: Insight, here: Insight) -> str:
    if voice.pk == here.pk:
        return "here"
    named = person_name(voice.speaker)
    return f"by {voice.speaker}" if named else f"on {voice.episode.podcast.title or 'an untitled show'}"
