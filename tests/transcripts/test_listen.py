"""Listening goes piece by piece; a killed run goes on after the last finished piece; loops and names are seen to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sounds import noise, written
from takefive.common.errors import SpeechError
from takefive.transcripts.audio import RATE, Samples
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.listen import Heard, hints, listen, without_loops
from takefive.transcripts.values import Segment

pytest.importorskip("av", reason="the extra speech is not installed here")


class OneWordASecond:
    """Hears "word." each second; dies at the piece that it is told."""

    name = "fake 1"

    def __init__(self, dies_at: int = -1) -> None:
        self.pieces, self.dies_at, self.languages = 0, dies_at, list[str | None]()

    def hear(self, samples: Samples, *, language: str | None = None, hints: str = "") -> Heard:
        self.languages.append(language)
        if self.pieces == self.dies_at:
            raise KeyboardInterrupt
        self.pieces += 1
        seconds = range(int(len(samples) / RATE))
        return Heard(tuple(Word(f"word{n}.", float(n), n + 0.5, None) for n in seconds), "de" if seconds else None)


@pytest.fixture
def half_a_minute(tmp_path: Path) -> Path:
    samples = noise(27)
    for pause in (9, 18):
        samples[pause * RATE : (pause + 1) * RATE - RATE // 2] = 0
    return written(tmp_path / "talk.wav", samples)


def test_words_of_later_pieces_are_timed_from_the_start_of_the_audio(half_a_minute: Path) -> None:
    told: list[float] = []

    text = listen(half_a_minute, each=10, recogniser=OneWordASecond(), progress=told.append)

    starts = [segment.start for segment in text.segments if segment.start is not None]
    assert starts == sorted(starts)
    assert starts[-1] == pytest.approx(26, abs=2)
    assert told[-1] == pytest.approx(27, abs=0.1)
    assert text.language == "de"


def test_a_killed_run_goes_on_after_its_last_finished_piece(half_a_minute: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    whole = listen(half_a_minute, each=10, recogniser=OneWordASecond())
    with pytest.raises(KeyboardInterrupt):
        listen(half_a_minute, each=10, recogniser=OneWordASecond(dies_at=2), notes=notes)
    second = OneWordASecond()

    text = listen(half_a_minute, each=10, recogniser=second, notes=notes)

    assert second.pieces == 1
    assert text == whole


def test_notes_of_another_recogniser_or_cut_short_are_not_used(half_a_minute: Path, tmp_path: Path) -> None:
    whole = listen(half_a_minute, each=10, recogniser=OneWordASecond())
    for spoilt in ('{"about": "another 5"}\n', '{"about": "fake 1 21', ""):
        (tmp_path / "notes").write_text(spoilt)
        again = OneWordASecond()

        assert listen(half_a_minute, each=10, recogniser=again, notes=tmp_path / "notes") == whole
        assert again.pieces == 3


def test_a_line_that_a_crash_cut_short_costs_its_piece_alone(half_a_minute: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    whole = listen(half_a_minute, each=10, recogniser=OneWordASecond(), notes=notes)
    lines = notes.read_bytes().splitlines(keepends=True)
    notes.write_bytes(b"".join(lines[:2]) + lines[2][:20])
    with pytest.raises(KeyboardInterrupt):
        listen(half_a_minute, each=10, recogniser=OneWordASecond(dies_at=1), notes=notes)
    third = OneWordASecond()

    assert listen(half_a_minute, each=10, recogniser=third, notes=notes) == whole
    assert third.pieces == 1


@pytest.mark.parametrize("other", [{"language": "de"}, {"hints": "Maria Chen"}])
def test_notes_of_another_language_or_other_hints_are_not_used(
    half_a_minute: Path, tmp_path: Path, other: dict[str, str]
) -> None:
    notes = tmp_path / "notes"
    listen(half_a_minute, each=10, recogniser=OneWordASecond(), notes=notes)
    again = OneWordASecond()

    listen(half_a_minute, each=10, recogniser=again, notes=notes, **other)

    assert again.pieces == 3


def test_the_language_of_the_first_piece_is_told_for_the_next(half_a_minute: Path) -> None:
    recogniser = OneWordASecond()

    listen(half_a_minute, each=10, recogniser=recogniser)

    assert recogniser.languages == [None, "de", "de"]


def test_audio_without_a_word_is_told_so(tmp_path: Path) -> None:
    class Deaf(OneWordASecond):
        def hear(self, samples: Samples, *, language: str | None = None, hints: str = "") -> Heard:
            return Heard(())

    with pytest.raises(SpeechError, match="no speech"):
        listen(written(tmp_path / "talk.wav", np.zeros(RATE, dtype=np.float32)), Deaf())


def test_hints_are_who_speaks_and_the_names_in_title_and_notes() -> None:
    said = hints("Batteries with Maria Chen", ["Ada Byrne"], "We meet in Moss Landing. Then talk of the grid.")

    assert said.startswith("Ada Byrne")
    assert "Maria Chen" in said
    assert "Moss Landing" in said
    assert "Then" not in said.split(", ")
    assert len(hints("", [f"Person Number{n}" for n in range(500)])) <= 500


def test_a_phrase_in_a_loop_is_kept_twice() -> None:
    said = ["Hello.", *["Thank you."] * 9, "Bye."]

    kept = without_loops(tuple(Segment(text=text) for text in said))

    assert [one.text for one in kept] == ["Hello.", "Thank you.", "Thank you.", "Bye."]
