"""From cues to turns, and from turns to sentences with times."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from takefive.transcripts.scripts import STOPS, count, tokens, unspaced
from takefive.transcripts.times import spans
from takefive.transcripts.values import Mark, Segment, Sentence, TimedText

LONG_PAUSE = 5.0
"""Seconds of silence after which the same speaker begins a new turn (an advertisement, a clip)."""
SHORT_PAUSE = 0.6
"""Seconds of silence where a text without punctuation may be cut."""
LONGEST_WITHOUT_STOP = 25
"""Words of a piece where a text has neither punctuation nor pauses."""
SHORTEST_PIECE = 4
"""Words a pause must follow to cut there."""
_STOPS_EVERY = 60
"""A turn with fewer stops than one in so many words counts as written without punctuation."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEVER = _set("""
    mr mrs ms dr prof vs eds ca cf approx gen sen rep gov lt col sgt capt rev hon pres
    mt ft bzw usw z.b d.h u.a vgl hr fr sr sra p.ej e.g i.e viz
""")
"""Abbreviations that never end a sentence."""
_BEFORE_NUMBERS = _set("no nos nr fig figs vol ch sec p pp op apt jan feb mar apr jun jul aug sep sept oct nov dec")
"""Abbreviations before a number; before anything else words: "No. We did not.", "In May. Then"."""
_SELDOM = _set("st etc inc ltd co corp jr ph.d ave blvd dept univ al ed")
"""Abbreviations that end a sentence if the next word looks like a beginning."""
_STARTERS = _set("""
    the a an and but so or we i i'm i've it it's they he she you that that's this these those there in on at if when
    then now what how why who where because my our your his her their well yeah yes no okay also as for from with to by
    do does did is are was were let let's not
