"""Audio to timed text: piece by piece through a recogniser, each finished piece kept, so that a killed run goes on.

The recogniser is a port: faster-whisper on this machine (`speech`) or a transcription service (`remote`).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from takefive.common.errors import SpeechError
from takefive.transcripts import audio, drift
from takefive.transcripts.formats.json_words import Word, grouped
from takefive.transcripts.times import mended
from takefive.transcripts.values import Segment, TimedText

_NAME = re.compile(r"\b[A-Z][\w'’-]+(?: (?:[a-z]{1,3} )?[A-Z][\w'’-]+)*")
_MOST_HINTS = 400  # characters; the model hears a prompt of at most 223 tokens

Progress = Callable[[float], object]
"""Told after each piece: the seconds heard so far."""


def _unseen(seconds: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The words of one piece, times in seconds from the start of the piece, and the language spoken (None: not told)."""

    words: tuple[Word, ...]
    language: str | None = None


class Recogniser(Protocol):
    """Whatever hears words in samples."""

    @property
    def name(self) -> str:
        """Engine and model, kept with what it heard."""

    def hear(self, samples: audio.Samples, *, language: str | None = None, hints: str = "") -> Heard:
        """The words in mono samples at `audio.RATE`, shape (n,). `hints` are names that may be said. Raises `SpeechError`."""


def listen(
    path: Path,
    recogniser: Recogniser,
    *,
    language: str | None = None,
    hints: str = "",
    notes: Path | None = None,
    progress: Progress = _unseen,
    each: float = audio.PIECE,
    longest: float = audio.LONGEST,
) -> TimedText:
    """The spoken words of an audio file, as phrases with the times of their words.

    Memory holds one piece of `each` seconds at a time.

    Into `notes`, a file, each finished piece is written before the next is heard; a run that finds such a file of the same
    audio and recogniser, the same language and hints goes on after it. The caller deletes it. Raises `SpeechError`.
    """
    kept = _Notes(notes, [recogniser.name, path.stat().st_size, language, hints])
    for piece in audio.pieces(path, start=kept.end, seconds=each, longest=longest):
        heard = recogniser.hear(piece.samples, language=language or kept.language(), hints=hints)
        kept.add(piece, heard)
        progress(piece.end)
    if not kept.words:
        raise SpeechError(f"no speech was found in {path.name}")
    return TimedText(segments=without_loops(mended(grouped(kept.words))), language=language or kept.language())


def checked(
    path: Path, text: TimedText, recogniser: Recogniser, *, language: str | None = None, most: int = drift.MOST
) -> drift.Moved:
    """A publisher's transcript with the times of this very audio: at most `most` stretches of it are heard (see `drift`)."""
    with audio.unpacked(path) as samples:

        def hear(start: float, end: float) -> list[Word]:
            whole = samples[round(start * audio.RATE) : round(end * audio.RATE)]
            part = np.divide(whole, 32_768, dtype=np.float32)
            heard = recogniser.hear(part, language=language or text.language)
            return [word._replace(start=_later(word.start, start), end=_later(word.end, start)) for word in heard.words]

        return drift.moved(text, hear, len(samples) / audio.RATE, most=most)


class _Notes:
    """What was heard so far: one line for each piece, in memory and in a file."""

    def __init__(self, file: Path | None, about: Sequence[str | int | None]) -> None:
        """`about` tells what is heard, and how: notes about anything else are written over."""
        self.file, self.end, self.words = file, 0.0, list[Word]()
        self._languages: Counter[str] = Counter()
        lines = _lines(file) if file and file.exists() else []
        if lines and lines[0] == {"about": about}:
            for line in lines[1:]:
                self._take(line)
        elif file:
            file.write_text(json.dumps({"about": about}) + "\n", encoding="utf-8")

    def language(self) -> str | None:
        """The language that most pieces are in."""
        return self._languages.most_common(1)[0][0] if self._languages else None

    def add(self, piece: audio.Piece, heard: Heard) -> None:
        """Take one piece more, its times counted from the start of the audio, and keep it."""
        line: dict[str, object] = {
            "end": piece.end,
            "language": heard.language,
            "words": [[w.text, _later(w.start, piece.start), _later(w.end, piece.start)] for w in heard.words],
        }
        self._take(line)
        if self.file:
            with self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
                file.flush()
                os.fsync(file.fileno())

    def _take(self, line: dict[str, object]) -> None:
        words = line["words"]
        assert isinstance(words, list), "written by us"
        self.end = float(str(line["end"]))
        self.words += [Word(text, start, end, None) for text, start, end in words]
        if line["language"]:
            self._languages[str(line["language"])] += len(words)


def _lines(file: Path) -> list[dict[str, object]]:
    """The whole lines of the notes; one that a crash cut short is cut off, so that the next is not written behind it."""
    written = file.read_bytes()
    whole = written[: written.rfind(b"\n") + 1]
    if len(whole) < len(written):
        os.truncate(file, len(whole))
    return [json.loads(line) for line in whole.splitlines()]


def _later(time: float | None, start: float) -> float | None:
    return None if time is None else round(time + start, 3)


def hints(title: str, persons: Sequence[str], notes: str = "") -> str:
    """The names that an episode may say, as one line for the recogniser: who speaks, then names of title and show notes."""
    found = dict.fromkeys(persons)
    for match in _NAME.finditer(f"{title}. {notes[:2000]}"):
        before = notes[: match.start()] if match.start() else ""
        if " " in match[0] or not before.rstrip().endswith((".", "!", "?", ":")):
            found.setdefault(match[0])
    line = ""
    for name in found:
        if len(line) + len(name) > _MOST_HINTS:
            break
        line += f", {name}" if line else name
    return line


def without_loops(segments: tuple[Segment, ...], most: int = 2) -> tuple[Segment, ...]:
    """The same segments, a phrase said more than `most` times in a row kept that often: recognisers loop on noise."""
    kept: list[Segment] = []
    for segment in segments:
        if not (len(kept) >= most and all(one.text == segment.text for one in kept[-most:])):
            kept.append(segment)
    return tuple(kept)
