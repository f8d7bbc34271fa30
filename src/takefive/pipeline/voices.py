"""Who makes a point: its voices, in the order in which they joined. Who says it twice is one voice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from takefive.relations.people import person_name
from takefive.store.models import Insight


@dataclass(slots=True)
class Voice:
    """One who makes a point: by name, "" where none is told; on these podcasts, since then."""

    name: str
    since: datetime
    podcasts: set[int] = field(default_factory=set)

    def is_of(self, name: str, podcast: int) -> bool:
        """Whether this name on this podcast may be the same one: where one of the two tells none, the show decides."""
        return self.name == name if self.name and name else podcast in self.podcasts


@dataclass(slots=True)
class Voices:
    """The voices of one point, and which of them, counted from 1, each insight is."""

    heard: list[Voice] = field(default_factory=list)
    of: dict[int, int] = field(default_factory=dict)

    def join(self, insight: int, name: str, podcast: int, since: datetime) -> None:
        """Count an insight in, found later than those before it."""
        told = person_name(name)
        name = (
            "" if told is None else told.key if told.full else f"{told.key} of {podcast}"
        )  # a first name tells by its show
        voice = next((voice for voice in self.heard if voice.is_of(name, podcast)), None)
        if voice is None:
            voice = Voice(name, since)
            self.heard.append(voice)
        voice.podcasts.add(podcast)
        self.of[insight] = self.heard.index(voice) + 1

    def by(self, at: datetime | None = None) -> int:
        """How many there were at that time, or are now; at least the one whose point it is."""
        return max(1, sum(at is None or voice.since <= at for voice in self.heard))


def voices_of(points: Collection[int]) -> dict[int, Voices]:
    """The public voices of these points, by the number of the insight that puts each best."""
    columns = ("pk", "same_as_id", "speaker", "episode__podcast_id", "created_at")
    rows = Insight.objects.public().filter(Q(pk__in=points) | Q(same_as__in=points)).order_by("created_at", "pk")
    return _joined(rows.values_list(*columns))


def _joined(rows: Iterable[tuple[int, int | None, str, int, datetime]]) -> dict[int, Voices]:
    found: dict[int, Voices] = {}
    for pk, point, name, podcast, since in rows:
        found.setdefault(point or pk, Voices()).join(pk, name, podcast, since)
    return found
