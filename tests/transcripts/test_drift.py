"""Where ads were put into the audio, a publisher's times are moved by what was heard; what is not sure is marked."""

from __future__ import annotations

import random
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import ClassVar

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from takefive.transcripts.drift import FIRST, MOST, STRETCH, moved, suspicious
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.scripts import pieces
from takefive.transcripts.values import Segment, TimedText

VOCABULARY = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "e", "io", "ou") for c in ("", "n", "st", "ring", "ly")
]

FEW = 12  # characters of the show without spaces, which carry far less than words: any three come again and again


@dataclass
class Show:
    """An episode as its publisher wrote it down, and the audio that a listener gets, with what was put in or taken out."""

    space: ClassVar[str] = " "
    minutes: float = 30
    steps: tuple[tuple[float, float], ...] = ()  # (share of the episode, seconds put in; less than none: taken out)
    wrong: float = 0.2  # share of the words that the recogniser gets wrong
    seed: int = 0
    said: list[tuple[str, float]] = field(default_factory=list)
    audio: list[tuple[str, float]] = field(default_factory=list)
    heard: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        time = 2.0
        while time < self.minutes * 60:
            self.said.append((self.word(), time))
            time += self.dice.uniform(0.15, 0.6) + (self.dice.random() < 0.05)
        steps = [(share * self.minutes * 60, seconds) for share, seconds in sorted(self.steps)]
        self.audio = [(word, self.second(time)) for word, time in self.said if self.second(time) is not None]
        for at, seconds in steps:
            self.audio += [(self.word(), self.before(at) + n * 0.4) for n in range(1, int(max(seconds, 0) / 0.4))]
        self.audio.sort(key=lambda one: one[1])
        self.duration = self.audio[-1][1] + 3

    def word(self) -> str:
        return VOCABULARY[int(len(VOCABULARY) * self.dice.random() ** 2)]

    def before(self, at: float) -> float:
        return at + sum(seconds for share, seconds in self.steps if share * self.minutes * 60 < at)

    def second(self, time: float) -> float | None:
        """When what was said at `time` of the transcript is in the audio; None where it was taken out."""
        moved = time
        for share, seconds in self.steps:
            at = share * self.minutes * 60
            if seconds < 0 and at <= time < at - seconds:
                return None
            moved += seconds if time >= at else 0
        return moved

    def text(self, each: int = 12) -> TimedText:
        parts = [self.said[n : n + each] for n in range(0, len(self.said), each)]
        return TimedText(
            segments=tuple(
                Segment(
                    text=self.space.join(word for word, _ in part),
                    start=round(part[0][1], 3),
                    end=round(part[-1][1] + 0.3, 3),
                )
                for part in parts
            )
        )

    def hear(self, start: float, end: float) -> list[Word]:
        self.heard += 1
        found = []
        first, last = (bisect_left(self.audio, second, key=lambda one: one[1]) for second in (start, end))
        for word, time in self.audio[first:last]:
            if self.dice.random() > self.wrong / 3:
                wrong = self.dice.random() < self.wrong * 2 / 3
                found.append(Word(self.word() if wrong else word, time + self.dice.gauss(0, 0.1), None, None))
        return found


class Unspaced(Show):
    """One in Chinese, say: no spaces; the recogniser's words are of one or two characters."""

    space: ClassVar[str] = ""

    def word(self) -> str:
        return chr(0x4E00 + VOCABULARY.index(super().word()) % FEW)

    def hear(self, start: float, end: float) -> list[Word]:
        ones = super().hear(start, end)
        twos = zip(ones[::2], ones[1::2], strict=False)
        return [Word(one.text + two.text, one.start, (two.start or 0) + 0.3, None) for one, two in twos]


def furthest_off(show: Show, text: TimedText, uncertain: tuple[tuple[float, float], ...]) -> float:
    """Seconds that the worst start outside the uncertain spans is off by."""
    worst, place = 0.0, 0
    for segment in text.segments:
        true = show.second(show.said[place][1])
        place += len(pieces(segment.text))
        sure = segment.start is not None and not any(a - 1 <= segment.start <= b + 1 for a, b in uncertain)
        if sure:
            worst = max(worst, abs(segment.start - true) if true is not None else 1e9)
    assert place == len(show.said), "no word is lost"
    return worst


