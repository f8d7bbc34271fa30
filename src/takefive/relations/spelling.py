"""Which known words a mistyped one may stand for: by what is left where letters are missing.

Two words within two edits share a string that is either of them less at most two letters (symmetric delete spelling
correction, as in SymSpell by W. Garbe, on the first letters only). So a lookup of equal strings finds every candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

SHORTEST, LONGEST = 4, 24
_WORD = re.compile(r"[^\W\d_]+")
_HEAD = 8  # letters that slips are made of: the rest is compared whole
_LONG = 7  # from this length on two edits may be one word


def spelled(text: str) -> set[str]:
    """The words of a text that are worth correcting to: letters only, in lower case, of 4 to 24 letters."""
    return {word for word in _WORD.findall(text.lower()) if SHORTEST <= len(word) <= LONGEST}


def edits(word: str) -> int:
    """How many edits a mistyped word may be away."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < _LONG else 2


def slips(word: str) -> set[str]:
    """What is left of its first eight letters with up to `edits(word)` of them missing, none included."""
    head = word[:_HEAD]
    places = range(len(head))
    gone = (set(some) for many in range(edits(word) + 1) for some in combinations(places, many))
    return {"".join(head[at] for at in places if at not in out) for out in gone}


def closest(word: str, known: Iterable[str]) -> list[str]:
    """The known words with the fewest edits from `word`, if that few may be one word; in the order of the alphabet.

    A first letter that stays is a better sign than any other: people seldom mistype it.
    """
    away = {other: (distance(word, other), other[:1] != word[:1]) for other in known}
    near = {other: far for other, far in away.items() if 0 < far[0] <= edits(word)}
    best = min(near.values(), default=None)
    return sorted(other for other, far in near.items() if far == best)


def distance(a: str, b: str) -> int:
    """Letters put in, left out, replaced, or two neighbours swapped: optimal string alignment."""
    before, last = [0] * (len(b) + 1), list(range(len(b) + 1))
    for i, one in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (one != other)))
            if i > 1 and j > 1 and one == b[j - 2] and a[i - 2] == other:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
