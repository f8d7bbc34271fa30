"""New insights -> relations: same point merged, related linked, the neighbours' own lists renewed.

The lists depend only on which insights there are, never on the order they came in or went: whoever a new or a vanished one
may stand near is marked as stale and linked again in the background (`catch_up`), so an episode's own links need not wait
for hundreds of others. What goes, or changes between public and hidden, is marked by the database itself (migration 0012).
A crash: vectors and marks are kept, the links of the episode, or of the batch, are made again from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from takefive.pipeline.embedding import embedder
from takefive.pipeline.steps import reembed
from takefive.pipeline.steps.attempts import attempt
from takefive.relations import same_point
from takefive.relations.groups import components
from takefive.relations.link import link
from takefive.relations.values import Link, Point
from takefive.store import vocabulary
from takefive.store.models import Episode, Insight, Neighbourhood, Relation
from takefive.store.nearest import NO_END, Near, mark_near, nearest
from takefive.store.vectors import AsBytes, as_array

NEIGHBOURS = 60  # what the choice of ten related insights is made from
_BATCH = 50  # stale lists renewed in one transaction: new episodes wait for it
_ONE_AT_A_TIME = 5_2031  # an advisory lock: two episodes linked at once would each miss the other
_READ = ("pk", "headline", "text", "octets", "topics", "speaker", "score", "public_id")
_WHERE = ("episode", "episode__podcast", "episode__published_at", "point", "neighbourhood__point_model")
_GROUPED = """
    WITH best AS (
        SELECT unnest(%(ids)s::bigint[]) AS id
        UNION SELECT same_as_id FROM store_insight WHERE id = ANY(%(ids)s) AND same_as_id IS NOT NULL
    )
    SELECT id FROM best UNION SELECT id FROM store_insight WHERE same_as_id IN (SELECT id FROM best)
"""


def waiting(now: datetime) -> list[int]:
    """Episodes whose relations are missing and whose next try has come."""
    return list(Episode.objects.waiting(Episode.Stage.EXTRACTED, now).values_list("pk", flat=True))


def stale() -> bool:
    """Whether some lists must be chosen anew."""
    return Neighbourhood.objects.filter(stale=True).exists()


def run(episode_id: int, *, now: datetime, then: Callable[[], None] = lambda: None) -> None:
    """Give an episode's insights their vectors and their place among the others; the others' lists are `catch_up`'s."""
    episode = Episode.objects.select_related("podcast").filter(pk=episode_id, stage=Episode.Stage.EXTRACTED).first()
    if episode is None:
        return
    with attempt(episode, now):
        _embed(list(episode.insights.filter(vector=None).order_by("public_id")))
        _learn_words(episode.insights.all())
        with transaction.atomic():
            _wait_our_turn()
            fresh = list(episode.insights.values_list("pk", flat=True))
            mark_near(fresh)
            renew(fresh)
            Episode.objects.filter(pk=episode.pk).update(stage=Episode.Stage.RELATED, error="", attempts=0)
            then()


def catch_up() -> None:
    """Choose anew whatever links are stale, a few in each transaction, so that new episodes get their turn between."""
    while _renew_some():
        pass


def all_anew() -> None:
    """Mark every list as stale: after the rules of linking changed, say. `catch_up` then makes them."""
    Neighbourhood.objects.update(stale=True)


def _renew_some() -> bool:
    with transaction.atomic():
        _wait_our_turn()
        rows = Neighbourhood.objects.filter(stale=True).order_by("-moved", "insight")[:_BATCH]
        moved = dict(rows.values_list("insight", "moved"))
        if moved:
            came_or_went = [pk for pk, itself in moved.items() if itself]
            mark_near(came_or_went)
            renew(moved)
            _learn_words(Insight.objects.filter(pk__in=came_or_went))
        return bool(moved)


def _embed(insights: Sequence[Insight]) -> None:
    """Vectors are made outside any transaction: they cost a hundred times what the links cost.

    They are saved all or none, since a batch of others would give the same texts vectors that differ in the last digits.
    """
    if not insights:
        return
    reembed.adopt()
    model = embedder()
    vectors = model.encode([f"{insight.headline}. {insight.text}" for insight in insights])
    reembed.save_in_use(insights, list(vectors), model.name)


def _learn_words(insights: QuerySet[Insight]) -> None:
    """What a mistyped search may have meant; nothing of a hidden show."""
    rows = insights.filter(episode__podcast__private=False, episode__podcast__blocked=False)
    vocabulary.learn(" ".join(row) for row in rows.values_list("headline", "text", "quote", "speaker"))


