"""Vectors made anew by another embedder: search goes on meanwhile, what was killed goes on, and there is a way back."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from takefive.common.errors import ModelError, UsageError
from takefive.pipeline import flow
from takefive.pipeline.embedding import embedder
from takefive.pipeline.finding import find
from takefive.pipeline.steps import reembed, relate
from takefive.store import beside
from takefive.store.filters import Filters
from takefive.store.models import Episode, Insight, Neighbourhood, Podcast, Relation, VectorIndex

NOW = datetime(2024, 5, 3, tzinfo=UTC)

WORDS = ("sleep", "taxes", "rust", "bread")


class Toy:
    """Texts that begin with the same word are near each other. `hook` is called before each batch."""

    steady = False

    def __init__(self, name: str, dimension: int) -> None:
        self.name, self.dimension = name, dimension
        self.hook: Callable[[Sequence[str]], object] = lambda _: None
        self.read = 0
        self._first = zlib.crc32(name.encode()) % (dimension - len(WORDS))  # each has a space of its own

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        self.hook(texts)
        self.read += len(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            word = text.lower().split()[0]
            row[self._first + WORDS.index(word)] = 1
            row += np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dimension, scale=0.02)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def toys(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Toy]]:
    """The package's embedder, one of another width, and one of the same."""
    made = {"": Toy("own", 384), "narrow": Toy("narrow-1", 8), "equal": Toy("equal-1", 384)}

    def named(source: str, _keys: object = None, *, patient: bool = True) -> Toy:
        return made[source]

    monkeypatch.setattr("takefive.relations.embed.named", named)
    monkeypatch.setattr("takefive.relations.embed.default_embedder", lambda: made[""])
    monkeypatch.setattr("takefive.pipeline.finding._silent_until", 0.0)
    monkeypatch.setattr("takefive.relations.same_point.sureness", lambda _text, others, _near: np.zeros(len(others)))
    yield made
    restore()


def restore() -> None:
    """The tables as the other tests expect them."""
    Insight.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT atttypmod FROM pg_attribute WHERE attrelid = 'store_insight'::regclass AND attname = 'vector'"
        )
        width = cursor.fetchone()[0]
    beside.taking_turns(beside.drop)
    if width != 384:
        beside.taking_turns(lambda: beside.add(384))
        beside.build_index(384)
        beside.taking_turns(beside.exchange)
        beside.taking_turns(beside.drop)


def comes(number: int, *, alone: bool = True) -> None:
    """An episode of three insights, through the step; the others' links follow if it comes `alone`."""
    show = Podcast.objects.create(feed_url=f"https://feeds.example/{number}", title="Show")
    episode = Episode.objects.create(podcast=show, guid=f"{number}", title="Episode", stage=Episode.Stage.EXTRACTED)
    for at in range(3):
        word = WORDS[(number + at) % len(WORDS)]
        texts = {"headline": f"{word} {number} {at}", "text": "Plain words.", "quote": f"{number} {at}", "kind": "data"}
        Insight.objects.create(episode=episode, position=at, score=0.5, **texts)
    relate.run(episode.pk, now=NOW)
    if alone:
        relate.catch_up()


@pytest.fixture
def library(toys: dict[str, Toy]) -> dict[str, Toy]:
    for number in range(6):
        comes(number, alone=False)
    relate.catch_up()
    return toys


def found(words: str = "sleep tight") -> list[str]:
    """Sorted headlines; "tight" stands nowhere, so it is by meaning that they are found."""
    return sorted(hit.insight.headline for hit in find(words, Filters(), size=20, exactly=True).hits)


def models() -> set[str]:
    return set(Insight.objects.values_list("vector_model", flat=True))


def state() -> dict[str, str]:
    return dict(VectorIndex.objects.values_list("state", "model"))


@pytest.mark.parametrize("source", ["narrow", "equal"])
def test_search_goes_on_while_all_vectors_are_made_anew_and_then_exchanged(
    source: str, library: dict[str, Toy]
) -> None:
    before, seen = found(), []
    library[source].hook = lambda texts: seen.append(found()) if len(texts) == 3 else None
    reembed.begin(source)
    assert reembed.plan(source).missing == 18
    assert reembed.run()
    assert seen == [before] * 6
    assert len(before) == 4
    assert found() == before
    assert models() == {library[source].name}
    assert {len(vector) for vector in Insight.objects.values_list("vector", flat=True)} == {library[source].dimension}
    assert state() == {"active": library[source].name, "kept": "own"}
    assert embedder() is library[source]


def test_links_are_made_anew_in_the_new_space_and_equal_a_fresh_library(library: dict[str, Toy]) -> None:
    reembed.begin("narrow")
    reembed.run()
    assert Neighbourhood.objects.filter(stale=True).count() == 18
    assert Relation.objects.exists()
    relate.catch_up()
    columns = ("source__headline", "target__headline", "kind", "rank", "score")
    once = set(Relation.objects.values_list(*columns))
    relate.renew(set(Insight.objects.values_list("pk", flat=True)))
    assert set(Relation.objects.values_list(*columns)) == once
    comes(6)
    assert models() == {"narrow-1"}
    assert found("rust never") == sorted(
        Insight.objects.filter(headline__startswith="rust").values_list("headline", flat=True)
    )


class Killed(BaseException):
    """What no `except Exception` catches."""


