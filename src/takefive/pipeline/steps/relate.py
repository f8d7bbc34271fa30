"""New insights -> relations: same point merged, related linked, the neighbours' own lists renewed.

The lists depend only on which insights there are, never on the order they came in: every insight that a new one may stand
near is linked again. A crash: vectors are kept, the links of the episode are made again from the start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from takefive.pipeline.steps.attempts import attempt
from takefive.relations.embed import default_embedder
from takefive.relations.groups import components
from takefive.relations.link import link
from takefive.relations.values import Link, Point
from takefive.store.models import Episode, Insight, Relation
from takefive.store.nearest import nearest

NEIGHBOURS = 60  # what the choice of ten related insights is made from
_REACH = 200  # whose own neighbours a new insight may be
_ONE_AT_A_TIME = 5_2027  # an advisory lock: two episodes linked at once would each miss the other


def waiting(now: datetime) -> list[int]:
    """Episodes whose relations are missing and whose next try has come."""
    return list(Episode.objects.waiting(Episode.Stage.EXTRACTED, now).values_list("pk", flat=True))


def run(episode_id: int, *, now: datetime) -> None:
    """Give an episode's insights their vectors and their place among the others."""
    episode = Episode.objects.filter(pk=episode_id, stage=Episode.Stage.EXTRACTED).first()
    if episode is None:
        return
    with attempt(episode, now):
        _embed(list(episode.insights.filter(vector=None).order_by("public_id")))
        with transaction.atomic():
            _wait_our_turn()
            fresh = list(episode.insights.values_list("pk", flat=True))
            renew(_touched(fresh))
            Episode.objects.filter(pk=episode.pk).update(stage=Episode.Stage.RELATED, error="", attempts=0)


def _embed(insights: Sequence[Insight]) -> None:
    """Vectors are made outside any transaction: they cost a hundred times what the links cost.

    They are saved all or none, since a batch of others would give the same texts vectors that differ in the last digits.
    """
    if not insights:
        return
    embedder = default_embedder()
    vectors = embedder.encode([f"{insight.headline}. {insight.text}" for insight in insights])
    with transaction.atomic():
        for insight, vector in zip(insights, vectors, strict=True):
            Insight.objects.filter(pk=insight.pk).update(vector=vector, vector_model=embedder.name)


def _wait_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _touched(fresh: Collection[int]) -> set[int]:
    """The new insights and all whose lists they may change."""
    return set(fresh).union(*nearest(fresh, _REACH).values())


def renew(ids: Collection[int]) -> None:
    """Choose the links of these insights anew and save what changed, then the groups that they are in."""
    near = nearest(ids, NEIGHBOURS)
    points = _points(set(near).union(*near.values()))
    _save_links({one: link(points[one], [points[other] for other in others]) for one, others in near.items()})
    _save_groups(set(near))


def _points(ids: Iterable[int]) -> dict[int, Point]:
    rows = Insight.objects.filter(pk__in=list(ids)).select_related("episode")
    return {row.pk: _point(row) for row in rows}


def _point(row: Insight) -> Point:
    published = row.episode.published_at
    return Point(
        id=row.pk,
        text=f"{row.headline}. {row.text}",
        vector=np.asarray(row.vector, dtype=np.float32),
        episode=row.episode_id,
        podcast=row.episode.podcast_id,
        topics=tuple(row.topics),
        speaker=row.speaker or None,
        published=published.timestamp() / 86400 if published else None,
        score=row.score,
        key=row.public_id,
    )


def _save_links(chosen: Mapping[int, Sequence[Link]]) -> None:
    """Two queries for all: a new episode makes the lists of hundreds anew."""
    rows = [
        Relation(source_id=source, target_id=one.to, kind=one.kind, score=one.score, rank=rank, reason=one.reason)
        for source, links in chosen.items()
        for rank, one in enumerate(links, 1)
    ]
    Relation.objects.filter(source__in=chosen).delete()
    Relation.objects.bulk_create(rows, batch_size=2000)


def _save_groups(touched: set[int]) -> None:
    """Point every member of a group to the one that puts its point best, in all groups that the touched insights are in."""
    pairs = _same_point_pairs(touched)
    members = touched.union(*pairs) if pairs else touched
    rows = Insight.objects.filter(pk__in=members).order_by("public_id").values_list("pk", "score")
    ids, scores = [pk for pk, _ in rows], {at: score for at, (_, score) in enumerate(rows)}
    place = {pk: at for at, pk in enumerate(ids)}  # among equals the first public id is shown, not the first row
    Insight.objects.filter(pk__in=members).exclude(same_as=None).update(same_as=None)
    for best, *others in components(((place[one], place[other]) for one, other in pairs), scores):
        Insight.objects.filter(pk__in=[ids[other] for other in others]).update(same_as=ids[best])


def _same_point_pairs(ids: set[int]) -> set[tuple[int, int]]:
    """All pairs of the connected parts that these insights are in: a group may reach beyond the touched ones."""
    pairs: set[tuple[int, int]] = set()
    seen, frontier = set(ids), set(ids)
    while frontier:
        links = Relation.objects.filter(kind=Relation.Kind.SAME_POINT)
        found = links.filter(Q(source__in=frontier) | Q(target__in=frontier)).values_list("source", "target")
        pairs.update((min(pair), max(pair)) for pair in found)
        frontier = set().union(*pairs) - seen if pairs else set()
        seen |= frontier
    return pairs
