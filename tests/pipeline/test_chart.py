from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from relations.islands import islands
from takefive.pipeline import flow
from takefive.pipeline.steps import chart
from takefive.relations import layout
from takefive.store import maps
from takefive.store.entities import name
from takefive.store.models import Episode, IdeaMap, Insight, MapPoint, MapRegion, Podcast

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """How well it is drawn is another test's."""
    for rounds in ("EARLY_ROUNDS", "LATE_ROUNDS", "AGAIN_ROUNDS"):
        monkeypatch.setattr(layout, rounds, 40)


@pytest.fixture
def fill() -> Callable[..., list[Insight]]:
    """Makes an episode of a show of its own with so many insights, in clusters by meaning."""

    def make(count: int, *, first: int = 0, **fields: bool) -> list[Insight]:
        number = Podcast.objects.count()
        podcast = Podcast.objects.create(feed_url=f"https://show.example/{number}", title=f"Show {number}", **fields)
        episode = Episode.objects.create(podcast=podcast, guid="1", title="One", stage=Episode.Stage.RELATED)
        vectors, subjects = islands(first + count, 3)
        wide = np.zeros((count, 384), dtype=np.float32)
        wide[:, :48] = vectors[first:]
        rows = zip(range(count), wide, subjects[first:].tolist(), strict=True)
        return [
            Insight.objects.create(
                episode=episode, position=n, headline=f"Point {n}", text="It is so.", quote=f"{number} {n}",
                kind="claim", topics=[("sleep", "queues", "whales")[subject]], score=0.5, vector=vector,
            )
            for n, vector, subject in rows
        ]  # fmt: skip

    return make


def test_the_map_has_a_place_for_each_public_point_and_none_for_others(fill: Callable[..., list[Insight]]) -> None:
    shown = fill(30)
    fill(5, private=True)
    fill(5, blocked=True)
    merged = shown.pop()
    Insight.objects.filter(pk=merged.pk).update(same_as=shown[0])
    Insight.objects.filter(pk=shown.pop().pk).update(vector=None)

    found = chart.run(now=NOW())

    assert set(MapPoint.objects.values_list("insight", flat=True)) == {one.pk for one in shown}
    assert sorted(MapPoint.objects.values_list("number", flat=True)) == list(range(28))
    assert {word for one in found for word in one.name.lower().split()} <= {"sleep", "queues", "whales", "and"}
    assert MapRegion.objects.count() == len(found)


def test_regions_go_by_the_names_that_the_library_has_for_topics(fill: Callable[..., list[Insight]]) -> None:
    made = fill(30)
    sleepy = [one.pk for one in made if one.topics == ["sleep"]]
    Insight.objects.filter(pk__in=sleepy[::2]).update(topics=["LLMs"])
    Insight.objects.filter(pk__in=sleepy[1::2]).update(topics=["large language model"])
    name([made[0].episode_id])
    assert {tuple(chart._called()[pk]) for pk in sleepy} == {("LLMs",)}
    assert any("LLMs" in one.name for one in chart.run(now=NOW()))


def test_a_new_map_takes_the_place_of_the_old_and_can_be_recognised(fill: Callable[..., list[Insight]]) -> None:
    fill(40)
    chart.run(now=NOW())
    before = dict(MapPoint.objects.values_list("insight", "x"))
    first = IdeaMap.objects.get()
    fill(4, first=40)
    chart.run(now=NOW())
    after = dict(MapPoint.objects.values_list("insight", "x"))

    assert IdeaMap.objects.get().pk > first.pk
    assert len(after) == 44
    known = np.array([(x, after[pk]) for pk, x in before.items()])
    assert np.corrcoef(known.T)[0, 1] > 0.8


