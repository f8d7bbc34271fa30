"""JSON made of words, as speech recognisers give it (AssemblyAI, Deepgram)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from takefive.transcripts.clean import spoken
from takefive.transcripts.language import tag
from takefive.transcripts.names import cleaned
from takefive.transcripts.scripts import STOPS, count, joined
from takefive.transcripts.times import mended, seconds
from takefive.transcripts.values import Segment, TimedText

PAUSE = 1.0
"""Seconds of silence that end a phrase."""
LONGEST = 40
"""Words after which a phrase is ended anyway."""
_ENDS = re.compile(rf"[{STOPS}][\"'”’)\]」』）]*$")


class Word(NamedTuple):
    """One recognised word."""

    text: str
    start: float | None
    end: float | None
    speaker: str | None


def words_of(document: Any) -> Sequence[Any] | None:
    """The list of words in a document, where it has one; else of what each speaker said on end (AssemblyAI's `utterances`)."""
    if not isinstance(document, Mapping):
        return None
    words: object = document.get("words")
    try:
        words = words or document["results"]["channels"][0]["alternatives"][0]["words"]
    except (KeyError, IndexError, TypeError):
        words = document.get("utterances")
    return words if isinstance(words, list) else None


def read(document: Any) -> TimedText:
    """Phrases of one speaker each, as long as a sentence at most, with the times of their words."""
    words = list(_words(words_of(document) or ()))
    last = next((word.end for word in reversed(words) if word.end), 0.0)
    if words and last / sum(count(word.text) for word in words) > 20:  # AssemblyAI counts milliseconds
        words = [
            word._replace(start=_from_milliseconds(word.start), end=_from_milliseconds(word.end)) for word in words
        ]
    language = tag(document.get("language_code") or document.get("language")) if isinstance(document, Mapping) else None
    return TimedText(segments=mended(grouped(words)), language=language)


def _words(items: Sequence[Any]) -> Iterator[Word]:
    for item in items:
        if not isinstance(item, Mapping):
            continue
        text = next((item[key] for key in ("punctuated_word", "text", "word") if isinstance(item.get(key), str)), "")
        who = item.get("speaker")
        label = f"Speaker {who}" if isinstance(who, int) or (isinstance(who, str) and len(who) == 1) else who
        speaker = cleaned(label) if isinstance(label, str) else None
        if words := spoken(text):
            yield Word(words, _raw(item.get("start")), _raw(item.get("end")), speaker)


def _raw(value: object) -> float | None:
    """A time that may be in milliseconds, so up to a thousand times larger than `seconds` takes."""
    return (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e9
        else seconds(value)
    )


def _from_milliseconds(value: float | None) -> float | None:
    return seconds(value / 1000) if value is not None else None


def grouped(words: Sequence[Word]) -> list[Segment]:
    """Words joined to phrases: a phrase ends with a sentence, with a pause, with the speaker, or when it gets long."""
    phrases: list[list[Word]] = []
    for word in words:
        if not phrases or _breaks(phrases[-1], word):
            phrases.append([])
        phrases[-1].append(word)
    return [
        Segment(
            text=joined([word.text for word in phrase]),
            start=seconds(phrase[0].start),
            end=seconds(phrase[-1].end),
            speaker=phrase[0].speaker,
        )
        for phrase in phrases
    ]


def _breaks(phrase: list[Word], word: Word) -> bool:
    last = phrase[-1]
    paused = word.start is not None and last.end is not None and not -PAUSE < word.start - last.end < PAUSE
    return last.speaker != word.speaker or paused or bool(_ENDS.search(last.text)) or len(phrase) >= LONGEST
