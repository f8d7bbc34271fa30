"""What a show says in each episode: openings, closings, its own advertisements, found by runs of eight words that came before.

Of the runs of an episode a quarter is kept, as 32-bit hashes: those whose hash is divisible by four, so that two episodes keep
the same ones (Manber 1994, Finding similar files in a large file system). An hour of talk is about 10 KB.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterator, Sequence

from takefive.transcripts.values import Mark, TimedText

RUN = 8
"""Words of a run."""
KEPT = 4
"""One run in so many is kept."""
EPISODES = 5
"""Earlier episodes that are looked at."""
LEAST = 2
"""Of them so many must have said it."""
GAP = 24
"""Words between two kept runs of one stretch: five times what is usual with one run in four kept."""
SHORTEST = 20
"""Words of a stretch; shorter ones are phrases that people just use."""
LONGEST = 150
"""Words of a stretch, a minute of talk; longer ones are a clip of another episode, heard for what it says."""

MOST = 0.4
"""Share of an episode that may have been said before; where it is more, an old episode is told again."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def fingerprint(text: TimedText) -> bytes:
    """What is kept of an episode to know its words again: 32-bit little-endian hashes in order, each once."""
    hashes = array("I", sorted({number for _, number in _runs(_words(text))}))
    return hashes.tobytes()


def marks(text: TimedText, earlier: Sequence[bytes]) -> list[Mark]:
    """The words that at least two of the earlier episodes of the show, given by their fingerprints, said too."""
    known = [frozenset(_hashes(one)) for one in earlier[:EPISODES] if one]
    if len(known) < LEAST:
        return []
    words = _words(text)
    hits: list[tuple[int, int]] = []
    for place, number in _runs(words):
        times = sum(number in one for one in known)
        if times >= LEAST:
            hits.append((place, times))
    found = list(_stretches(hits))
    if sum(last - first + 1 for first, last, _ in found) > MOST * len(words):
        return []
    return [
        Mark(
            words[first][0],
            words[last][0] + words[last][1],
            f"said in {times} of the last {len(known)} episodes",
            round(0.5 + 0.4 * times / len(known), 2),
        )
        for first, last, times in found
    ]


def _hashes(data: bytes) -> array[int]:
    found = array("I")
    found.frombytes(data[: len(data) // found.itemsize * found.itemsize])
    return found


def _words(text: TimedText) -> list[tuple[int, int, str]]:
    """Every word in lower case, with the characters before it and those it has with its punctuation; white space counts nowhere."""
    found: list[tuple[int, int, str]] = []
    before = 0
    for segment in text.segments:
        for word in segment.text.split():
            found += [(before, len(word), part.lower()) for part in _WORD.findall(word)]
            before += len(word)
    return found


def _runs(words: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Place and hash of the runs that are kept."""
    plain = [word for _, _, word in words]
    for i in range(len(plain) - RUN + 1):
        number = zlib.crc32(" ".join(plain[i : i + RUN]).encode())
        if number % KEPT == 0:
            yield i, number


def _stretches(hits: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """First and last word of what was said before, and in how many episodes most of it."""
    group: list[tuple[int, int]] = []
    for hit in [*hits, None]:
        if group and (hit is None or hit[0] - group[-1][0] > GAP):
            first, last = group[0][0], group[-1][0] + RUN - 1
            if SHORTEST <= last - first + 1 <= LONGEST:
                yield first, last, sorted(times for _, times in group)[len(group) // 2]
            group = []
        if hit is not None:
            group.append(hit)
