"""The part of a text that a search found, with its matches marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from takefive.relations.words import stem

WORD = re.compile(r"\w+(?:['’]\w+)*")
Piece = tuple[str, bool]


def snippet(text: str, words: Iterable[str], *, width: int = 240) -> list[Piece]:
    """The stretch of `text` of about `width` characters with most of the `words`, as (piece, is a match) in order.

    A word matches where the stems are equal, whatever the case, or where it begins a longer word (three letters at least).
    White space is folded; "…" marks what was cut. Pieces are plain text: escape them where they are shown.
    """
    text = " ".join(text.split())
    wanted = {word.lower() for query in words for word in WORD.findall(query)}
    matches = [m.span() for m in WORD.finditer(text) if _matches(m.group().lower(), wanted)]
    start, end = _window(text, matches, width)
    pieces = _pieces(text, [span for span in matches if start <= span[0] and span[1] <= end], start, end)
    head: list[Piece] = [("… ", False)] if start else []
    tail: list[Piece] = [(" …", False)] if end < len(text) else []
    return head + pieces + tail


def _matches(word: str, wanted: set[str]) -> bool:
    if word in wanted or stem(word) in {stem(other) for other in wanted}:
        return True
    return any(len(other) >= 3 and word.startswith(other) for other in wanted)


def _window(text: str, matches: list[tuple[int, int]], width: int) -> tuple[int, int]:
    """Where the fullest window starts and ends, cut between words."""
    if len(text) <= width:
        return 0, len(text)

    def held(start: int) -> int:
        return sum(start <= a and b <= start + width for a, b in matches)

    anchor = max((a for a, _ in matches), key=lambda a: (held(a), -a), default=0)
    last = max((b for a, b in matches if a >= anchor and b <= anchor + width), default=anchor)
    start = max(0, min(anchor - (width - (last - anchor)) // 2, len(text) - width))
    end = min(len(text), start + width)
    if start and (space := text.find(" ", start, anchor + 1)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", max(last, start + 1), end + 1)) > 0:
        end = space
    return start, end


def _pieces(text: str, matches: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for a, b in matches:
        pieces += [(text[at:a], False), (text[a:b], True)]
        at = b
    return [(piece, marked) for piece, marked in [*pieces, (text[at:end], False)] if piece]
