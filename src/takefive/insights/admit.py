"""The one door that every insight passes, whichever engine wrote it: what it claims must stand in what was said.

    evidence = Evidence.of(sentences, title=episode.title, names=[show, *people])    # once for an episode
    drafts, tally = admit_all(proposed, evidence)                                    # or one by one: admit(draft, evidence)

An engine's quotes, speakers and times are claims: the quote is found again in the transcript (or mended by alignment, and then
taken from the transcript), speaker and times come from the segments. Keep the `Tally` of an episode with the episode
(`tally.as_json()`, a plain dict of counts; `Tally.from_json` reads it, `+` adds two): the admin and a public page show the rates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from takefive.insights import manners
from takefive.insights.ground import FoundQuote, find_quote, mended_quote
from takefive.insights.headline_likeness import unattributed
from takefive.insights.names import often_named, unheard_names
from takefive.insights.numbers import claimed, spoken
from takefive.insights.passages import words
from takefive.insights.twice import same_point
from takefive.insights.values import DraftInsight
from takefive.transcripts.content import usable
from takefive.transcripts.language import detected
from takefive.transcripts.values import Sentence

HEADLINE_WORDS, SPOKEN_WORDS = 12, 30
"""The longest headline, and the longest whose words were all said, in this order, in the quote."""
TEXT_WORDS = (20, 90)
QUOTE_WORDS = (8, 120)
POISON = 6
"""Sentences before and after an order to a language model, in its turn, that no insight may come from."""
NEAR = 10
"""Sentences before and after a quote that count as its near context."""
SUBJECT = 8
"""Sentences with a name that make it a subject of the episode, which may be named anywhere."""


class Reason(StrEnum):
    """Why an insight was dropped; where several hold, the first of this list counts."""

    NOT_SAID = "the quote is not said here"
    NOT_CONTENT = "the quote is from an advertisement, a greeting or housekeeping"
    LINK = "it holds a link or an address"
    MARKUP = "it holds markup or hidden letters"
    ORDER = "it gives orders to the reader or to a model"
    PRAISE = "it praises the show"
    LANGUAGE = "it is in another language"
    HEADLINE = "its headline is empty or over 12 words (30 of the quote's own)"
    LENGTH = "its text is not 20 to 90 words, or its quote not 8 to 120"
    NUMBER = "a number in it is not said near the quote"
    NAME = "a name in it is not said near the quote"
    STRAYED = "it says other things than the quote"
    TWICE = "another insight of the episode makes its point"


@dataclass(frozen=True)
class Evidence:
    """What an episode says, made once for all its insights."""

    sentences: Sequence[Sentence]
    content: Sequence[bool]
    """For each sentence whether an insight may come from it."""
    known: str = ""
    """Words that may be named anywhere: the title of episode and show, names of its people."""
    language: str | None = None
    """The language that insights must be in; None where it is not known."""
    spoken: str | None = None
    """The language of the sentences; None where it is not known."""

    @classmethod
    def of(
        cls, sentences: Sequence[Sentence], *, title: str = "", names: Iterable[str] = (), language: str | None = None
    ) -> Evidence:
        """`names`: show, hosts, guests; speakers count by themselves. `language`: the one to write in, else the transcript's."""
        speakers = {sentence.speaker for sentence in sentences if sentence.speaker}
        heard = detected(" ".join(sentence.text for sentence in sentences[:400]))
        known = " ".join([title, *names, *sorted(speakers)])
        return cls(sentences, _trusted(sentences), known, language or heard, heard)

    @property
    def translated(self) -> bool:
        """Whether insights are to be in another language than was spoken."""
        return bool(self.language and self.spoken and self.language[:2].lower() != self.spoken[:2])

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Words that the episode writes without a capital."""
        return frozenset(word for one in self.sentences for word in re.findall(r"(?<![\w'’])[a-zà-ÿ][\w]*", one.text))

    @cached_property
    def subjects(self) -> str:
        """The names that the content speaks of again and again: heard of by every quote, if not in it."""
        return " ".join(
            often_named((one.text for one, fine in zip(self.sentences, self.content, strict=True) if fine), SUBJECT)
        )

    def near(self, quote: FoundQuote) -> str:
        """The sentences of a quote and the content around it."""
        around = range(max(0, quote.first - NEAR), min(len(self.sentences), quote.last + NEAR + 1))
        return " ".join(self.sentences[i].text for i in around if self.content[i] or quote.first <= i <= quote.last)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`draft`: the insight with its proof from the transcript, None where it is refused for `reasons`."""

    draft: DraftInsight | None
    reasons: tuple[Reason, ...] = ()
    mended: bool = False
    """The quote was not verbatim and was taken anew from the transcript."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the insights that an engine proposed: proposed == published + the sum of dropped."""

    published: int = 0
    mended: int = 0
    """Of those published, how many had their quote or wording mended."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Counts by the name of the first reason, such as {"NUMBER": 2}."""

    @property
    def proposed(self) -> int:
        """All that came to the door."""
        return self.published + sum(self.dropped.values())

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        dropped = dict(Counter(self.dropped) + Counter(other.dropped))
        return Tally(self.published + other.published, self.mended + other.mended, dropped)

    def and_one(self, verdict: Verdict) -> Tally:
        """With one more verdict."""
        if verdict.draft is not None:
            return self + Tally(1, int(verdict.mended))
        return self + Tally(dropped={verdict.reasons[0].name: 1})

    def as_json(self) -> dict[str, Any]:
        """As plain counts, to be stored."""
        return {"published": self.published, "mended": self.mended, "dropped": dict(self.dropped)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Tally:
        """From what `as_json` gave; {} is an empty tally."""
        return cls(stored.get("published", 0), stored.get("mended", 0), stored.get("dropped", {}))


def admit(draft: DraftInsight, evidence: Evidence) -> Verdict:
    """Whether an insight is grounded in an episode; if so with quote, speaker and times of the transcript itself."""
    middle = _place(draft, evidence.sentences)
    exact = find_quote(draft.quote, evidence.sentences, near=middle)
    quote = exact or mended_quote(draft.quote, evidence.sentences)
    if quote is None:
        return Verdict(None, (Reason.NOT_SAID,))
    heard = set(words(f"{draft.headline} {draft.text} {quote.text}"))
    named = tuple(topic for topic in draft.topics if heard.issuperset(words(topic)))
    grounded = replace(draft, quote=quote.text, speaker=quote.speaker, start=quote.start, end=quote.end, topics=named)
    reasons = tuple(_faults(grounded, quote, evidence))
    return Verdict(None, reasons) if reasons else Verdict(grounded, mended=exact is None)


def admit_all(drafts: Iterable[DraftInsight], evidence: Evidence) -> tuple[list[DraftInsight], Tally]:
    """Those of an episode that are grounded, in the order given, each point once, and what became of all."""
    admitted: list[DraftInsight] = []
    tally = Tally()
    for draft in drafts:
        verdict = admit(draft, evidence)
        if verdict.draft is not None and any(same_point(verdict.draft, other) for other in admitted):
            verdict = Verdict(None, (Reason.TWICE,))
        tally = tally.and_one(verdict)
        if verdict.draft is not None:
            admitted.append(verdict.draft)
    return admitted, tally


def _trusted(sentences: Sequence[Sentence]) -> list[bool]:
    """For each sentence whether an insight may come from it: content, and not near words meant for a language model."""
    poisoned = {
        near
        for i, sentence in enumerate(sentences)
        if manners.orders_a_model(sentence.text)
        for near in range(max(0, i - POISON), min(len(sentences), i + POISON + 1))
        if sentences[near].turn == sentence.turn
    }
    return [fine and i not in poisoned for i, fine in enumerate(usable(sentences))]


def _place(draft: DraftInsight, sentences: Sequence[Sentence]) -> int | None:
    """The sentence that begins nearest to the time the draft claims, to tell two places of the same words apart."""
    if draft.start is None:
        return None
    timed = [
        (abs(sentence.start - draft.start), i) for i, sentence in enumerate(sentences) if sentence.start is not None
    ]
    return min(timed)[1] if timed else None


def _faults(draft: DraftInsight, quote: FoundQuote, evidence: Evidence) -> list[Reason]:
    claim = f"{draft.headline}\n{draft.text}"
    near = evidence.near(quote)
    heard = spoken(f"{near} {evidence.known}", evidence.spoken)
    allowed = f"{near} {evidence.known} {evidence.subjects}"
    into = (evidence.language or "en")[:2].lower() if evidence.translated else "en"
    checks = {
        Reason.NOT_CONTENT: not all(evidence.content[quote.first : quote.last + 1]),
        Reason.LINK: manners.links(claim, quote.text) or manners.links(quote.text, quote.text),
        Reason.MARKUP: manners.marks_up(claim) or manners.marks_up(quote.text),
        Reason.ORDER: manners.orders(claim) or manners.orders(quote.text),
        Reason.PRAISE: manners.praises(claim) or manners.praises(quote.text),
        Reason.LANGUAGE: _foreign(draft, evidence.language),
        Reason.HEADLINE: not 1 <= len(_WORD.findall(draft.headline)) <= _longest(draft, quote),
        Reason.LENGTH: not (_within(draft.text, TEXT_WORDS) and _within(quote.text, QUOTE_WORDS)),
        Reason.NUMBER: any(readings.isdisjoint(heard) for readings in claimed(claim)),
        Reason.NAME: bool(unheard_names((draft.headline, draft.text), allowed, evidence.vocabulary, into=into)),
    }
    return [reason for reason, fault in checks.items() if fault]


def _longest(draft: DraftInsight, quote: FoundQuote) -> int:
    said = iter(words(quote.text))
    line = words(unattributed(draft.headline))
    return SPOKEN_WORDS if all(word in said for word in line) else HEADLINE_WORDS  # `in` goes on where it left off


def _foreign(draft: DraftInsight, language: str | None) -> bool:
    if language is None:
        return False
    found = {detected(draft.headline), detected(draft.text)} - {None}
    return any(tag != language[:2].lower() for tag in found)


_WORD = re.compile(r"\S*\w\S*")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


def _within(text: str, bounds: tuple[int, int]) -> bool:
    """Whether a text's words are within bounds; two letters of a script without spaces count as a word."""
    count = max(len(words(text)), len(_UNSPACED.findall(text)) // 2)
    return bounds[0] <= count <= bounds[1]
