"""Pauses are left out of what is recognised, words get back the times of the audio, and holes are found."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takefive.transcripts.audio import RATE, Samples
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.windows import LONGEST, Span, missed, packed, tight

STRETCHES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 29)), min_size=1, max_size=12)


def told(lengths: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pauses and lengths in seconds to stretches in samples."""
    found, at = [], 0
    for pause, length in lengths:
        found.append(((at + pause) * RATE, (at + pause + length) * RATE))
        at += pause + length
    return found


@given(STRETCHES)
def test_windows_cover_all_speech_once_and_none_is_longer_than_a_recogniser_hears(
    lengths: list[tuple[int, int]],
) -> None:
    samples = np.zeros(1, dtype=np.float32)

    found = packed(samples, told(lengths)).windows()

    assert found[0].start == 0
    assert all(one.end == other.start for one, other in pairwise(found))
    assert found[-1].end == sum(length for _, length in lengths)
    assert all(window.end - window.start <= LONGEST for window in found)


@given(STRETCHES, st.data())
def test_each_word_gets_back_the_second_at_which_it_was_spoken(
    lengths: list[tuple[int, int]], data: st.DataObject
) -> None:
    stretches = told(lengths)
    which = data.draw(st.integers(0, len(stretches) - 1))
    first, last = (sample / RATE for sample in stretches[which])
    start = data.draw(st.floats(first, last - 0.5))
    before = sum(length for _, length in lengths[:which])

    (word,) = packed(np.zeros(1, dtype=np.float32), stretches).unpacked(
        [Word("a", start - first + before, start - first + before + 0.4, None)]
    )

    assert abs((word.start or 0) - start) < 1e-6
    assert abs((word.end or 0) - start - 0.4) < 1e-6


def test_samples_of_the_stretches_follow_each_other() -> None:
    samples = np.arange(5 * RATE, dtype=np.float32)

    found = packed(samples, [(0, RATE), (3 * RATE, 4 * RATE)])

    assert found.samples.tolist() == [*range(RATE), *range(3 * RATE, 4 * RATE)]
    assert packed(samples, []).windows() == []


def test_holes_are_before_between_and_after_the_words_of_a_window() -> None:
    words = [Word("a", 14.0, 14.5, None), Word("b", 15.0, 16.0, None), Word("c", 20.0, 21.0, None)]

    assert missed(Span(10, 30), words) == [Span(10, 14.0), Span(16.0, 20.0), Span(21.0, 30)]
    assert missed(Span(13, 22), words) == [Span(16.0, 20.0)]


def test_a_window_without_any_word_is_silence_and_has_no_holes() -> None:
    assert missed(Span(0, 30), []) == []


def test_a_word_begins_and_ends_with_its_sound_not_with_the_pause_before_it() -> None:
    samples = np.full(3 * RATE, 0.001, dtype=np.float32)
    samples[RATE : 2 * RATE] = 0.5

    (word,) = tight([Word("a", 0.4, 2.6, None)], samples)

    assert (word.start, word.end) == (1.0, 2.0)


def sounds(*parts: tuple[float, float]) -> Samples:
    """Sounds one after the other: (seconds, level)."""
    return np.concatenate([np.full(round(seconds * RATE), level, dtype=np.float32) for seconds, level in parts])


def test_a_word_that_its_times_cut_short_ends_where_its_sound_fades() -> None:
    drawn_out = sounds((1, 0.001), (0.4, 0.5), (0.1, 0.02), (0.5, 0.1), (2, 0.001))

    (word,) = tight([Word("country.", 1.0, 1.4, None)], drawn_out)

    assert (word.start, word.end) == (1.0, 2.0)


def test_a_breath_after_a_quiet_word_is_no_part_of_it() -> None:
    breath = sounds((0.5, 0.001), (0.5, 0.6), (0.3, 0.15), (0.4, 0.03), (1, 0.001))

    _, them = tight([Word("for", 0.5, 1.0, None), Word("them.", 1.0, 1.7, None)], breath)

    assert (them.start, them.end) == (1.0, 1.3)


def test_a_word_goes_on_to_the_next_word_and_not_into_it() -> None:
    talk = sounds((1, 0.001), (2, 0.5), (1, 0.001))

    first, second = tight([Word("so", 1.0, 1.5, None), Word("on", 1.6, 2.4, None)], talk)

    assert (first.end, second.start, second.end) == (1.6, 1.6, 3.0)


def test_a_sound_after_a_silence_belongs_to_no_word_before_it() -> None:
    door = sounds((1, 0.001), (0.5, 0.5), (0.2, 0.001), (0.2, 0.5), (1, 0.001))

    (word,) = tight([Word("so", 1.0, 1.5, None)], door)

    assert word.end == 1.5


def test_music_that_goes_on_after_the_last_word_is_no_part_of_it() -> None:
    jingle = sounds((1, 0.001), (0.5, 0.5), (9, 0.3))

    (word,) = tight([Word("so", 1.0, 1.5, None)], jingle)

    assert word.end == 1.5


def test_a_word_much_quieter_than_what_is_near_keeps_its_times() -> None:
    laughter = sounds((1, 0.01), (0.5, 0.02), (1, 0.9))
    word = Word("yes", 1.0, 1.5, None)

    assert tight([word], laughter) == [word]


@given(
    levels=st.lists(st.tuples(st.floats(0.02, 2), st.sampled_from([0.0, 0.01, 0.1, 0.5])), min_size=1, max_size=8),
    edges=st.lists(st.integers(0, 200), min_size=2, max_size=20),
)
def test_no_word_ends_before_it_starts_or_behind_the_start_that_the_next_had(
    levels: list[tuple[float, float]], edges: list[int]
) -> None:
    times = [edge / 50 for edge in sorted(edges)]
    words = [Word("a", start, end, None) for start, end in pairwise(times)]

    found = tight(words, sounds(*levels))

    assert all((word.start or 0) <= (word.end or 0) for word in found)
    assert all((one.end or 0) <= (before.start or 0) for one, before in zip(found, words[1:], strict=False))


def test_where_no_word_was_heard_none_has_a_time() -> None:
    assert tight([], sounds((1, 0.5))) == []
    assert packed(np.zeros(RATE, dtype=np.float32), []).unpacked([]) == []


def test_words_in_even_sound_or_silence_keep_their_times() -> None:
    word = Word("a", 0.5, 1.5, None)

    assert tight([word], np.full(4 * RATE, 0.3, dtype=np.float32)) == [word]
    assert tight([word], np.zeros(2 * RATE, dtype=np.float32)) == [word]
    assert tight([word], np.zeros(0, dtype=np.float32)) == [word]
