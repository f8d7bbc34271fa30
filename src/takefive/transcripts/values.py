"""The spoken words with their times, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One run of words of one speaker, in seconds from the start of the audio. None where the file has no time or name.

    `after_break`: the file says that something else comes before it (a heading, an advertisement cut out).
    """

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    after_break: bool = False


class Mark(NamedTuple):
    """Words of a transcript that are no content, by its chapters or by other episodes: why, and how surely (0 to 1).

    `first` and `last` (not in it) count characters from the first segment on, white space aside.
    """

    first: int
    last: int
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedText:
    """A transcript: segments in the order they were spoken. `language` is a BCP 47 tag such as "en" or "pt-BR".

    `marks` are what is known to be no content from elsewhere than its words.
    """

    segments: tuple[Segment, ...]
    language: str | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence. `turn` counts the speaker turns, so that two sentences of one turn share it.

    `text` is verbatim: the sentences of a turn, joined by one space, are the turn's text with white space folded; where a script
    has no spaces, without regard to white space. `mark`: why it is known from elsewhere to be no content, and how surely.
    """

    text: str
    turn: int
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    mark: tuple[str, float] | None = None
