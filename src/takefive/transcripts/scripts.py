"""Writing systems: which put no spaces between words, how many words such a text has, where it may be cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

_EAST = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
_SOUTH = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = re.compile(f"[{_EAST}{_SOUTH}]")
_CHARACTERS = re.compile(f"[{_EAST}]|[{_SOUTH}]{{2}}")
_PIECES = re.compile(f"[{_EAST}{_SOUTH}]|[^\\s{_EAST}{_SOUTH}]+")
CHARACTERS_PER_WORD = 2
"""Of Chinese and Japanese; of Thai, Lao, Khmer and Burmese twice as many. Only lengths and paces are told by it."""

STOPS = ".?!…。！？｡؟۔।॥։።។။"
"""Signs that end a sentence, of all scripts; the Greek question mark aside, which is a semicolon elsewhere."""
_QUOTED = r"(?![^「『」』]{0,60}[」』])"
_CUTS = re.compile(
    rf"(?<=[。！？｡])(?![。！？｡」』”’）)\]…\s]){_QUOTED}|(?<=[。！？｡][」』])(?=[「『])"
    rf"|(?<=[.!?])(?=[{_EAST}])|(?<=[，、；])(?=[{_EAST}])"
)


def unspaced(text: str) -> bool:
    """Whether a text holds letters of a script without spaces."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def tokens(text: str) -> tuple[list[str], list[int]]:
    """The words between spaces, those of scripts without spaces cut at their stops and commas; which stick to the one before."""
    spaced = text.split()
    if not unspaced(text):
        return spaced, []
    found: list[str] = []
    sticking: list[int] = []
    for word in spaced:
        first, *rest = [piece for piece in _CUTS.split(word) if piece]
        found.append(first)
        for piece in rest:
            sticking.append(len(found))
            found.append(piece)
    return found, sticking


def pieces(text: str) -> list[str]:
    """The words between spaces; of scripts without spaces each character."""
    return _PIECES.findall(text) if unspaced(text) else text.split()


def count(text: str) -> int:
    """Words as a listener counts them: where no spaces stand between words, by the number of characters."""
    if not unspaced(text):
        return len(text.split())
    others = sum(any(map(str.isalnum, word)) for word in _UNSPACED.sub(" ", text).split())
    return others + max(1, len(_CHARACTERS.findall(text)) // CHARACTERS_PER_WORD)


def joined(words: Sequence[str]) -> str:
    """Words with spaces between them, but for those of scripts without."""
    whole = " ".join(words)
    return re.sub(f"(?<=[{_EAST}{_SOUTH}]) (?=[{_EAST}{_SOUTH}])", "", whole) if unspaced(whole) else whole
