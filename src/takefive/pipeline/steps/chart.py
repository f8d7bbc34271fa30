"""Insights -> the map of ideas: where each lies, and what its regions are called.

A new insight is set in among its neighbours at once (`place`); the whole is drawn anew at night, and when a fifth of it is new,
starting from the former map. A crash: the former map stays until the new one is saved whole, in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from numpy.typing import NDArray

from takefive.relations.layout import Plane, Told, lay_out
from takefive.relations.place import Spot, amid
from takefive.relations.regions import Region, regions
from takefive.relations.values import Vectors
from takefive.store import shown
from takefive.store.models import IdeaMap, Insight, MapPoint, MapRegion, Named, Podcast
from takefive.store.models.entities import Kind
from takefive.store.models.insights import DIMENSION
from takefive.store.nearest import nearest

MOST = 100_000  # points of a map, the newest: what a browser draws at once
FEWEST = 8  # insights that make a map
_NEW = 0.2  # share of points set in since it was drawn, from which a map is drawn anew
_NEIGHBOURS, _SETTLED_BY = 40, 10  # looked at, and of these those on the map that say where a new one lies
_ONE_AT_A_TIME = 5_2032  # an advisory lock: of two drawings saved at once one would be lost
_INSERT = """
    INSERT INTO store_mappoint (insight_id, map_id, number, region, x, y)
    SELECT insight.id, %s, (row_number() OVER (ORDER BY drawn.place)) - 1, drawn.region, drawn.x, drawn.y
    FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::float8[], %s::float8[]) AS drawn(id, place, region, x, y)
    JOIN store_insight insight ON insight.id = drawn.id
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a map is drawn from: columns of n insights. `former` has NaN for those that were on no map."""

    ids: list[int]
    topics: list[list[str]]
    texts: list[str]
    vectors: Vectors
    former: Plane


def run(*, now: datetime, told: Told = lambda *_: None, save: bool = True) -> list[Region]:
    """Draw the map of all public points anew and, unless `save` is False, show it in place of the former; its regions.

    Too few make none, and take away the former: its names are of what may not be seen any more.
    """
    loaded = _load()
    if len(loaded.ids) < FEWEST:
        if save:
            IdeaMap.objects.all().delete()
        return []
    at = lay_out(loaded.vectors, start=loaded.former, told=told)
    found, own = regions(at, loaded.topics, loaded.texts)
    if save:
        _show(loaded.ids, at, found, own, now)
    return found


def stale() -> bool:
    """Whether a map is wanted that is not there, or a fifth of it was set in since it was drawn, or some of it was hidden.

    Asked each minute: cheap.
    """
    current = IdeaMap.objects.order_by("-id").first()
    if current is None:
        return len(_points().values_list("pk")[:FEWEST]) >= FEWEST
    numbers = current.points.aggregate(last=Max("number"))["last"] or 0
    return numbers + 1 - current.size > max(_NEW * current.size, FEWEST) or _names_hidden(current)


def _names_hidden(current: IdeaMap) -> bool:
    """Whether a region may have its name from what nobody may see any more."""
    hidden = Podcast.objects.filter(Q(private=True) | Q(blocked=True))
    return current.points.filter(insight__episode__podcast__in=hidden).exists()


def settle(episode_id: int) -> int:
    """Set the insights of an episode in among their neighbours; how many."""
    with transaction.atomic():
        return place(list(Insight.objects.filter(episode=episode_id).values_list("pk", flat=True)))


def place(ids: Collection[int]) -> int:
    """Set those of these insights that are public, and not on the map yet, among their neighbours; how many. In a transaction."""
    current = IdeaMap.objects.order_by("-id").first()
    fresh = _points().filter(pk__in=ids, place=None).order_by("pk").values_list("pk", flat=True)
    near = nearest(fresh, _NEIGHBOURS) if current else {}
    if current is None or not near:
        return 0
    _wait_our_turn()
    there = {other for one in near.values() for other in one.ids}
    rows = MapPoint.objects.filter(insight__in=there).values_list("insight_id", "x", "y", "region")
    spots: dict[int, Spot] = {pk: (x, y, region) for pk, x, y, region in rows}
    first = number = (current.points.aggregate(last=Max("number"))["last"] or 0) + 1
    for pk in sorted(near):
        spot = amid([spots[other] for other in near[pk].ids if other in spots][:_SETTLED_BY], number)
        if spot is not None:
            spots[pk] = spot
            MapPoint.objects.create(insight_id=pk, map=current, number=number, x=spot[0], y=spot[1], region=spot[2])
            number += 1
    return number - first


def _points() -> QuerySet[Insight]:
    return shown.points().filter(vector__isnull=False)


def _load() -> Loaded:
    columns = ("pk", "topics", "headline", "text", "vector", "place__x", "place__y")
    loaded = Loaded([], [], [], np.zeros((0, DIMENSION), dtype=np.float32), np.zeros((0, 2), dtype=np.float32))
    vectors, former, called = [], [], _called()
    for pk, topics, headline, text, vector, x, y in _points().order_by("-pk").values_list(*columns)[:MOST].iterator():
        loaded.ids.append(pk)
        loaded.topics.append(called.get(pk, topics))
        loaded.texts.append(f"{headline}. {text}")
        vectors.append(np.asarray(vector, dtype=np.float32))
        former.append((np.nan if x is None else x, np.nan if y is None else y))
    if not vectors:
        return loaded
    return replace(loaded, vectors=np.stack(vectors), former=np.asarray(former, dtype=np.float32))


def _called() -> dict[int, list[str]]:
    """The topics of insights by the names that the library has for them, however each of them writes it."""
    named = Named.objects.filter(entity__kind=Kind.TOPIC).exclude(entity__name="").order_by("pk")
    found: dict[int, list[str]] = {}
    for pk, name in named.values_list("insight", "entity__name").iterator():
        found.setdefault(pk, []).append(name)
    return found


def _along(at: Plane) -> NDArray[np.int64]:
    """A number for each point, near for points that lie near (Morton's order): a page of them is a patch of the map."""
    fine = ((at - at.min(axis=0)) / (float(np.ptp(at, axis=0).max()) or 1.0) * 1023).astype(np.int64)
    bits = np.arange(10)
    return np.asarray(
        ((fine[:, 0, None] >> bits & 1) << 2 * bits | (fine[:, 1, None] >> bits & 1) << 2 * bits + 1).sum(axis=1)
    )


def _wait_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _show(ids: Sequence[int], at: Plane, found: Sequence[Region], own: NDArray[np.intp], now: datetime) -> None:
    """The new map in place of the former, with what came in since it was begun."""
    order = np.argsort(_along(at), kind="stable")
    place_of = np.empty(len(ids), dtype=int)
    place_of[order] = np.arange(len(ids))
    columns = [list(ids), place_of.tolist(), own.tolist(), *at.astype(float).T.tolist()]
    with transaction.atomic():
        _wait_our_turn()
        drawn = IdeaMap.objects.create(size=len(ids), created_at=now)
        former = IdeaMap.objects.filter(pk__lt=drawn.pk)
        MapPoint.objects.filter(map__in=former).delete()
        former.delete()
        MapRegion.objects.bulk_create(
            MapRegion(map=drawn, number=one.number, level=one.level, parent=one.parent, name=one.name, x=one.x, y=one.y)
            for one in found
        )
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [drawn.pk, *columns])
        place(_points().filter(pk__gt=max(ids)).values_list("pk", flat=True)[:1_000])
