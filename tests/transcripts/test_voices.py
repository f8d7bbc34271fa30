"""Voices are joined to words by their times, and named only where something shows whose they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.transcripts.values import Segment, TimedText
from takefive.transcripts.voices import Turn, named

PEOPLE = ("Ada Byrne", "Maria Chen")


def said(text: str, start: float, end: float, speaker: str | None = None) -> Segment:
    return Segment(text=text, start=start, end=end, speaker=speaker)


def test_who_says_their_name_has_it_wherever_their_voice_is() -> None:
    text = TimedText(
        segments=(
            said("Welcome, I'm Ada Byrne and this is Salt.", 0, 5),
            said("Glad to be here today.", 5, 8),
            said("So what is new?", 8, 10),
        )
    )

    found = named(text, [Turn(0, 5, 1), Turn(5, 8, 2), Turn(8, 10, 1)], PEOPLE)

    assert [segment.speaker for segment in found.segments] == ["Ada Byrne", None, "Ada Byrne"]


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("I'm Irish American and proud of it.", None),
        ("I am Vice President of sales.", None),
        ("I'm Ada Byrne.", None),
        ("My name is Ada Byrne.", "Ada Byrne"),
        ("Hello, my name's Ada Byrne.", "Ada Byrne"),
        ("I'm your host, Ada Byrne.", "Ada Byrne"),
        ("My name is Ada.", None),
    ],
)
def test_where_the_feed_names_nobody_only_who_says_that_it_is_a_name_has_it(words: str, speaker: str | None) -> None:
    text = TimedText(segments=(said(words, 0, 5),))

    assert named(text, [Turn(0, 5, 0)]).segments[0].speaker == speaker


def test_a_first_name_is_enough_where_the_feed_names_one_such_person() -> None:
    text = TimedText(segments=(said("My name is Maria, and I build batteries.", 0, 5),))

    assert named(text, [Turn(0, 5, 0)], PEOPLE).segments[0].speaker == "Maria Chen"
    assert named(text, [Turn(0, 5, 0)], ["Maria Chen", "Maria Lopez"]).segments[0].speaker is None
    assert named(text, [Turn(0, 5, 0)]).segments[0].speaker is None


def test_what_the_feed_does_not_name_is_no_person_of_it() -> None:
    text = TimedText(segments=(said("I'm Spartacus Jones, he cried.", 0, 5),))

    assert named(text, [Turn(0, 5, 0)], PEOPLE).segments[0].speaker is None


def test_a_name_that_two_voices_claim_is_nobodys() -> None:
    text = TimedText(segments=(said("I'm Ada Byrne.", 0, 2), said("No, I am Ada Byrne.", 2, 4)))

    found = named(text, [Turn(0, 2, 0), Turn(2, 4, 1)], PEOPLE)

    assert [segment.speaker for segment in found.segments] == [None, None]


def test_a_segment_in_which_the_voice_changes_is_cut_there() -> None:
    text = TimedText(segments=(said("one two three four five six seven eight", 0, 8),))

    found = named(text, [Turn(0, 4, 0), Turn(4, 8, 1)])

    assert [(one.text, one.start, one.end) for one in found.segments] == [
        ("one two three four", 0, 4),
        ("five six seven eight", 4, 8),
    ]


def test_a_published_name_goes_to_the_voice_that_it_nearly_always_meets() -> None:
    text = TimedText(
        segments=(said("a b c d e f", 0, 30, "Ada Byrne"), said("g h i j", 30, 40), said("k l m n", 40, 50))
    )

    found = named(text, [Turn(0, 40, 0), Turn(40, 50, 1)], PEOPLE)

    assert [segment.speaker for segment in found.segments] == ["Ada Byrne", "Ada Byrne", None]


def test_without_turns_or_times_all_stays_as_it_is() -> None:
    text = TimedText(segments=(said("a b c d", 0, 4), Segment(text="I'm Ada Byrne.")))

    assert named(text, []) == text


@given(
    lengths=st.lists(st.tuples(st.integers(1, 30), st.floats(0.5, 20)), min_size=1, max_size=8),
    turns=st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 40), st.integers(0, 3)), max_size=8),
)
def test_no_word_is_lost_no_time_goes_back_and_no_voice_is_shown_as_a_number(
    lengths: list[tuple[int, float]], turns: list[tuple[float, float, int]]
) -> None:
    segments, at = [], 0.0
    for words, seconds in lengths:
        segments.append(said(" ".join(["word"] * words), at, at + seconds))
        at += seconds

    found = named(TimedText(segments=tuple(segments)), [Turn(start, start + n, who) for start, n, who in turns])

    assert sum(len(one.text.split()) for one in found.segments) == sum(words for words, _ in lengths)
    starts = [one.start or 0.0 for one in found.segments]
    assert starts == sorted(starts)
    assert {one.speaker for one in found.segments} == {None}
