"""A quote in the letters of its file: some publishers write `it&#39;s` where people read "it's"."""

from __future__ import annotations

import html
import re

_UNIT = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|\s+|.", re.DOTALL)


def as_written(quote: str, source: str) -> str:
    """The stretch of `source` that reads as `quote` (white space folded), entities and all; `quote` where there is none."""
    folded = " ".join(quote.split())
    if "&" not in source or folded in " ".join(source.split()):
        return quote
    readable, places = _decoded(source)
    at = readable.find(folded)
    if at < 0:
        return quote
    return " ".join(source[places[at] : places[at + len(folded)]].split())


def _decoded(source: str) -> tuple[str, list[int]]:
    """The source as read, white space folded, and where in the source each of its characters begins (and the end)."""
    characters: list[str] = []
    places: list[int] = []
    for unit in _UNIT.finditer(source):
        text = " " if unit[0].isspace() else html.unescape(unit[0])
        characters.append(text)
        places += [unit.start()] * len(text)
    return "".join(characters), [*places, len(source)]
