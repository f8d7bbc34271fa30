"""The map of ideas as the pages read it: only what the public may see."""

from __future__ import annotations

import json
import struct
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from takefive.store import shown
from takefive.store.models import IdeaMap, Insight, MapPoint, MapRegion, Podcast

CHUNK = 200  # points whose headlines are handed out at once
GONE = 0xFFFF  # what stands for the region of a point that may not be seen any more
_SHOWS = 400  # with a name of their own in the packed map; the others are "other shows"
_MONDAY = date(1970, 1, 5)
Ints = NDArray[np.int64]


def current() -> IdeaMap | None:
    """The newest drawing."""
    return IdeaMap.objects.order_by("-id").first()


def points(drawing: IdeaMap) -> QuerySet[Insight]:
    """What is on it and may be seen, with episode and show."""
    return shown.points().filter(place__map=drawing)


def stamp(drawing: IdeaMap) -> str:
    """Changes whenever `packed` would."""
    told = points(drawing).aggregate(count=Count("pk"), last=Max("place__number"))
    return f"{drawing.pk}-{told['count']}-{told['last']}"


def packed(drawing: IdeaMap) -> bytes:
    """The whole map for a browser: the length of a JSON head (4 bytes), the head, then five columns of 16-bit numbers.

    All little-endian; the head is padded to even length. Columns: x, y (in steps of the head's `step` from its `corner`),
    region (`GONE` where nothing may be shown), show, week after the head's `first`.
    """
    numbers, at, region, owner, week = _columns(drawing)
    corner = at.min(axis=0) if len(at) else np.zeros(2)
    step = float(np.ptp(at, axis=0).max()) / 0xFFFF if len(at) > 1 else 1.0
    first = int(week.min()) if len(week) else 0
    show, titles = _shows(owner)
    table = np.full((5, int(numbers.max(initial=-1)) + 1), GONE, dtype="<u2")
    x, y = np.rint((at - corner) / step).T
    table[:, numbers] = np.stack([x, y, region, show, week - first])
    head = {
        "map": drawing.pk,
        "count": len(numbers),
        "slots": table.shape[1],
        "corner": corner.tolist(),
        "step": step,
        "first": (_MONDAY + timedelta(weeks=first)).isoformat(),
        "chunk": CHUNK,
        "regions": tree(drawing, region),
        "shows": titles,
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (len(text) % 2)
    return struct.pack("<I", len(text)) + text + table.tobytes()


def _columns(drawing: IdeaMap) -> tuple[Ints, NDArray[np.float64], Ints, Ints, Ints]:
    """Of all points: number, place (n, 2), finest region, podcast, week since the first Monday of 1970."""
    day = Coalesce("episode__published_at", "created_at")
    columns = ("place__number", "place__region", "episode__podcast_id", "place__x", "place__y", "day")
    rows = list(points(drawing).annotate(day=day).values_list(*columns))
    whole = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    at = np.array([row[3:5] for row in rows], dtype=np.float64).reshape(-1, 2)
    week = np.array([(row[5].date() - _MONDAY).days // 7 for row in rows], dtype=np.int64)
    return whole[:, 0], at, whole[:, 1], whole[:, 2], week


def _shows(owners: Ints) -> tuple[Ints, list[str]]:
    """For each point the place of its show among the titles, the one with the most points first; `GONE` where it has none."""
    ids, often = np.unique(owners, return_counts=True)
    largest = ids[np.lexsort((ids, -often))][:_SHOWS].tolist()
    titles = dict(Podcast.objects.filter(pk__in=largest).values_list("pk", "title"))
    place = {pk: at for at, pk in enumerate(largest)}
    return np.array([place.get(owner, GONE) for owner in owners.tolist()], dtype=np.int64), [
        titles[pk] or "Untitled show" for pk in largest
    ]


def tree(drawing: IdeaMap, own: Ints) -> list[dict[str, Any]]:
    """All regions by number, each with the count of its points; `own` has the finest region of every point.

    One without points has no name: it would tell of what may not be seen any more.
    """
    rows = list(drawing.regions.order_by("number").values("level", "parent", "name", "x", "y"))
    counts = np.bincount(own, minlength=len(rows)).tolist()
    for number in reversed(range(len(rows))):
        if (parent := rows[number]["parent"]) is not None:
            counts[parent] += counts[number]
    return [
        {**row, "name": row["name"] if n else "", "x": round(row["x"], 3), "y": round(row["y"], 3), "count": n}
        for row, n in zip(rows, counts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """A point with its insight."""

    number: int
    x: float
    y: float
    insight: Insight


def chunk(drawing: IdeaMap, number: int) -> list[Found]:
    """What the `number`-th hundred-or-two points are about."""
    first = number * CHUNK
    return _found(points(drawing).filter(place__number__gte=first, place__number__lt=first + CHUNK))


def among(drawing: IdeaMap, ids: Collection[int]) -> list[Found]:
    """Those of these insights that are on it."""
    return _found(points(drawing).filter(pk__in=ids))


def _found(rows: QuerySet[Insight]) -> list[Found]:
    return [
        Found(one.place.number, round(one.place.x, 4), round(one.place.y, 4), one)
        for one in rows.select_related("place", "episode__podcast").order_by("place__number")
    ]


def inside(drawing: IdeaMap, region: int) -> QuerySet[Insight]:
    """The insights of a region of any level, the strongest first."""
    return points(drawing).filter(place__region__in=_finest(drawing, region)).order_by("-score", "pk")


def regions(drawing: IdeaMap, **which: int | None) -> QuerySet[MapRegion]:
    """Those regions in which something may be seen, in their order."""
    parents = dict(drawing.regions.values_list("number", "parent"))
    seen: set[int] = set()
    for number in points(drawing).values_list("place__region", flat=True).distinct():
        within: int | None = number
        while within is not None and within not in seen:
            seen.add(within)
            within = parents[within]
    return drawing.regions.filter(number__in=seen, **which).order_by("number")


def _finest(drawing: IdeaMap, region: int) -> set[int]:
    """The numbers of a region and all below it."""
    below = list(drawing.regions.order_by("number").values_list("number", "parent"))
    found = {region}
    for number, parent in below:
        if parent in found:
            found.add(number)
    return found


def holds(insight: Insight) -> bool:
    """Whether it, or the one that puts its point best, lies on the map."""
    return MapPoint.objects.filter(insight__in=[insight.pk, insight.same_as_id or insight.pk]).exists()