def test_an_ad_before_everything_moves_all_and_leaves_next_to_nothing_uncertain() -> None:
    show = Show(steps=((0.0, 31.5),))

    found = moved(show.text(), show.hear, show.duration)

    assert furthest_off(show, found.text, found.uncertain) < 1
    assert sum(last - first for first, last in found.uncertain if first > 0) < 20


@pytest.mark.parametrize(
    ("ends", "length", "told", "doubted"),
    [
        (1000, 1002, 1003, False),
        (1000, 1031, 1000, True),
        (1000, 1031, None, True),
        (970, 1000, 1000, False),  # music at the end
        (880, 1000, 1000, True),  # the feed may have been told with the advertisements
        (1020, 1000, 1000, True),
    ],
)
def test_lengths_that_differ_and_a_transcript_that_ends_early_are_doubted(
    ends: float, length: float, told: float | None, doubted: bool
) -> None:
    text = TimedText(segments=(Segment(text="The last words.", start=ends - 2, end=ends),))

    assert suspicious(text, length=length, told=told) is doubted


def test_times_that_hold_cost_seven_stretches_at_most() -> None:
    show = Show()

    found = moved(show.text(), show.hear, show.duration)

    assert furthest_off(show, found.text, found.uncertain) < 0.5
    assert (found.steps, found.uncertain) == (0, ())
    assert show.heard <= FIRST + 2
    assert found.heard == show.heard * STRETCH


def test_ads_in_the_middle_are_found_and_only_their_surroundings_are_uncertain() -> None:
    show = Show(minutes=60, steps=((0.3, 62.0), (0.7, 45.0)))

    found = moved(show.text(), show.hear, show.duration)

    assert furthest_off(show, found.text, found.uncertain) < 1
    assert found.steps == 2
    assert sum(b - a for a, b in found.uncertain) < 62 + 45 + 60
    assert show.heard <= MOST


@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    places=st.lists(st.floats(0, 0.95), max_size=4, unique_by=lambda share: round(share, 1)),
    seconds=st.floats(8, 120) | st.floats(-40, -8),
    wrong=st.floats(0.1, 0.3),
    seed=st.integers(0, 10_000),
)
def test_whatever_was_put_in_or_taken_out_times_are_right_or_marked(
    places: list[float], seconds: float, wrong: float, seed: int
) -> None:
    """Steps of one direction: two that cancel each other between two stretches are not seen."""
    show = Show(minutes=20, steps=tuple((share, seconds) for share in sorted(places)), wrong=wrong, seed=seed)

    found = moved(show.text(), show.hear, show.duration)

    assert furthest_off(show, found.text, found.uncertain) < 1
    assert show.heard <= MOST


@pytest.mark.parametrize("seed", [2, 4, 5])
def test_ads_are_found_too_where_no_spaces_stand_between_words(seed: int) -> None:
    show = Unspaced(minutes=60, steps=((0.3, 62.0), (0.7, 45.0)), wrong=0.1, seed=seed)

    found = moved(show.text(), show.hear, show.duration)

    assert furthest_off(show, found.text, found.uncertain) < 1
    assert found.steps == 2
    assert sum(b - a for a, b in found.uncertain) < 62 + 45 + 60


def test_a_transcript_of_another_episode_keeps_its_times_and_is_uncertain_throughout() -> None:
    show, other = Show(seed=1), Show(seed=2)

    found = moved(other.text(), show.hear, show.duration)

    assert found.text == other.text()
    assert len(found.uncertain) == 1
    assert found.uncertain[0][0] == 0
    assert found.uncertain[0][1] >= show.duration


def test_without_times_there_is_nothing_to_move_and_nothing_is_heard() -> None:
    show = Show(minutes=2)
    text = TimedText(segments=(Segment(text="No times at all."),))

    assert moved(text, show.hear, show.duration).text == text
    assert show.heard == 0


@pytest.mark.parametrize("seconds", [5, 20])
def test_audio_shorter_than_a_stretch_is_heard_whole(seconds: float) -> None:
    show = Show(minutes=seconds / 60)

    assert moved(show.text(), show.hear, show.duration).text.segments
