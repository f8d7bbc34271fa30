"""What the pages of topics and people show: who, on which shows, beside what, how often over time. Of shown podcasts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Substr, TruncMonth

from takefive.relations.trends import Spoken, trending
from takefive.store.models import Entity, Named
from takefive.store.models.entities import EntityQuerySet, Kind

LATELY = timedelta(days=14)
BEFORE = timedelta(days=84)
WEEKS = 12
WORTH_A_LINE = 2  # insights from which a topic or a person stands in the list
_LOOKED_AT = 3_000  # of a topic's insights, the newest, for what is said beside it
_KEPT = 300  # seconds

_BESIDE = """
    SELECT kind, id, key, name, many FROM (
        SELECT kind, id, key, name, many, row_number() OVER (PARTITION BY kind ORDER BY many DESC, key) AS place
        FROM (
            SELECT other.entity_id, count(*) AS many
            FROM (SELECT insight_id FROM store_named WHERE entity_id = %(entity)s
                ORDER BY day DESC, insight_id DESC LIMIT %(most)s) its
            JOIN store_named other ON other.insight_id = its.insight_id
            WHERE other.entity_id <> %(entity)s GROUP BY other.entity_id
        ) counted JOIN store_entity ON store_entity.id = entity_id
    ) placed WHERE place <= %(limit)s ORDER BY place
"""
_SPOKEN = """
    SELECT entity_id,
        count(DISTINCT (podcast_id, day)) FILTER (WHERE day > %(since)s),
        count(DISTINCT podcast_id) FILTER (WHERE day > %(since)s),
        count(DISTINCT (podcast_id, day)) FILTER (WHERE day <= %(since)s)
    FROM store_named JOIN store_entity ON store_entity.id = entity_id
    WHERE day > %(start)s AND day <= %(until)s AND kind = 'topic'
    GROUP BY entity_id
"""


@dataclass(frozen=True, slots=True)
class Trend:
    """A topic that stands out: in how many episodes and shows lately, and in episodes of each of the last weeks, oldest first."""

    topic: Entity
    spoken: Spoken
    weeks: tuple[int, ...]

    @property
    def usual(self) -> float:
        """In how many episodes it would have been spoken of in that time, had it been as before."""
        return self.spoken.before * (LATELY / BEFORE)


@dataclass(frozen=True, slots=True)
class Trends:
    """What stands out in the two weeks to a day."""

    until: date
    topics: tuple[Trend, ...]


def newest(entity: Entity) -> QuerySet[Named]:
    """Its insights, as links, newest first."""
    return entity.named.order_by("-day", "-insight_id")


def months(entity: Entity) -> dict[date, int]:
    """How many insights of each month there are, without the empty ones, oldest first."""
    rows = entity.named.annotate(month=TruncMonth("day")).values_list("month").annotate(Count("pk")).order_by("month")
    return dict(rows)


def beside(entity: Entity, limit: int) -> dict[str, list[tuple[Entity, int]]]:
    """By kind, who and what else its newest insights name, the most frequent first."""
    found: dict[str, list[tuple[Entity, int]]] = {Kind.TOPIC: [], Kind.PERSON: []}
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"entity": entity.pk, "limit": limit, "most": _LOOKED_AT})
        for kind, pk, key, name, many in cursor.fetchall():
            found[kind].append((Entity(pk=pk, kind=kind, key=key, name=name), many))
    return found


def shows(entity: Entity) -> list[tuple[str, str, int]]:
    """The shows it is spoken of on, as (public id, title, insights), the most frequent first."""
    rows = entity.named.values_list("podcast__public_id", "podcast__title").annotate(many=Count("pk"))
    return list(rows.order_by("-many", "podcast__title"))


def shows_of(entities: Collection[Entity]) -> dict[int, list[str]]:
    """The titles of the shows of each of these, in one query; for a list of people."""
    titles: defaultdict[int, list[str]] = defaultdict(list)
    rows = Named.objects.filter(entity__in=[one.pk for one in entities]).values_list("entity", "podcast__title")
    for entity, title, _ in rows.annotate(many=Count("pk")).order_by("-many", "podcast__title"):
        titles[entity].append(title or "Untitled show")
    return titles


def letters(rows: EntityQuerySet) -> list[str]:
    """The first letters of those that stand in the list, in order."""
    first = rows.filter(insights__gte=WORTH_A_LINE).annotate(letter=Substr("key", 1, 1))
    return sorted(first.values_list("letter", flat=True).distinct())


def like(rows: EntityQuerySet, words: str) -> EntityQuerySet:
    """Those with these words in their name, the most spoken of first."""
    return rows.filter(key__contains=words).order_by("-insights", "key")


def trends(now: datetime) -> Trends:
    """What stands out; which topics do was counted some minutes ago at the most."""
    until, spoken = _spoken(now.date(), int(now.timestamp()) // _KEPT)
    ids = [pk for pk, _ in trending(spoken)]
    found, weeks = Entity.objects.topics().in_bulk(ids), _weeks(ids, until)
    return Trends(until, tuple(Trend(found[pk], spoken[pk], weeks[pk]) for pk in ids if pk in found))


@lru_cache(maxsize=2)
def _spoken(today: date, _minutes: int) -> tuple[date, dict[int, Spoken]]:
    """How often each topic was spoken of before the newest day there is, and which day that is."""
    until = Named.objects.filter(day__lte=today).aggregate(day=Max("day"))["day"] or today
    times = {"until": until, "since": until - LATELY, "start": until - LATELY - BEFORE}
    with connection.cursor() as cursor:
        cursor.execute(_SPOKEN, times)
        return until, {row[0]: Spoken(lately=row[1], shows=row[2], before=row[3]) for row in cursor.fetchall()}


def _weeks(ids: Collection[int], until: date) -> Mapping[int, tuple[int, ...]]:
    counts = {pk: [0] * WEEKS for pk in ids}
    rows = Named.objects.filter(entity__in=ids, day__gt=until - timedelta(weeks=WEEKS), day__lte=until)
    for entity, day, _ in rows.values_list("entity", "day", "podcast").distinct():
        counts[entity][WEEKS - 1 - (until - day).days // 7] += 1
    return {pk: tuple(many) for pk, many in counts.items()}
