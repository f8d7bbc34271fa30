"""Ask a language model for a typed answer: metered, cached, never cut silently. Knows no stage and keeps nothing itself.

    with LanguageModel(connect("openai:gpt-5-mini"), meter=meter, cache=cache) as model:
        answer = model.ask(instructions, material, Answer)      # an `Answer`, or LanguageModelError

The model gets no tools. Before each request its worst cost is reserved at the meter, which refuses what is over a cap; after
it what the provider counted is booked instead. An answer that is not what was asked for goes back with the reason.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Protocol, Self, TypeVar

from takefive.common.errors import AnswerError, LanguageModelError

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

TRIES = 3
"""How often a question is put: the first time, then with what was wrong with the answer."""
SENDINGS = 4
"""How often one request is sent while the provider says "later" or nothing."""
WAITS = (1.0, 4.0, 15.0)
"""Seconds between the sendings, where the provider does not name its own."""
LONGEST_WAIT = 30.0
LONGEST_ANSWER = 4_000
"""Tokens of an answer at most, as the model is told; those that do not obey are counted in full."""
REPEATED = 2_000
"""Tokens up to which a wrong answer is shown to the model again."""


@dataclass(frozen=True, slots=True)
class Spend:
    """What requests cost. `dollars` is None where nobody knows the price."""

    tokens_in: int = 0
    tokens_out: int = 0
    dollars: Decimal | None = None

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.tokens_in + self.tokens_out


class Meter(Protocol):
    """Who counts and caps. Called with no transaction open and from no event loop."""

    def reserve(self, most: Spend) -> int:
        """Book what a request may cost at most; gives its number. Raises BudgetError where a cap would be passed."""

    def settle(self, number: int, spent: Spend) -> None:
        """Book what it did cost instead."""


class Cache(Protocol):
    """Answers by the hash of everything that was asked."""

    def get(self, key: str) -> str | None:
        """The answer as JSON, None where there is none."""

    def put(self, key: str, answer: str) -> None:
        """Keep an answer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back: the text, what it cost, whether it was cut at the length allowed, whether the model refused."""

    text: str
    spend: Spend
    cut: bool = False
    refused: bool = False


class Refused(Exception):  # noqa: N818  (a message between these two modules, no error of ours)
    """A request without an answer. `later`: worth sending again, after `wait` seconds if the provider says so; `cost` at most."""

    def __init__(self, why: str, *, later: bool, wait: float | None = None, cost: Spend | None = None) -> None:
        super().__init__(why)
        self.later, self.wait, self.cost = later, wait, cost or Spend(dollars=Decimal(0))


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the talk: ours, or the model's."""

    text: str
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Greeting:
    """What somebody who is there says."""

    here: bool