""")


def sentences(text: TimedText) -> list[Sentence]:
    """Every sentence in order, with its turn, speaker and times.

    Consecutive segments of one speaker are a turn; a turn is split at stops, but not after abbreviations, initials,
    numbers and inside names such as Node.js; a turn written without punctuation is split at pauses, or every 25 words. A
    sentence's times are those of its words, spread over the segment (or between the stamps) that holds them; None where
    the file has no time at all.
    """
    said = [segment for segment in text.segments if segment.text.strip()]
    times = spans(said, [count(segment.text) for segment in said])
    found: list[Sentence] = []
    for number, (first, last) in enumerate(_turns(said, times)):
        found.extend(_of_turn(said[first:last], times[first:last], number))
    return _marked(found, text.marks) if text.marks else found


def _marked(found: Sequence[Sentence], marks: Sequence[Mark]) -> list[Sentence]:
    """The same with what each is marked as, where that is more than half of it; the surest mark counts."""
    done: list[Sentence] = []
    end = 0
    for one in found:
        begin, end = end, end + len("".join(one.text.split()))
        over = [mark for mark in marks if 2 * (min(mark.last, end) - max(mark.first, begin)) > end - begin]
        best = max(over, key=lambda mark: mark.confidence, default=None)
        done.append(replace(one, mark=(best.reason, best.confidence)) if best else one)
    return done


def _turns(said: Sequence[Segment], times: Sequence[tuple[float, float] | None]) -> Iterator[tuple[int, int]]:
    """First and next-after-last segment of each turn."""
    first = 0
    for i in range(1, len(said) + 1):
        if i == len(said) or _parted(said[i - 1], said[i]) or _gap(times[i - 1], times[i]) > LONG_PAUSE:
            yield first, i
            first = i


def _parted(before: Segment, after: Segment) -> bool:
    return after.speaker != before.speaker or after.after_break


def _gap(before: tuple[float, float] | None, after: tuple[float, float] | None) -> float:
    return after[0] - before[1] if before and after else 0.0


class _Turn:
    """The words of one turn. A word of a script without spaces is a piece between two stops or commas, as long as it is."""

    def __init__(self, said: Sequence[Segment], times: Sequence[tuple[float, float] | None]) -> None:
        self.words: list[str] = []
        self.sticking: set[int] = set()
        self.firsts = [0]
        """The first word of each segment; the last is the number of words."""
        self.times = times
        for segment in said:
            words, sticking = tokens(segment.text)
            self.sticking.update(len(self.words) + i for i in sticking)
            self.words += words
            self.firsts.append(len(self.words))
        lengths = map(count, self.words) if unspaced("".join(self.words)) else (1 for _ in self.words)
        self.at = [0, *accumulate(lengths)]
        """Words, as a listener counts them, before each word."""

    def text(self, begin: int, end: int) -> str:
        """Words as the file joins them."""
        if self.sticking.isdisjoint(range(begin + 1, end)):
            return " ".join(self.words[begin:end])
        return "".join(" " * (i > begin and i not in self.sticking) + self.words[i] for i in range(begin, end))

    def time(self, word: int) -> tuple[float, float] | None:
        """When one word is spoken."""
        i = bisect_right(self.firsts, word) - 1
        span = self.times[i]
        if span is None:
            return None
        first, last = self.at[self.firsts[i]], self.at[self.firsts[i + 1]]
        length = (span[1] - span[0]) / (last - first)
        begin, end = (span[0] + (self.at[place] - first) * length for place in (word, word + 1))
        return round(begin, 3), round(end, 3)


def _of_turn(said: Sequence[Segment], times: Sequence[tuple[float, float] | None], number: int) -> Iterator[Sentence]:
    turn = _Turn(said, times)
    ends = _ends(turn.words)
    if turn.at[-1] > _STOPS_EVERY * len(ends):
        ends = sorted({*ends, *_pieces(turn, ends)})
    begin = 0
    for end in ends:
        start, stop = turn.time(begin), turn.time(end - 1)
        yield Sentence(
            text=turn.text(begin, end),
            turn=number,
            speaker=said[0].speaker,
            start=start[0] if start else None,
            end=stop[1] if stop else None,
        )
        begin = end


def _ends(words: Sequence[str]) -> list[int]:
    """Counts of words after which a sentence ends; the last is the end of the turn."""
    lower = not _CAPITAL.search(" ".join(words))
    found: list[int] = []
    begin = 0
    for i in range(len(words) - 1):
        word = words[i]
        if (
            word[-1] in _CLOSERS
            and _is_end(word, words[i + 1], first=i == begin, lower=lower)
            and _is_spoken(words[begin : i + 1])
        ):
            begin = i + 1
            found.append(begin)
    if found and not _is_spoken(words[begin:]):
        found.pop()
    return [*found, len(words)]


def _is_spoken(words: Sequence[str]) -> bool:
    """Whether there is more to them than punctuation."""
    return any(map(str.isalnum, "".join(words)))


_CLOSERS = frozenset("\"'”’»)]」』）;\u037e" + STOPS)
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
"""One letter, or several with points: "J.R.R.", "U.S."."""
_CAPITAL = re.compile(r"[A-ZÀ-ÞΑ-ΩА-Я](?!['’]|\b)")
"""A capital letter that is more than the word "I"."""
_TAIL = re.compile(rf"((?:(?<=[Ͱ-Ͽἀ-῿])[;\u037e]|[{STOPS}])+)[\"'”’»)\]」』）]*$")


def _is_end(word: str, following: str, *, first: bool, lower: bool) -> bool:
    """Whether a sentence ends between two words.

    `first`: the word is the first of its sentence; `lower`: the turn is written without capitals.
    """
    match = _TAIL.search(word)
    if not match:
        return False
    start = following.lstrip("\"'“‘«([¿¡-–—$€£#@")
    goes_on = bool(start) and start[0].islower() and not lower
    if match[1] != ".":
        return not goes_on
    bare = word[: match.start()].strip("\"'“‘«([").lower()
    if goes_on or bare in _NEVER or (first and (bare.isdigit() or len(bare) == 1)):
        return False
    if bare in _BEFORE_NUMBERS and start[:1].isdigit():
        return False
    if bare in _SELDOM or (bare != "i" and _INITIALS.fullmatch(bare)):
        return following.lower().strip(",.!?\"'“‘").replace("’", "'") in _STARTERS
    return True


def _pieces(turn: _Turn, ends: Sequence[int]) -> Iterator[int]:
    """Where to cut a text without stops: at pauses, and at least every 25 words, between segments if one ends near."""
    firsts, times = turn.firsts, turn.times
    inner = set(firsts[1:-1])
    pauses = {firsts[i] for i in range(1, len(times)) if _gap(times[i - 1], times[i]) >= SHORT_PAUSE}
    stops, begin = set(ends), 0
    for word in range(1, len(turn.words)):
        length = turn.at[word] - turn.at[begin]
        enough = LONGEST_WITHOUT_STOP - 10 if word in inner else LONGEST_WITHOUT_STOP
        if word in stops or length >= enough or (word in pauses and length >= SHORTEST_PIECE):
            begin = word
            yield word
