"""Which insights bear a name: topics, speakers, languages, and words in the text. Made once for a pool, asked by many readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.values import Candidate

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Names:
    """The rows of each topic and speaker (in lower case) and of each language; `texts` are searched for words."""

    topics: dict[str, list[int]]
    people: dict[str, list[int]]
    languages: dict[str, list[int]]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Self:
        """The names on these candidates, one row each."""
        topics, people, languages = dict[str, list[int]](), dict[str, list[int]](), dict[str, list[int]]()
        for row, candidate in enumerate(candidates):
            for topic in candidate.topics:
                topics.setdefault(topic.casefold(), []).append(row)
            if candidate.speaker is not None:
                people.setdefault(candidate.speaker.casefold(), []).append(row)
            if candidate.language is not None:
                languages.setdefault(bare(candidate.language), []).append(row)
        texts = tuple("\n".join((c.headline, c.text, *c.topics)).casefold() for c in candidates)
        return cls(topics, people, languages, texts)

    def with_topics(self, names: Iterable[str]) -> Mask:
        """Which rows have one of these topics, (n,)."""
        return self._with(self.topics, names)

    def by_people(self, names: Iterable[str]) -> Mask:
        """Which rows one of these people said, (n,)."""
        return self._with(self.people, names)

    def not_in(self, languages: Iterable[str]) -> Mask:
        """Which rows are in a language that is none of these, (n,); "pt-BR" counts as "pt", and what tells none as any."""
        read = {bare(language) for language in languages}
        return self._with(self.languages, self.languages.keys() - read)

    def about(self, topics: Iterable[str], rows: Iterable[int]) -> list[bool]:
        """Whether one of the topics, or its very words, stands on each of these rows."""
        words = "|".join(re.escape(topic.casefold()) for topic in sorted(topics) if topic.strip())
        if not words:  # or it would stand on every row
            return [False for _ in rows]
        muted = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
        return [muted.search(self.texts[row]) is not None for row in rows]

    def _with(self, index: dict[str, list[int]], names: Iterable[str]) -> Mask:
        mask = np.zeros(len(self.texts), dtype=np.bool_)
        for name in names:
            mask[index.get(name.casefold(), [])] = True
        return mask


def bare(language: str) -> str:
    """The language without its country: "pt" of "pt-BR"."""
    return language.casefold().split("-")[0]