def _wait_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def renew(ids: Collection[int]) -> None:
    """Choose the links of these insights anew and save what changed, then the groups that they are or were in."""
    near = nearest(ids, NEIGHBOURS)
    points, unread = _points({*near, *(other for one in near.values() for other in one.ids)})
    chosen = {one: link(points[one], [points[other] for other in others.ids]) for one, others in near.items()}
    touched = _with_their_groups(set(ids))
    _save_links(ids, chosen)
    _save_groups(touched)
    _settle(ids, near)
    _keep(unread)


def _points(ids: Iterable[int]) -> tuple[dict[int, Point], dict[str, int]]:
    """Only what linking reads, and the vectors as octets: an episode's insights have hundreds of neighbours.

    Vectors for "the same point" that are kept are handed over; the ids of those that have none, by their texts.
    """
    octets = {"octets": AsBytes("vector"), "point": AsBytes("neighbourhood__point")}
    rows = list(Insight.objects.filter(pk__in=list(ids)).annotate(**octets).values(*_READ, *_WHERE))
    points = {row["pk"]: _point(row) for row in rows}
    kept = [row for row in rows if row["point"] and row["neighbourhood__point_model"] == same_point.version()]
    read = {row["pk"]: as_array(row["point"]) for row in kept}
    same_point.recall({points[one].text: vector for one, vector in read.items()})
    return points, {point.text: one for one, point in points.items() if one not in read}


def _point(row: Mapping[str, Any]) -> Point:
    published: datetime | None = row["episode__published_at"]
    return Point(
        id=row["pk"],
        text=f"{row['headline']}. {row['text']}",
        vector=as_array(row["octets"]),
        episode=row["episode"],
        podcast=row["episode__podcast"],
        topics=tuple(row["topics"]),
        speaker=row["speaker"] or None,
        published=published.timestamp() / 86400 if published else None,
        score=row["score"],
        key=row["public_id"],
    )


def _keep(unread: Mapping[str, int]) -> None:
    """Each such vector is made once: it costs more than all else here."""
    for text, vector in same_point.known(unread).items():
        rows = Neighbourhood.objects.filter(insight=unread[text])
        rows.update(point=vector, point_model=same_point.version())


def _settle(ids: Collection[int], near: Mapping[int, Near]) -> None:
    """Their lists are new, and reach as far as this."""
    rows = [Neighbourhood(insight_id=one, reach=near[one].reach if one in near else NO_END) for one in ids]
    new = ["reach", "stale", "moved"]
    Neighbourhood.objects.bulk_create(rows, update_conflicts=True, update_fields=new, unique_fields=["insight"])


def _save_links(ids: Collection[int], chosen: Mapping[int, Sequence[Link]]) -> None:
    """Two queries for all. Who has no neighbours left has no links."""
    rows = [
        Relation(source_id=source, target_id=one.to, kind=one.kind, score=one.score, rank=rank, reason=one.reason)
        for source, links in chosen.items()
        for rank, one in enumerate(links, 1)
    ]
    Relation.objects.filter(source__in=ids).delete()
    Relation.objects.bulk_create(rows, batch_size=2000)


def _with_their_groups(ids: set[int]) -> set[int]:
    """These and whom they were grouped with: who leaves a group may have been what held it together."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED, {"ids": list(ids)})
        return {pk for (pk,) in cursor.fetchall()}


def _save_groups(touched: set[int]) -> None:
    """Point every member of a group to the one that puts its point best, in all groups that the touched insights are in."""
    pairs = _same_point_pairs(touched)
    members = touched.union(*pairs) if pairs else touched
    rows = list(Insight.objects.filter(pk__in=members).order_by("public_id").values_list("pk", "score", "same_as"))
    ids, scores = [pk for pk, *_ in rows], {at: score for at, (_, score, _) in enumerate(rows)}
    place = {pk: at for at, pk in enumerate(ids)}  # among equals the first public id is shown, not the first row
    wanted: dict[int, int | None] = dict.fromkeys(ids)
    for best, *others in components(((place[one], place[other]) for one, other in pairs), scores):
        wanted.update((ids[other], ids[best]) for other in others)
    for pk, _, was in rows:
        if was != wanted[pk]:  # a row that is written is put into every index again
            Insight.objects.filter(pk=pk).update(same_as=wanted[pk])


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
