"""Times as files write them are understood, put in order, and spread over words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.transcripts.times import in_order, mended, seconds, spans
from takefive.transcripts.values import Segment


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("01:02:03.5", 3723.5),
        ("1:02", 62.0),
        ("00:00:05,250", 5.25),
        ("00:00:05:250", 5.25),
        ("12.5", 12.5),
        ("12.5s", 12.5),
        (7, 7.0),
    ],
)
def test_every_way_to_write_a_time_is_understood(written: object, meant: float) -> None:
    assert seconds(written) == meant


@pytest.mark.parametrize(
    "written", [None, True, "", "soon", "-1", -1, math.nan, math.inf, 10**400, "1:2:3:4:5", [], "9" * 50]
)
def test_what_is_no_time_gives_none(written: object) -> None:
    assert seconds(written) is None


def test_one_wrong_stamp_does_not_push_the_others() -> None:
    assert in_order([0.0, 10.0, 3620.0, 30.0, None, 40.0]) == [0.0, 10.0, None, 30.0, None, 40.0]


@given(st.lists(st.none() | st.integers(0, 50).map(float), max_size=30))
def test_what_stays_is_in_order_and_nothing_is_forgotten_that_was(starts: list[float | None]) -> None:
    kept = [start for start in in_order(starts) if start is not None]

    assert kept == sorted(kept)
    given_ = [start for start in starts if start is not None]
    if given_ == sorted(given_):
        assert kept == given_


def test_an_end_before_its_start_is_forgotten() -> None:
    assert mended([Segment(text="a", start=5.0, end=4.0)])[0].end is None


TIMES = st.none() | st.floats(0, 5000)


@given(st.lists(st.tuples(TIMES, TIMES, st.integers(1, 60)), min_size=1, max_size=12))
def test_spans_are_given_for_all_or_none_and_never_go_back(rows: list[tuple[float | None, float | None, int]]) -> None:
    segments = mended([Segment(text="x", start=start, end=end) for start, end, _ in rows])

    found = spans(segments, [count for _, _, count in rows])

    assert all(span is None for span in found) or all(span is not None for span in found)
    begins = [span[0] for span in found if span]
    assert begins == sorted(begins)
    assert all(span[0] <= span[1] for span in found if span)
