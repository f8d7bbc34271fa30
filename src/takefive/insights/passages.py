"""Every passage that could become an insight: runs of consecutive sentences of one speaker's turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import groupby

from takefive.insights.ground import folded
from takefive.insights.lexicon import LEANING, OPENERS
from takefive.insights.values import Passage
from takefive.transcripts.scripts import count, unspaced
from takefive.transcripts.values import Sentence

MIN_WORDS = 20
MAX_WORDS = 90
MAX_SENTENCES = 6

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words(text: str) -> list[str]:
    """The words of a text in lower case, typographic apostrophes made plain."""
    return _WORD.findall(text.lower().replace("’", "'"))


def leans(text: str) -> bool:
    """Whether the first words point to a sentence before: "And so that was why ..."."""
    row = [word for word in words(text)[:5] if word not in OPENERS]
    return bool(row) and row[0] in LEANING


def ragged(text: str) -> bool:
    """Whether a text begins or ends inside a thought: an ellipsis or a small letter in front, half a quotation."""
    text = text.strip()
    return text[:1] in ("…", ".") or text[:1].islower() or sum(c in '"“”' for c in text) % 2 == 1


_TIED = re.compile(
    r"\W*(?:and|but|so|or|because|then|also|another|other|similarly|for example|for instance"
    r"|again|the other|either|otherwise|as a result|like|that)\b",
    re.IGNORECASE,
)


def tied(text: str) -> bool:
    """Whether the first word ties a text to what was said before: "And", "Another", "For example"."""
    return _TIED.match(text) is not None


def standing(passages: list[Passage], source: str) -> list[Passage]:
    """Those that stand in the file in one piece, unless it is a format that breaks every passage (subtitles)."""
    if not source:
        return passages
    whole = folded(unescape(source))
    unbroken = [p for p in passages if folded(p.text) in whole]
    return unbroken if len(unbroken) > len(passages) / 3 else passages


def candidates(sentences: Sequence[Sentence]) -> list[Passage]:
    """All runs of 1 to 6 sentences of one turn that count 20 to 90 words, in the order they were spoken."""
    counts = [count(s.text) if unspaced(s.text) else len(words(s.text)) for s in sentences]
    return [passage_of(sentences, first, last) for first, last in _runs(sentences, counts)]


def _runs(sentences: Sequence[Sentence], counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, turn in groupby(range(len(sentences)), key=lambda i: sentences[i].turn):
        indices = list(turn)
        for at, first in enumerate(indices):
            total = 0
            for last in indices[at : at + MAX_SENTENCES]:
                total += counts[last]
                if total > MAX_WORDS:
                    break
                if total >= MIN_WORDS:
                    yield first, last


def passage_of(sentences: Sequence[Sentence], first: int, last: int) -> Passage:
    """The passage from sentence `first` to `last`, both inclusive."""
    run = sentences[first : last + 1]
    return Passage(
        first=first,
        last=last,
        text=" ".join(sentence.text for sentence in run),
        speaker=run[0].speaker,
        start=run[0].start,
        end=run[-1].end,
    )
