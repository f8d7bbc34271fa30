"""What a show says in every episode is known again, and nothing else."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from takefive.transcripts.content import not_content
from takefive.transcripts.repeats import fingerprint, marks
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText

OPENING = (
    "Every week we sit down with people who build things and ask them what went wrong. "
    "You can find all of our earlier talks, the notes and a form for your questions on the page of this show."
)
CLOSING = (
    "The music is by a friend of ours who plays the cello in an orchestra by the sea. "
    "Our editor cuts out everything that we should not have said, and we are grateful to her for it every single week."
)


def episode(number: int, *, opening: str = OPENING) -> TimedText:
    chance = random.Random(number)
    talk = [" ".join(f"{chance.choice('bdfgklmnprstv')}{chance.randrange(300)}" for _ in range(12)) for _ in range(60)]
    lines = [opening, *(f"We said {line}." for line in talk), CLOSING]
    return TimedText(segments=tuple(Segment(text=line) for line in lines))


def test_an_opening_and_a_closing_that_come_again_are_marked_with_how_often() -> None:
    earlier = [fingerprint(episode(number)) for number in range(5)]
    text = episode(9)

    found = marks(text, earlier)

    assert [mark.reason for mark in found] == ["said in 5 of the last 5 episodes"] * 2
    assert all(mark.confidence == 0.9 for mark in found)
    said = sentences(TimedText(segments=text.segments, marks=tuple(found)))
    marked = {i for i, reason, _ in not_content(said) if reason.startswith("said in")}
    assert {said[i].text for i in marked} == {
        *OPENING.replace(". ", ".\n").split("\n"),
        *CLOSING.replace(". ", ".\n").split("\n"),
    }


def test_what_only_one_episode_said_or_a_short_phrase_is_not_marked() -> None:
    other = "Something else entirely was said here at the beginning, and it goes on for quite a while with other words."
    earlier = [fingerprint(episode(0)), *(fingerprint(episode(n, opening=other)) for n in range(1, 3))]

    assert [mark.reason for mark in marks(episode(9), earlier)] == ["said in 3 of the last 3 episodes"]
    assert marks(episode(9), earlier[:1]) == []
    assert marks(episode(9), []) == []

    phrase = TimedText(segments=(Segment(text="and at the end of the day it is what it is, you know."),))
    assert marks(phrase, [fingerprint(phrase)] * 5) == []


def test_a_long_clip_that_other_episodes_played_too_is_content() -> None:
    clip = episode(77).segments[1:20]
    others = [TimedText(segments=(*episode(n, opening="").segments[1:-1], *clip)) for n in range(3)]
    text = TimedText(segments=(*episode(9).segments[1:30], *clip, *episode(9).segments[30:-1]))

    assert marks(text, [fingerprint(one) for one in others]) == []


def test_a_fingerprint_of_an_hour_is_small() -> None:
    words = random.Random(1)
    hour = TimedText(segments=tuple(Segment(text=" ".join(str(words.random()) for _ in range(100))) for _ in range(90)))

    assert 5_000 < len(fingerprint(hour)) < 25_000


@given(st.lists(st.text(max_size=30), max_size=8), st.binary(max_size=40))
def test_no_text_and_no_fingerprint_breaks_it(texts: list[str], odd: bytes) -> None:
    text = TimedText(segments=tuple(Segment(text=one) for one in texts))
    size = sum(len("".join(one.split())) for one in texts)

    for mark in marks(text, [fingerprint(text), fingerprint(text), odd]):
        assert 0 <= mark.first < mark.last <= size
