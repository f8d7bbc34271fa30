"""Reference insights: a folder with `transcripts/<name>.md` and `insights/<name>.json`, and how it is split."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from takefive.common.errors import UsageError
from takefive.insights.training.measure import Span, WordIndex, plain_words
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Sentence, TimedText

WHOLE_SHOWS = ("shipit", "spotlight")
"""Shows of which no episode is trained on."""
HELD_SHARE = 0.1
"""Of every other show, the share of episodes that are never trained on: those whose name hashes lowest."""


@dataclass(frozen=True, slots=True)
class GoldEpisode:
    """One episode with its reference insights: word spans (in words of the published file) and strengths."""

    name: str
    source: str
    text: TimedText
    sentences: tuple[Sentence, ...]
    index: WordIndex
    references: tuple[tuple[Span, int], ...]
    references_in_sentences: tuple[tuple[Span, int], ...]
    """The same in the words of the sentences joined by spaces, where headings and names do not stand between."""
    kinds: tuple[tuple[str, str], ...]
    """(quote, kind) of each reference."""
    targets: NDArray[np.int64]
    """For each sentence the strength (1 to 5) of the reference that holds at least half of it, else 0."""

    @property
    def show(self) -> str:
        """The show's short name, the part before "__"."""
        return show_of(self.name)


def read_gold(folder: Path) -> Iterator[GoldEpisode]:
    """Every episode of the folder, by name. Raises UsageError where it is no such folder."""
    files = sorted((folder / "insights").glob("*.json"))
    if not files:
        raise UsageError(f"{folder} holds no reference insights: it needs insights/*.json and transcripts/*.md")
    for file in files:
        yield episode(folder, json.loads(file.read_text(encoding="utf-8")))


def held_out(names: Iterable[str], whole_shows: Collection[str] = WHOLE_SHOWS) -> frozenset[str]:
    """The names that are never trained on: whole shows, and a fixed tenth of each other show of three episodes or more."""
    shows: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        shows[show_of(name)].append(name)
    held = []
    for show, members in shows.items():
        some = max(1, round(len(members) * HELD_SHARE)) if len(members) > 2 else 0
        held += members if show in whole_shows else sorted(members, key=_hash)[:some]
    return frozenset(held)


def fold(name: str, folds: int = 5) -> int:
    """Which fold of a cross-validation an episode belongs to."""
    return int(_hash(f"f{name}"), 16) % folds


def show_of(name: str) -> str:
    """ "podcast__the-changelog-354" is of "podcast"."""
    return name.split("__")[0]


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def episode(folder: Path, document: dict[str, object]) -> GoldEpisode:
    """The episode that the document of a file in `insights/` is about."""
    source = str(document["source"])
    data = (folder / "transcripts" / source).read_bytes()
    text = read(data, name=source)
    said = tuple(sentences(text))
    quotes = [(insight["quote"], insight["strength"]) for insight in document["insights"]]  # type: ignore[attr-defined]
    kinds = tuple((insight["quote"], insight["kind"]) for insight in document["insights"])  # type: ignore[attr-defined]
    raw = data.decode("utf-8", "replace")
    index = WordIndex(raw)
    references = _found(index, quotes)
    joined = _found(WordIndex(" ".join(sentence.text for sentence in said)), quotes)
    return GoldEpisode(
        source.removesuffix(".md"), raw, text, said, index, references, joined, kinds, _targets(said, joined)
    )


def _found(index: WordIndex, quotes: Iterable[tuple[str, int]]) -> tuple[tuple[Span, int], ...]:
    return tuple((span, strength) for quote, strength in quotes if (span := index.find(quote)))


def _targets(said: Collection[Sentence], references: Iterable[tuple[Span, int]]) -> NDArray[np.int64]:
    ends = np.cumsum([len(plain_words(sentence.text)) for sentence in said])
    starts = np.concatenate([[0], ends[:-1]])
    targets = np.zeros(len(said), dtype=np.int64)
    for (start, end), strength in references:
        shared = np.minimum(ends, end) - np.maximum(starts, start)
        inside = (shared > 0) & (2 * shared >= ends - starts)
        targets[inside] = np.maximum(targets[inside], strength)
    return targets
