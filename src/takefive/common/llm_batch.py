"""Ask a language model by batch, where its provider has that: within a day, for half the price. Keeps nothing itself.

asked = Gathering(model)
stage(asked)                              # gets what was answered before; the rest is noted in `asked.questions`
handle = wire.submit(asked.questions)
answers = wire.collect(handle, Answer)    # hours later, in any process; None while it is under way
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from takefive.common.errors import AnswerError
from takefive.common.llm import LONGEST_ANSWER, LanguageModel, Spend

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Question:
    """One request of a batch; `key` is what its answer is kept under, as `LanguageModel.key` makes it."""

    key: str
    instructions: str
    material: str
    answer: type
    longest: int = LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Batched:
    """What came back for one question: the typed answer as JSON, None where it was of no use, and what it cost.

    `spend` is None where the provider does not say.
    """

    answer: str | None
    spend: Spend | None


class BatchWire(Protocol):
    """A provider's batch API, as `takefive.common.llm_wire_batch.batching` gives it."""

    def most(self, question: Question) -> Spend:
        """What a question may cost at most."""

    def submit(self, questions: Sequence[Question]) -> str:
        """Hand over all questions, once; a handle to be kept. Raises Refused: `later` if they may have been taken all the same."""

    def collect(self, handle: str, answer: type) -> Mapping[str, Batched] | None:
        """By key what was run, None while the batch is under way. Raises Refused: `later` if it may be asked again."""


class Gathering:
    """A model that knows only what it was asked before, and notes every other question instead of asking it."""

    def __init__(self, model: LanguageModel) -> None:
        self._model, self.name = model, model.name
        self.questions: list[Question] = []

    def room(self, instructions: str, answer: type) -> int:
        """As `LanguageModel.room`."""
        return self._model.room(instructions, answer)

    def ask(self, instructions: str, material: str, answer: type[Answer]) -> Answer:
        """The answer kept from before. Raises AnswerError where there is none."""
        key = self._model.key(instructions, material, answer)
        known = self._model.known(key, answer)
        if known is not None:
            return known
        self.questions.append(Question(key, instructions, material, answer))
        raise AnswerError(f"{self.name} is asked by batch")