@pytest.mark.parametrize(
    "where",
    [
        "encode",
        "exchange",
        *(pytest.param(where, marks=pytest.mark.slow) for where in ("save", "build_index", "hold_writers")),
    ],
)
def test_killed_anywhere_it_goes_on_where_it_was(
    where: str, library: dict[str, Toy], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, toy = found(), library["narrow"]

    def die(*_: object) -> None:
        raise Killed

    reembed.begin("narrow")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        if where == "encode":
            toy.hook = lambda _: die() if toy.read >= 7 else None
        else:
            patch.setattr(beside, where, die)
        reembed.run()
    toy.hook = lambda _: None
    read = toy.read
    assert found() == before
    assert state() == {"building": "narrow-1"}
    reembed.begin("narrow")  # asked for again: nothing is thrown away
    assert reembed.standing() == (False, f"of own; {reembed.missing()} of narrow-1 are still to be made")
    assert reembed.missing() == (18 if where == "save" else 18 - read)
    assert reembed.run()
    assert toy.read == (18 + 3 if where == "save" else 18)
    assert found() == before


def test_an_index_that_was_half_made_is_made_again(library: dict[str, Toy], monkeypatch: pytest.MonkeyPatch) -> None:
    reembed.begin("narrow")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(beside, "hold_writers", lambda: (_ for _ in ()).throw(Killed))
        reembed.run()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'insight_nearest_beside'::regclass")
    assert reembed.run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'insight_nearest'::regclass")
        assert cursor.fetchone() == (True,)


def test_what_comes_while_the_index_is_built_is_made_too(
    library: dict[str, Toy], monkeypatch: pytest.MonkeyPatch
) -> None:
    build, late = beside.build_index, [6]

    def and_one_comes(dimension: int) -> None:
        build(dimension)
        if late:
            comes(late.pop())

    monkeypatch.setattr(beside, "build_index", and_one_comes)
    reembed.begin("narrow")
    assert reembed.run()
    assert models() == {"narrow-1"}
    assert Insight.objects.filter(vector=None).count() == 0


def test_there_is_a_way_back_until_it_is_cleaned_away(library: dict[str, Toy]) -> None:
    before = found()
    reembed.begin("narrow")
    reembed.run()
    comes(6)
    library[""].read = 0
    reembed.back()
    assert reembed.run()
    assert library[""].read == 3  # only what came since
    assert models() == {"own"}
    assert found() == sorted(
        [*before, *Insight.objects.filter(headline__startswith="sleep 6").values_list("headline", flat=True)]
    )
    assert state() == {"active": "own", "kept": "narrow-1"}
    assert reembed.standing() == (True, "of own; those of narrow-1 are kept")
    assert reembed.clean()
    assert state() == {"active": "own"}
    with pytest.raises(UsageError, match="no older vectors"):
        reembed.back()
    assert not reembed.clean()


def test_the_workers_do_it_by_their_queue(library: dict[str, Toy]) -> None:
    def jobs() -> list[str]:
        ours = ProcrastinateJob.objects.filter(task_name__in=("reembed", "relink"))
        return list(ours.order_by("id").values_list("task_name", flat=True))

    flow.sweep()
    assert jobs() == []
    reembed.begin("equal")
    flow.sweep()
    assert jobs() == ["reembed"]
    flow.reembed()
    assert models() == {"equal-1"}
    assert jobs() == ["reembed", "relink"]


def test_an_embedder_that_fails_leaves_everything_as_it_is(library: dict[str, Toy]) -> None:
    def fails(_: Sequence[str]) -> None:
        raise ModelError("the service answered 500", retry=True)

    library["narrow"].hook = fails
    reembed.begin("narrow")
    with pytest.raises(ModelError):
        reembed.run()
    assert models() == {"own"}
    assert reembed.waiting()
    assert len(found()) == 4


def test_an_episode_related_while_vectors_are_exchanged_is_tried_again(library: dict[str, Toy]) -> None:
    def exchanged(_: Sequence[str]) -> None:
        library[""].hook = lambda _: None
        reembed.begin("equal")
        reembed.run()

    library[""].hook = exchanged
    comes(6)
    episode = Episode.objects.get(guid="6")
    assert episode.stage == Episode.Stage.EXTRACTED
    assert "other vectors" in episode.error
    relate.run(episode.pk, now=NOW)
    assert models() == {"equal-1"}


def test_a_library_without_vectors_takes_the_setting_at_once(toys: dict[str, Toy], settings: Settings) -> None:
    settings.EMBEDDER = "narrow"
    comes(0)
    assert models() == {"narrow-1"}
    assert toys[""].read == 0
    assert state() == {"active": "narrow-1"}
    settings.EMBEDDER = "equal"
    comes(1)
    assert models() == {"narrow-1"}  # never by itself
    assert reembed.standing() == (False, "of narrow-1; TAKEFIVE_EMBEDDER names equal")


def test_another_model_in_the_same_place_is_not_mixed_in(library: dict[str, Toy]) -> None:
    reembed.begin("narrow")
    reembed.run()
    library["narrow"].name = "narrow-2"
    with pytest.raises(ModelError, match="narrow-2 now, the vectors are of narrow-1"):
        embedder()
    assert found("sleep")  # by words
    with pytest.raises(UsageError, match="already"):
        library["narrow"].name = "narrow-1"
        reembed.begin("narrow")
