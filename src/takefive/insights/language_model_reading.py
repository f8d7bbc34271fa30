"""One episode being read by a language model: asked part by part, its claims checked, the refused ones put to it once more."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Protocol, TypeVar

from takefive.common.errors import AnswerError
from takefive.common.llm import tokens
from takefive.insights.admit import Tally
from takefive.insights.language_model_claims import Answer, Checked, Claim, Refusal, Transcript
from takefive.insights.language_model_parts import Part, parts, shown, talk
from takefive.insights.prompts import prompt

Typed = TypeVar("Typed")

FEWEST = 3
"""Insights that a part may have, however short it is."""
MOST_CLAIMS = 40
"""Claims of one answer that are looked at; the rest is dropped unread: nobody asked for so many."""
MENDED = 12
"""Refused claims of one answer that are put to the model again."""
LONG = 800
"""Letters of a refused field that the model is shown again."""
AROUND = 3
"""Sentences around a place that the model sees when it is asked again."""


class Asked(Protocol):
    """A model to ask, as `takefive.common.llm.LanguageModel`."""

    name: str

    def room(self, instructions: str, answer: type) -> int:
        """Tokens of material that one request can hold."""

    def ask(self, instructions: str, material: str, answer: type[Typed]) -> Typed:
        """A typed answer. Raises LanguageModelError."""


class Reading:
    """What the model has said about an episode so far, and what of it was accepted."""

    def __init__(self, model: Asked, transcript: Transcript, language: str) -> None:
        self._model, self.transcript, self._language = model, transcript, language
        self.accepted: list[Checked] = []
        self.tally = Tally()
        self.notes: list[str] = []
        self._answered: list[Part] = []

    def whole(self, top: int) -> None:
        """Part by part. A part without a usable answer is left to the local engine; LanguageModelError ends the reading."""
        instructions, said = prompt("write").text, self.transcript.said
        room = self._model.room(instructions, Answer) - tokens(self._head(top))
        pieces = parts(said, self.transcript.offered, room)
        if len(pieces) > 1:
            self.notes.append(f"read in {len(pieces)} parts")
        for part in pieces:
            most = max(FEWEST, ceil(top * (part.last - part.first + 1) / len(said)))
            try:
                answer = self._model.ask(instructions, f"{self._head(most)}\n\n{shown(part, said)}", Answer)
            except AnswerError as error:
                self.notes.append(f"{error}; the local engine wrote that part")
                continue
            self._answered.append(part)
            self._take(answer.insights[:MOST_CLAIMS])

    def answered(self, sentence: int) -> bool:
        """Whether the model gave a usable answer about the part with this sentence."""
        return any(part.first <= sentence <= part.last for part in self._answered)

    def _head(self, most: int) -> str:
        title = " ".join(self.transcript.title.split())[:300]
        return f"Episode: {title or 'untitled'}\nLanguage: {self._language or 'as spoken'}\nAt most {most} insights."

    def _take(self, claims: Sequence[Claim]) -> None:
        """Check each claim; ask once more for those refused; what fails again is dropped and counted."""
        refused = dict(enumerate(self._kept([self.transcript.check(claim) for claim in claims]), 1))
        failed = list(refused.values())
        try:
            if refused:
                mended = self._mended(dict(list(refused.items())[:MENDED]))
                failed = [one for n, one in refused.items() if n not in mended] + self._kept(list(mended.values()))
        except AnswerError as error:
            self.notes.append(f"{error}; what it was to mend is dropped")
        finally:  # also when the budget ends here
            self.tally += Tally(mended=len(refused) - len(failed))
            for one in failed:
                self.tally += Tally(dropped={one.reasons[0].name: 1})

    def _kept(self, outcomes: Sequence[Checked | Refusal]) -> list[Refusal]:
        """Keep those that passed, give back the others."""
        self.accepted += [one for one in outcomes if isinstance(one, Checked)]
        return [one for one in outcomes if isinstance(one, Refusal)]

    def _mended(self, refused: dict[int, Refusal]) -> dict[int, Checked | Refusal]:
        said = self.transcript.said
        blocks = (
            f"INSIGHT {n}\nheadline: {one.claim.headline[:LONG]}\ntext: {one.claim.text[:LONG]}\nquote: {one.claim.quote[:LONG]}\n"
            f"refused because: {'; '.join(one.reasons)}\nTHE PLACE\n{talk(said, one.first - AROUND, one.last + AROUND)}"
            for n, one in refused.items()
        )
        material = "\n\n".join([self._head(len(refused)), *blocks])
        answers = self._model.ask(prompt("mend").text, material, Answer).insights
        once = {claim.passage: claim for claim in reversed(answers) if claim.passage in refused}
        return {n: self.transcript.check(claim, instead_of=refused[n]) for n, claim in sorted(once.items())}