class Wire(Protocol):
    """A provider's model, as `takefive.common.llm_wire.connect` gives it."""

    name: str
    context: int

    def price(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        """Dollars, None where nobody knows."""

    def schema(self, answer: type) -> str:
        """The form of an answer, as JSON."""

    def parse(self, text: str, answer: type[Answer]) -> Answer:
        """A typed answer. Raises ValueError, which says in plain words what is wrong."""

    def dump(self, value: object) -> str:
        """A typed answer as JSON."""

    def send(self, instructions: str, talk: Sequence[Turn], answer: type, longest: int) -> Sent:
        """One request, once. Raises Refused."""

    def close(self) -> None:
        """Close the connections."""


class LanguageModel:
    """A model that is asked, with its meter and its cache. A context manager; not for several threads at once."""

    def __init__(self, wire: Wire, *, meter: Meter, cache: Cache, pause: Callable[[float], None] = time.sleep) -> None:
        self._wire, self._meter, self._cache, self._pause = wire, meter, cache, pause
        self.name = wire.name
        self.priced = wire.price(1, 1) is not None

    def __enter__(self) -> Self:
        """Nothing is opened before the first question."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._wire.close()

    def room(self, instructions: str, answer: type, longest: int = LONGEST_ANSWER) -> int:
        """Tokens of material that one request can hold beside the instructions and the answer."""
        return self._wire.context - tokens(instructions) - tokens(self._wire.schema(answer)) - longest - REPEATED

    def ask(self, instructions: str, material: str, answer: type[Answer], *, longest: int = LONGEST_ANSWER) -> Answer:
        """The model's answer as an `answer` (a dataclass of plain fields), from the cache if it was asked before.

        Raises BudgetError, AnswerError (refused, or of no use after three tries), LanguageModelError (provider down).
        """
        key = self.key(instructions, material, answer)
        known = self.known(key, answer)
        if known is not None:
            return known
        if tokens(material) > self.room(instructions, answer, longest) + REPEATED:
            raise AnswerError(f"a question of {tokens(material)} tokens does not fit into {self.name}")
        talk, wrong = [Turn(material)], ""
        for _ in range(TRIES):
            sent = self._sent(instructions, talk, answer, longest)
            if sent.refused:
                raise AnswerError(f"{self.name} refused to answer")
            try:
                value = self._wire.parse(sent.text, answer)
            except ValueError as error:
                wrong = f"it was cut after {longest} tokens" if sent.cut else str(error)
                talk = [Turn(material), *_again(sent.text, wrong, longest)]
            else:
                self._cache.put(key, self._wire.dump(value))
                return value
        raise AnswerError(f"{self.name} gave no usable answer in {TRIES} tries: {wrong[:200]}")

    def greet(self) -> None:
        """One short question, whose answer nobody keeps: whether there is somebody. Raises as `ask` does."""
        talk = [Turn("Are you there? Say so in the form asked for.")]
        sent = self._sent("Answer shortly.", talk, Greeting, LONGEST_ANSWER // 4)
        try:
            self._wire.parse(sent.text, Greeting)
        except ValueError as error:
            raise AnswerError(f"{self.name} answers, but not in the form asked for: {error}") from error

    def known(self, key: str, answer: type[Answer]) -> Answer | None:
        """What was answered to a question before."""
        kept = self._cache.get(key)
        return self._wire.parse(kept, answer) if kept else None

    def key(self, instructions: str, material: str, answer: type) -> str:
        """The hash of all that a question is."""
        parts = (self.name, instructions, material, self._wire.schema(answer))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _sent(self, instructions: str, talk: Sequence[Turn], answer: type, longest: int) -> Sent:
        """One request, sent again while the provider asks for patience."""
        for sending in range(SENDINGS):
            try:
                return self._metered(instructions, talk, answer, longest)
            except Refused as error:
                if not error.later or sending == SENDINGS - 1:
                    raise LanguageModelError(f"{self.name}: {error}", retry=error.later) from error
                wait = min(error.wait if error.wait is not None else WAITS[sending], LONGEST_WAIT)
                log.info("%s: %s; asked again in %.1f s", self.name, error, wait)
                self._pause(wait)
        raise AssertionError("the last sending returns or raises")

    def _metered(self, instructions: str, talk: Sequence[Turn], answer: type, longest: int) -> Sent:
        going = tokens(instructions) + tokens(self._wire.schema(answer)) + sum(tokens(turn.text) for turn in talk)
        number = self._meter.reserve(Spend(going, longest, self._wire.price(going, longest)))
        try:
            sent = self._wire.send(instructions, talk, answer, longest)
        except Refused as error:
            self._meter.settle(number, error.cost)
            raise
        self._meter.settle(number, sent.spend)
        return sent


def tokens(text: str) -> int:
    """How many tokens a text has at most, roughly: three bytes each; English has four and more.

    An estimate for what is not sent yet, from no table of any provider; what was sent is counted by the provider.
    """
    return len(text.encode("utf-8", "surrogatepass")) // 3 + 1


def _again(said: str, wrong: str, longest: int) -> list[Turn]:
    """The answer so far, unless it is endless, and what is wrong with it."""
    shown = [Turn(said, ours=False)] if said and tokens(said) <= REPEATED else []
    ask = f"That answer can't be used: {wrong}\nAnswer again, the whole answer, as the JSON asked for and nothing else"
    return [*shown, Turn(f"{ask}, in fewer than {longest // 2} tokens.")]
