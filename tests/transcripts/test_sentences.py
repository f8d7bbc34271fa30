"""Cues become turns, turns become sentences, and every sentence has its time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, Sentence, TimedText


def split(text: str, speaker: str | None = None) -> list[str]:
    return [one.text for one in sentences(TimedText(segments=(Segment(text=text, speaker=speaker),)))]


def of(*segments: Segment) -> list[Sentence]:
    return sentences(TimedText(segments=segments))


@pytest.mark.parametrize(
    "whole",
    [
        "It grew by 3.5 percent, from 1,000.5 to 2.0.",
        "Dr. Mireille Reece met Mr. J. R. Smith.",
        "We use Node.js and e.g. Deno at example.com today.",
        "The U.S. Government paid.",
        "They meet at 5 p.m. Eastern.",
        '"Really?" he said.',
        "So you know... that was it.",
        "1. First we test.",
        "I work at Yahoo! and like it.",
        "z.B. Bahnhöfe und Züge.",
        "It is No. 5 on the list, see Fig. 3, of Jan. 2020.",
        "J.R.R. Tolkien lived in St. Louis.",
    ],
)
def test_what_is_one_sentence_is_not_split(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It was 2019. We began.", ["It was 2019.", "We began."]),
        ("So did I. Then we left.", ["So did I.", "Then we left."]),
        ('He said "go." Then he left.', ['He said "go."', "Then he left."]),
        ("They moved to the U.S. The rest stayed.", ["They moved to the U.S.", "The rest stayed."]),
        ("What?! No way.", ["What?!", "No way."]),
        ("We paid $5. $6 was too much.", ["We paid $5.", "$6 was too much."]),
        ("all lower case. even here? yes.", ["all lower case.", "even here?", "yes."]),
        ("¿Qué tal? ¡Muy bien! Gracias.", ["¿Qué tal?", "¡Muy bien!", "Gracias."]),
        ("Wait… What is it?", ["Wait…", "What is it?"]),
        ("No. I did not. They said “no.” She left.", ["No.", "I did not.", "They said “no.”", "She left."]),
        (
            "Thanks, Ed. So we met in Jan. We left in May. Then on.",
            ["Thanks, Ed.", "So we met in Jan.", "We left in May.", "Then on."],
        ),
        ("It's on Main St. He knows.", ["It's on Main St.", "He knows."]),
    ],
)
def test_sentences_end_at_their_stops(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_a_sentence_goes_on_over_cues_and_takes_its_time_from_its_words() -> None:
    found = of(
        Segment(text="One two three", start=0.0, end=3.0, speaker="A"),
        Segment(text="four. Five six", start=3.0, end=6.0, speaker="A"),
        Segment(text="seven.", start=6.0, end=7.0, speaker="A"),
        Segment(text="Eight.", start=7.0, end=8.0, speaker="B"),
    )

    assert [(one.text, one.start, one.end, one.turn) for one in found] == [
        ("One two three four.", 0.0, 4.0, 0),
        ("Five six seven.", 4.0, 7.0, 0),
        ("Eight.", 7.0, 8.0, 1),
    ]


def test_between_sparse_stamps_words_go_evenly() -> None:
    ten = " ".join(["word"] * 9) + " end."

    found = of(
        Segment(text=ten, start=10.0, speaker="A"),
        Segment(text=ten, speaker="B"),
        Segment(text=ten, start=18.0, speaker="A"),
    )

    assert [one.start for one in found] == [10.0, 14.0, 18.0]


def test_words_after_a_break_are_placed_by_the_next_stamp() -> None:
    ten = " ".join(["word"] * 9) + " end."

    found = of(
        Segment(text=ten, start=0.0, speaker="A"),
        Segment(text=ten, start=4.0, end=8.0, speaker="A"),
        Segment(text=ten, speaker="A"),
        Segment(text=ten, start=200.0, speaker="A"),
    )

    assert [one.start for one in found] == [0.0, 4.0, 196.0, 200.0]
    assert [one.turn for one in found] == [0, 0, 1, 1]


def test_without_any_time_no_time_is_invented() -> None:
    assert all(one.start is None and one.end is None for one in of(Segment(text="One. Two."), Segment(text="Three.")))


def test_text_without_punctuation_is_cut_at_pauses_and_never_long() -> None:
    cues = [Segment(text="so this is how captions roll on", start=3.0 * i, end=3.0 * i + 2.9) for i in range(40)]
    paused = [
        Segment(text=one.text, start=(one.start or 0) + 2 * (i // 2), end=(one.end or 0) + 2 * (i // 2))
        for i, one in enumerate(cues)
    ]

    assert max(len(one.text.split()) for one in of(*cues)) <= 25
    assert {len(one.text.split()) for one in of(*paused)} == {14}


WORDS = st.sampled_from(
    ["so", "We", "Dr.", "it.", "why?", "3.5", "I.", "e.g.", '"Go."', "…", "1.", "U.S.", "The", "。"]
)
SEGMENTS = st.lists(
    st.builds(
        Segment,
        text=st.lists(WORDS, min_size=1, max_size=30).map(" ".join),
        speaker=st.sampled_from([None, "A", "B"]),
        start=st.none(),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(SEGMENTS)
def test_the_sentences_of_a_turn_joined_are_the_turn(segments: list[Segment]) -> None:
    found = of(*segments)

    assert " ".join(one.text for one in found) == " ".join(" ".join(one.text.split()) for one in segments)
    assert [one.turn for one in found] == sorted(one.turn for one in found)
    assert all(one.speaker == other.speaker for one in found for other in found if one.turn == other.turn)


def test_an_episode_of_ten_thousand_words_takes_a_blink() -> None:
    cue = "We tried it, e.g. in the U.S. and it was 3.5 times faster. Then"
    text = TimedText(
        segments=tuple(Segment(text=cue, start=i * 4.0, end=i * 4.0 + 4, speaker="AB"[i // 5 % 2]) for i in range(670))
    )

    taken = []
    for _ in range(5):
        begin = time.process_time()
        sentences(text)
        taken.append(time.process_time() - begin)

    assert min(taken) < 0.15  # 0.02 s on a quiet machine
