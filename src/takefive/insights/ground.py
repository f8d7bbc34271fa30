"""Find a quote again in the transcript, word for word, or nearly and then in the transcript's words. Else it is no proof."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from takefive.transcripts.values import Sentence

_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
ALIKE = 0.8
"""Share of a quote's words that the transcript must have in the same order."""
SLACK = 1.3
"""How many words the transcript may have where the quote has one."""
SHORTEST = 6
"""Words that a quote must have to be mended; shorter ones could be anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundQuote:
    """A quote as the transcript has it, in the sentences `first` to `last` (inclusive), seconds from the start."""

    text: str
    first: int
    last: int
    speaker: str | None
    start: float | None
    end: float | None


def find_quote(quote: str, sentences: Sequence[Sentence], *, near: int | None = None) -> FoundQuote | None:
    """Where one speaker says `quote` word for word; None where nobody does.

    White space and the style of quotation marks and dashes do not count; the text given back is the transcript's own.
    Where it stands more than once, the place nearest to sentence `near` counts, else the first.
    """
    wanted = folded(quote)
    if not wanted:
        return None
    places = [found for turn in _turns(sentences) for found in _in_turn(wanted, sentences, turn)]
    if not places:
        return None
    return min(places, key=lambda found: abs(found.first - near) if near is not None else found.first)


def mended_quote(quote: str, sentences: Sequence[Sentence]) -> FoundQuote | None:
    """The words of the transcript that `quote` renders nearly: at least 80 % of its words, in order, in one turn. Else None.

    Candidate places are those that share most runs of three words with it (the diagonals of seed and extend, as BLAST finds them).
    """
    wanted = [word.lower() for word in _WORD.findall(folded(quote))]
    if len(wanted) < SHORTEST:
        return None
    best: tuple[float, FoundQuote] | None = None
    for turn in _turns(sentences):
        texts = [" ".join(sentences[i].text.split()) for i in turn]
        whole = " ".join(texts)
        tokens = list(_WORD.finditer(folded(whole)))
        span = _aligned(wanted, [token[0].lower() for token in tokens])
        if span and (best is None or span[2] > best[0]):
            start, end = tokens[span[0]].start(), tokens[span[1]].end()
            end += len(whole[end:]) - len(whole[end:].lstrip(".?!…,”\"’')"))
            found = _found(whole[start:end].rstrip(","), sentences, *_sentences_at(texts, turn.start, start, end))
            best = span[2], found
    return best[1] if best else None


def _aligned(wanted: Sequence[str], said: Sequence[str]) -> tuple[int, int, float] | None:
    """First and last word of `said` that render `wanted`, and how alike they are."""
    runs = {tuple(wanted[i : i + 3]): i for i in range(len(wanted) - 2)}
    seeds = Counter(
        (i - runs[run]) // len(wanted) for i in range(len(said) - 2) if (run := tuple(said[i : i + 3])) in runs
    )
    best: tuple[int, int, float] | None = None
    for place, _ in seeds.most_common(2):
        offset = max(0, (place - 1) * len(wanted))
        window = said[offset : offset + 4 * len(wanted)]
        blocks = [b for b in SequenceMatcher(None, window, wanted, autojunk=False).get_matching_blocks() if b.size]
        share = sum(block.size for block in blocks) / len(wanted)
        first, last = blocks[0].a, blocks[-1].a + blocks[-1].size - 1
        if share >= ALIKE and last - first + 1 <= SLACK * len(wanted) and (best is None or share > best[2]):
            best = offset + first, offset + last, share
    return best


def folded(text: str) -> str:
    """White space folded, typographic quotation marks and dashes made plain; same length as the folded text."""
    return " ".join(text.split()).translate(_SAME)


def _turns(sentences: Sequence[Sentence]) -> list[range]:
    starts = [i for i, s in enumerate(sentences) if i == 0 or s.turn != sentences[i - 1].turn]
    return [range(a, b) for a, b in zip(starts, [*starts[1:], len(sentences)], strict=True)]


def _in_turn(wanted: str, sentences: Sequence[Sentence], turn: range) -> list[FoundQuote]:
    texts = [" ".join(sentences[i].text.split()) for i in turn]
    whole = " ".join(texts)
    plain, found, at = folded(whole), [], -1
    while (at := plain.find(wanted, at + 1)) >= 0:
        end = at + len(wanted)
        if _between_words(plain, at) and _between_words(plain, end):
            found.append(_found(whole[at:end], sentences, *_sentences_at(texts, turn.start, at, end)))
    return found


def _between_words(text: str, at: int) -> bool:
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())


def _sentences_at(texts: Sequence[str], offset: int, start: int, end: int) -> tuple[int, int]:
    """First and last sentence that a run of characters of the turn touches."""
    position, touched = 0, []
    for i, text in enumerate(texts):
        if position < end and position + len(text) > start:
            touched.append(offset + i)
        position += len(text) + 1
    return touched[0], touched[-1]


def _found(text: str, sentences: Sequence[Sentence], first: int, last: int) -> FoundQuote:
    begin, stop = sentences[first], sentences[last]
    return FoundQuote(text=text, first=first, last=last, speaker=begin.speaker, start=begin.start, end=stop.end)
