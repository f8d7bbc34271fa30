"""Chapters of an episode: reading the files that hold them, and which of them are no content by their titles."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from takefive.common.errors import TranscriptError
from takefive.transcripts.scripts import count
from takefive.transcripts.times import seconds, spans
from takefive.transcripts.values import Mark, TimedText

MOST = 500
LONGEST = {"sponsor": 300.0, "intro": 180.0, "outro": 300.0, "housekeeping": 300.0}
"""Seconds after which a chapter of that kind holds something else too, and is not believed."""
SURE = 0.9
EDGES = {"intro": (0.0, 0.15), "outro": (0.8, 1.0)}
"""Shares of an episode between which an opening and a closing begin; "Credits" in the middle may be about banks."""

_AD = r"(?:our |today's )?(?:sponsors?|ads?|adverts?|advertisements?|promos?|werbung|anzeige|publicidad|publicité|pubblicità)"
_ONE_AD = r"(?:our |today's )?(?:sponsor|ad|advert|advertisement|promo|werbung|anzeige|publicidad|publicité|pubblicità)"
_TITLES = {
    "sponsor": (
        rf"{_AD}(?: (?:break|spot|message|read|block))?(?: \d+)?",
        rf"{_ONE_AD}(?: (?:break|spot|message|read|block))?(?: \d+)?\s*[:|–—-]\s*\S.*",
        r".*\((?:sponsor(?:ed)?|ad|advertisement|werbung)\)",
        r"(?:this (?:show|episode) is )?(?:sponsored|brought to you|made possible) by\b[^:?]*",
        r"thank(?:s| you) to (?:our |the )?sponsors?\b.*",
        r"(?:a )?(?:word|message|break) (?:from|for) (?:our|the|today's) sponsors?\b.*",
    ),
    "intro": (
        r"(?:intro|theme|opening|jingle|vorspann|cold open)(?: (?:music|theme|song|credits|\d+))?",
        r"theme (?:song|music)",
    ),
    "outro": (
        r"(?:outro|closing|credits|end credits|sign[- ]?off|goodbyes?|abspann)(?: (?:music|theme|song|credits|\d+))?",
    ),
    "housekeeping": (
        r"housekeeping|patreon|hausmitteilung\w*|support (?:us|the show)",
        r"(?:coming )?up next|(?:next|this) (?:week|time|episode) on\b.*|next (?:week|time|episode)",
        r"(?:rate|review|subscribe)(?:,| and| &) (?:rate|review|subscribe|follow|share)\b.*|subscribe",
    ),
}
_KINDS = [(kind, re.compile(rf"(?:{'|'.join(titles)})[\s.!…]*", re.IGNORECASE)) for kind, titles in _TITLES.items()]


class Chapter(NamedTuple):
    """A part of an episode from `start` (seconds) to the next one; `end` where its file says so."""

    start: float
    title: str
    end: float | None = None


def read(data: bytes) -> list[Chapter]:
    """The chapters in a file of Podcasting 2.0 or Podlove (JSON), in their order. Raises `TranscriptError`."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"is no chapters file ({str(error)[:100]})") from error
    items = document.get("chapters") if isinstance(document, Mapping) else document
    if not isinstance(items, list):
        raise TranscriptError("is JSON without chapters")
    return sorted(_chapters(items[:MOST]), key=lambda chapter: chapter.start)


def _chapters(items: Sequence[object]) -> Iterator[Chapter]:
    for item in items:
        if not isinstance(item, Mapping) or item.get("toc") is False:  # such are pictures to be shown, no parts
            continue
        start, title = seconds(item.get("startTime", item.get("start"))), item.get("title")
        if start is not None and isinstance(title, str) and title.strip():
            yield Chapter(start, " ".join(title.split())[:300], seconds(item.get("endTime", item.get("end"))))


def kind(title: str) -> str | None:
    """What a chapter of this title is that is no content ("sponsor", "intro", "outro", "housekeeping"); else None."""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(title.strip())), None)


def marks(chapters: Sequence[Chapter], text: TimedText) -> list[Mark]:
    """The words said in chapters that are no content; none where the transcript has no times of its own."""
    said = [segment for segment in text.segments if segment.text.strip()]
    if not any(segment.start is not None for segment in said):
        return []
    clock = _Clock([segment.text for segment in said], spans(said, [count(segment.text) for segment in said]))
    found: list[Mark] = []
    for one, following in pairwise([*chapters, Chapter(clock.end, "")]):
        end = min(one.end or following.start, following.start)
        reason = kind(one.title)
        first_share, last_share = EDGES.get(reason or "", (0.0, 1.0))
        beside = first_share * clock.end <= one.start <= last_share * clock.end
        if reason and beside and one.start < end <= one.start + LONGEST[reason]:
            first, last = clock.said(one.start), clock.said(end)
            if first < last:
                found.append(Mark(first, last, f"{reason}: chapter “{one.title[:60]}”", SURE))
    return found


class _Clock:
    """Tells how many characters were said before a second, in whole words."""

    def __init__(self, texts: Sequence[str], times: Sequence[tuple[float, float] | None]) -> None:
        self.at: list[tuple[float, int]] = []
        before = 0
        for text, span in zip(texts, times, strict=True):
            words = text.split()
            for i, word in enumerate(words):
                if span:
                    self.at.append((span[0] + (span[1] - span[0]) * i / len(words), before))
                before += len(word)
        self.at.sort()
        self.end = max((span[1] for span in times if span), default=0.0)
        self.all = before

    def said(self, moment: float) -> int:
        place = bisect_left(self.at, (moment, 0))
        return self.at[place][1] if place < len(self.at) else self.all
