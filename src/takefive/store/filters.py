"""What a search is narrowed down to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from takefive.store.entities import ways_of
from takefive.store.models import Podcast
from takefive.store.models.entities import Kind

LONGEST = 100  # characters of one filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Empty ones narrow nothing. Dates are those of publishing, UTC, both included."""

    podcast: str = ""  # its title, or the public id in the address of its page
    person: str = ""
    topic: str = ""
    kind: str = ""
    language: str = ""  # "pt" finds "pt-BR" too
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    @property
    def q(self) -> Q:
        """As a condition on insights."""
        met = Q(kind=self.kind) if self.kind else Q()
        if self.podcast:
            met &= _by_podcast(self.podcast)
        if self.person:
            met &= by_person(self.person)
        if self.topic:
            met &= by_topic(self.topic)
        if self.language:
            met &= Q(episode__podcast__language__iexact=self.language) | Q(
                episode__podcast__language__istartswith=f"{self.language}-"
            )
        if self.since:
            met &= Q(episode__published_at__gte=_midnight(self.since))
        if self.until and self.until < date.max:
            met &= Q(episode__published_at__lt=_midnight(self.until + timedelta(days=1)))
        return met


def by_person(name: str) -> Q:
    """Who says it, by any name that they are known by."""
    return Q(speaker__in=sorted(_cases(name) | ways_of(Kind.PERSON, [name])))


def by_topic(name: str) -> Q:
    """What it is about, in whichever way that is written."""
    return Q(topics__overlap=sorted(_cases(name) | ways_of(Kind.TOPIC, [name])))


def _cases(name: str) -> set[str]:
    return {name, name.lower(), name.title(), name.upper(), name.capitalize()}


def _by_podcast(name: str) -> Q:
    found = Podcast.objects.public().filter(Q(public_id=name) | Q(title__iexact=name))
    return Q(episode__podcast__in=list(found.values_list("pk", flat=True)[:100]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