def test_the_old_map_stays_where_the_new_one_cannot_be_saved(
    fill: Callable[..., list[Insight]], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(12)
    chart.run(now=NOW())
    before = list(MapPoint.objects.order_by("pk").values_list("pk", "map", "x"))

    def die(_ids: object) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(chart, "place", die)  # the last thing that is done
    with pytest.raises(OSError, match="full"):
        chart.run(now=NOW())

    assert list(MapPoint.objects.order_by("pk").values_list("pk", "map", "x")) == before


def test_drawing_without_keeping_changes_nothing(fill: Callable[..., list[Insight]]) -> None:
    fill(12)
    assert chart.run(now=NOW(), save=False)
    assert not IdeaMap.objects.exists()


def test_too_few_insights_make_no_map(fill: Callable[..., list[Insight]]) -> None:
    fill(chart.FEWEST - 1)
    assert not chart.stale()
    assert chart.run(now=NOW()) == []
    assert not IdeaMap.objects.exists()


def test_a_new_insight_is_set_in_among_its_neighbours_and_nobody_moves(fill: Callable[..., list[Insight]]) -> None:
    fill(40)
    chart.run(now=NOW())
    before = set(MapPoint.objects.values_list("pk", "x", "y"))
    new = fill(5, first=40)
    secret = fill(2, first=42, private=True)

    assert chart.settle(new[0].episode_id) == 5
    assert chart.settle(new[0].episode_id) == 0
    assert chart.settle(secret[0].episode_id) == 0
    assert before <= set(MapPoint.objects.values_list("pk", "x", "y"))
    old = {pk: (x, y) for pk, x, y in before}
    box = np.ptp(np.array(list(old.values())), axis=0).max()
    topics = dict(Insight.objects.values_list("pk", "topics"))
    for point in MapPoint.objects.filter(insight__in=new):
        like = np.array([at for pk, at in old.items() if topics[pk] == topics[point.pk]])
        assert np.linalg.norm(like - (point.x, point.y), axis=1).min() < box / 4
    assert sorted(MapPoint.objects.values_list("number", flat=True)) == list(range(45))


def test_a_map_is_drawn_anew_when_a_fifth_of_it_is_new(fill: Callable[..., list[Insight]]) -> None:
    assert not chart.stale()
    fill(45)
    assert chart.stale()
    chart.run(now=NOW())
    assert not chart.stale()
    chart.settle(fill(9, first=45)[0].episode_id)
    assert not chart.stale()
    chart.settle(fill(1, first=54)[0].episode_id)
    assert chart.stale()
    flow.chart()
    assert not chart.stale()
    assert IdeaMap.objects.get().size == 55


def test_what_is_hidden_later_leaves_the_map_at_once(fill: Callable[..., list[Insight]]) -> None:
    insights = fill(20)
    other = fill(3, first=20)
    chart.run(now=NOW())
    drawing = IdeaMap.objects.get()
    stamp = maps.stamp(drawing)
    Podcast.objects.filter(pk=other[0].episode.podcast_id).update(private=True)

    assert maps.stamp(drawing) != stamp
    assert set(maps.points(drawing)) == set(insights)


def test_a_map_with_hidden_points_is_drawn_anew(fill: Callable[..., list[Insight]]) -> None:
    fill(20)
    other = fill(3, first=20)
    chart.run(now=NOW())
    Podcast.objects.filter(pk=other[0].episode.podcast_id).update(blocked=True)
    assert chart.stale()
    chart.run(now=NOW())
    assert not chart.stale()
    assert MapPoint.objects.count() == 20


def test_a_map_of_which_too_little_may_be_seen_goes(fill: Callable[..., list[Insight]]) -> None:
    fill(12)
    chart.run(now=NOW())
    Podcast.objects.update(private=True)
    assert chart.stale()
    assert chart.run(now=NOW(), save=False) == []
    assert IdeaMap.objects.exists()
    assert chart.run(now=NOW()) == []
    assert not IdeaMap.objects.exists()
    assert not chart.stale()


def test_deleting_an_insight_leaves_a_hole(fill: Callable[..., list[Insight]]) -> None:
    insights = fill(12)
    chart.run(now=NOW())
    gone = MapPoint.objects.get(insight=insights[3]).number
    insights[3].delete()
    assert gone not in MapPoint.objects.values_list("number", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_mappoint")
        assert cursor.fetchone() == (11,)
