from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as fast
from hypothesis import strategies as st

from takefive.relations.region_names import names
from takefive.relations.regions import regions
from takefive.relations.words import vague

SUBJECTS = ("Kubernetes", "sleep", "open source", "databases", "Bitcoin", "meetups")


def _islands(each: int) -> tuple[np.ndarray, list[list[str]], list[str]]:
    random = np.random.default_rng(0)
    middles = np.array([(20.0 * i, 20.0 * (i % 2)) for i in range(len(SUBJECTS))])
    at = np.concatenate([middle + random.normal(0, 1.5, (each, 2)) for middle in middles]).astype(np.float32)
    topics = [[subject, f"{subject} at work {n}"] for subject in SUBJECTS for n in range(each)]
    return at, topics, [f"They say {one[0]} is what counts." for one in topics]


def test_islands_are_regions_with_the_names_of_their_subjects() -> None:
    found, own = regions(*_islands(20))
    assert {one.name for one in found if one.level == 0} == {one[:1].upper() + one[1:] for one in SUBJECTS}
    assert [len(set(own[i : i + 20].tolist())) for i in range(0, 120, 20)] == [1] * 6
    assert all(one.count == 20 for one in found)


def test_finer_regions_lie_whole_in_coarser_ones_and_count_the_same_points() -> None:
    found, own = regions(*_islands(50))
    levels = {one.level for one in found}
    assert levels == {0, 1}
    assert [one.number for one in found] == list(range(len(found)))
    for one in found:
        inside = [other.count for other in found if other.parent == one.number]
        assert one.level == 1 or sum(inside) == one.count
        assert (one.parent is None) == (one.level == 0)
    assert Counter(own.tolist()) == {one.number: one.count for one in found if one.level == 1}


def test_a_region_is_named_where_it_lies() -> None:
    at, topics, texts = _islands(20)
    found, own = regions(at, topics, texts)
    for one in found:
        nearest = ((at - (one.x, one.y)) ** 2).sum(axis=1).argmin()
        assert own[nearest] == one.number


@given(st.lists(st.lists(st.text(max_size=12), max_size=3), min_size=1, max_size=40), st.integers(1, 6))
@fast(max_examples=60, deadline=None)
def test_whatever_the_topics_are_no_two_regions_have_one_name(topics: list[list[str]], parts: int) -> None:
    part = np.arange(len(topics)) % min(parts, len(topics))
    found = names(part, topics, ["" for _ in topics], known=["Sleep"])
    assert len({name.casefold() for name in [*found, "Sleep"]}) == len(found) + 1
    assert all(name.strip() for name in found)


def test_no_region_is_named_by_words_that_say_nothing() -> None:
    topics = [["stuff", "people", "things", "really", "sleep"], ["anyway", "okay", "queues"]] * 9
    found = names(np.arange(18) % 2, topics, ["" for _ in topics])
    said = {word.lower() for name in found for word in name.split()}
    assert not said & (vague() - {"and"})
    assert found[0].lower().startswith("sleep") or "sleep" in found[0].lower()


def test_names_are_written_as_the_texts_write_them() -> None:
    topics = [["ai"], ["ai"], ["ebpf"], ["ebpf"]]
    texts = ["We fear AI now.", "They use AI daily.", "Tracing with eBPF is cheap.", "Try eBPF."]
    assert names(np.array([0, 0, 1, 1]), topics, texts) == ["AI", "eBPF"]


def test_insights_without_topics_name_their_region_by_telling_words() -> None:
    texts = ["Backpressure keeps queues short"] * 4 + ["Surgeons learn while they sleep"] * 4
    found = names(np.repeat([0, 1], 4), [[]] * 8, texts)
    assert "queues" in found[0].lower() or "backpressure" in found[0].lower()
    assert "surgeons" in found[1].lower() or "sleep" in found[1].lower()


@pytest.mark.parametrize("count", [0, 1, 5, 30])
def test_small_maps_have_few_regions(count: int) -> None:
    at, topics, texts = (part[:count] for part in _islands(20))
    found, own = regions(at, topics, texts)
    assert len(own) == count
    assert len(found) <= 4
