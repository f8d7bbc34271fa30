"""What a language model says is a claim: here it becomes an insight with its proof from the transcript, or is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from takefive.insights.admit import Evidence, Reason, admit
from takefive.insights.clean import readable
from takefive.insights.ground import FoundQuote, find_quote
from takefive.insights.language_model_parts import Proposal
from takefive.insights.passages import words
from takefive.insights.support import supported
from takefive.insights.topics import phrase_counts, topics
from takefive.insights.values import DraftInsight, Kind
from takefive.transcripts.values import Sentence


@dataclass(frozen=True, slots=True)
class Claim:
    """One insight as the model writes it: on the passage of this number, or with `passage` 0 on a quote of its own."""

    passage: int
    quote: str
    headline: str
    text: str
    kind: Kind
    strength: Literal[1, 2, 3, 4, 5]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the model has to say about a part of an episode."""

    insights: list[Claim]


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim that passed: the insight, and the sentences `first` to `last` (inclusive) of its proof."""

    claim: Claim
    draft: DraftInsight
    first: int
    last: int
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that did not, with the sentences that it rests on, or those that it is likest to."""

    claim: Claim
    reasons: tuple[Reason, ...]
    first: int
    last: int
    proposal: Proposal | None


@dataclass(frozen=True)
class Transcript:
    """One episode's sentences and what the local engine proposes: what a claim is checked against."""

    said: Sequence[Sentence]
    offered: Sequence[Proposal]
    evidence: Evidence
    title: str = ""

    def check(self, claim: Claim, *, instead_of: Refusal | None = None) -> Checked | Refusal:
        """Whether a claim is grounded. `instead_of`: the refused one that it mends, whose place it keeps if it gives none."""
        proposal = instead_of.proposal if instead_of else self._numbered.get(claim.passage)
        draft = self._draft(claim, proposal, instead_of)
        verdict = admit(draft, self.evidence)
        place = verdict.draft and find_quote(verdict.draft.quote, self.said, near=self._near(verdict.draft))
        if verdict.draft and place and self._supported(verdict.draft, place):
            return Checked(claim, verdict.draft, place.first, place.last, proposal)
        reasons = verdict.reasons or (Reason.STRAYED if place else Reason.NOT_SAID,)
        first, last = (proposal.first, proposal.last) if proposal else self._likest(claim.quote or claim.text)
        return Refusal(claim, reasons, first, last, proposal)

    def _supported(self, draft: DraftInsight, place: FoundQuote) -> bool:
        """Whether it speaks of what its quote says; not asked of what is written in another language than was spoken."""
        if self.evidence.translated:
            return True
        around = " ".join(one.text for one in self.said[max(place.first - 2, 0) : place.last + 3])
        return supported(f"{draft.headline}. {draft.text}", draft.quote, around, language=self.evidence.language)

    @cached_property
    def _numbered(self) -> dict[int, Proposal]:
        return {one.number: one for one in self.offered}

    def _draft(self, claim: Claim, proposal: Proposal | None, refused: Refusal | None) -> DraftInsight:
        """The claim as an insight; on a proposal its quote, else the model's own, or the one of the claim that it mends."""
        local = proposal.draft if proposal else None
        quote = local.quote if local else claim.quote or (refused.claim.quote if refused else "")
        return DraftInsight(
            headline=" ".join(claim.headline.split()).rstrip("."),
            text=" ".join(claim.text.split()),
            quote=quote,
            speaker=local.speaker if local else None,
            start=local.start if local else None,
            end=local.end if local else None,
            kind=claim.kind,
            topics=local.topics if local else topics(readable(quote) or quote, self._phrases, self._people),
            score=local.score if local else 0.5,
        )

    def _near(self, draft: DraftInsight) -> int | None:
        return next(
            (i for i, one in enumerate(self.said) if draft.start is not None and one.start == draft.start), None
        )

    def _likest(self, text: str) -> tuple[int, int]:
        """The three sentences that share most words with a text: where to look for what it means."""
        wanted = {word for word in words(text) if len(word) > 3}
        shares = [len(wanted.intersection(words(sentence.text))) for sentence in self.said]
        sums = [sum(shares[max(i - 1, 0) : i + 2]) for i in range(len(shares))]
        best = sums.index(max(sums)) if sums else 0
        return max(best - 1, 0), best + 1

    @cached_property
    def _phrases(self) -> Counter[str]:
        return phrase_counts([self.title, *(one.draft.quote for one in self.offered)])

    @cached_property
    def _people(self) -> frozenset[str]:
        return frozenset(name for one in self.said for name in (one.speaker or "").lower().split())
