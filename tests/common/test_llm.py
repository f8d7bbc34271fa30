from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pytest

from scripted_model import Purse, Reply, ScriptedModel, material, scripted
from takefive.common.errors import AnswerError, BudgetError, LanguageModelError, UsageError
from takefive.common.llm import LONGEST_ANSWER, SENDINGS, TRIES, LanguageModel, tokens
from takefive.common.llm_wire import Price, connect

GOOD = Reply('{"colour": "red", "count": 3}', tokens=(120, 30))
PRICE = Price(Decimal(2), Decimal(10))


@dataclass(frozen=True)
class Balloons:
    colour: Literal["red", "blue"]
    count: int


@dataclass
class Asking:
    """A model behind a script, what it costs, and how long it made us wait."""

    server: ScriptedModel
    purse: Purse
    waits: list[float]
    model: LanguageModel

    def balloons(self, material: str = "three red balloons") -> Balloons:
        return self.model.ask("Count the balloons.", material, Balloons)


@pytest.fixture
def asking(request: pytest.FixtureRequest) -> Callable[..., Asking]:
    """`asking(*script)` starts a server with that script."""

    def start(*script: Reply, timeout: float = 5, purse: Purse | None = None, context: int = 16_000) -> Asking:
        context_manager = scripted(*script)
        server = context_manager.__enter__()
        request.addfinalizer(lambda: context_manager.__exit__(None, None, None))
        purse, waits = purse or Purse(), []
        wire = connect("own", url=server.url, key="a-key", timeout=timeout, context=context, price=PRICE)
        return Asking(server, purse, waits, LanguageModel(wire, meter=purse, cache=purse, pause=waits.append))

    return start


def test_an_answer_has_the_type_asked_for_and_costs_what_the_provider_counted(asking: Callable[..., Asking]) -> None:
    one = asking(GOOD)

    assert one.balloons() == Balloons("red", 3)
    assert one.purse.total == 150
    assert one.purse.dollars == Decimal("0.00054")  # 120 * 2 + 30 * 10 dollars for a million
    assert one.server.keys == ["Bearer a-key"]


def test_the_model_gets_the_form_of_the_answer_and_no_tools(asking: Callable[..., Asking]) -> None:
    one = asking(GOOD)
    one.balloons()

    (request,) = one.server.asked
    assert "tools" not in request
    assert request["max_tokens"] == LONGEST_ANSWER
    assert request["response_format"]["json_schema"]["schema"]["properties"]["colour"]["enum"] == ["red", "blue"]


def test_what_was_asked_before_is_not_asked_again(asking: Callable[..., Asking]) -> None:
    one = asking(GOOD)

    assert one.balloons() == one.balloons()
    assert len(one.server.asked) == 1
    one.balloons("three blue balloons")
    assert len(one.server.asked) == 2


def test_a_wrong_answer_goes_back_with_what_is_wrong_with_it(asking: Callable[..., Asking]) -> None:
    one = asking(Reply('{"colour": "green", "count": 3}'), GOOD)

    assert one.balloons().colour == "red"
    _, again = one.server.asked
    assert again["messages"][-2] == {"role": "assistant", "content": '{"colour": "green", "count": 3}'}
    assert "colour: Input should be 'red' or 'blue'" in again["messages"][-1]["content"]
    assert one.purse.total == 1200 + 150


@pytest.mark.parametrize("said", ['{"colour": "red", "cou', "Here you are: {", "", "I'd rather not.", "[]"])
def test_what_never_becomes_an_answer_is_given_up_after_three_tries_and_paid(
    asking: Callable[..., Asking], said: str
) -> None:
    one = asking(Reply(said, tokens=(100, 20)))

    with pytest.raises(AnswerError, match="no usable answer in 3 tries"):
        one.balloons()
    assert one.purse.total == TRIES * 120
    assert one.purse.answers == {}


def test_an_answer_in_a_fence_of_markdown_is_read(asking: Callable[..., Asking]) -> None:
    assert asking(Reply(f"Sure!\n```json\n{GOOD.content}\n```")).balloons().count == 3


def test_an_answer_cut_at_its_length_is_asked_for_again_shorter(asking: Callable[..., Asking]) -> None:
    one = asking(Reply('{"colour": "red", "co', finish="length", tokens=(100, 4000)), GOOD)

    one.balloons()
    assert "it was cut after 4000 tokens" in material(one.server.asked[1])


def test_an_endless_answer_is_counted_in_full_and_not_sent_back(asking: Callable[..., Asking]) -> None:
    one = asking(Reply("balloon " * 10_000, tokens=(100, 10_000)), GOOD)

    one.balloons()
    assert one.purse.total == 10_100 + 150
    assert "balloon balloon" not in json.dumps(one.server.asked[1])


def test_a_refusal_is_taken_as_one(asking: Callable[..., Asking]) -> None:
    one = asking(Reply(None, refusal="I can't help with that."))

    with pytest.raises(AnswerError, match="refused"):
        one.balloons()
    assert len(one.server.asked) == 1


def test_too_many_requests_are_sent_again_when_the_provider_says_so(asking: Callable[..., Asking]) -> None:
    one = asking(Reply(status=429, headers={"Retry-After": "7"}), Reply(status=503), GOOD)

    assert one.balloons() == Balloons("red", 3)
    assert one.waits[0] == 7
    assert len(one.waits) == 2
    assert one.purse.total == 150  # nothing is booked for what was not answered


@pytest.mark.parametrize("header", ["1e99", "-1", "soon", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_no_provider_makes_us_wait_for_ever_or_not_at_all(asking: Callable[..., Asking], header: str) -> None:
    one = asking(Reply(status=429, headers={"Retry-After": header}), GOOD)

    one.balloons()
    assert 0 <= one.waits[0] <= 30


def test_a_provider_that_is_down_is_given_up(asking: Callable[..., Asking]) -> None:
    one = asking(Reply(status=500))

    with pytest.raises(LanguageModelError) as error:
        one.balloons()
    assert error.value.retry
    assert len(one.server.asked) == SENDINGS
    assert one.purse.total == 0


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_key_or_name_is_not_tried_twice(asking: Callable[..., Asking], status: int) -> None:
    one = asking(Reply(status=status))

    with pytest.raises(LanguageModelError) as error:
        one.balloons()
    assert not error.value.retry
    assert len(one.server.asked) == 1


def test_a_provider_that_does_not_answer_in_time_may_have_cost_the_question(asking: Callable[..., Asking]) -> None:
    one = asking(Reply(GOOD.content, delay=0.6), timeout=0.2)

    with pytest.raises(LanguageModelError):
        one.balloons()
    assert one.purse.total > 0
    assert all(spend.tokens_out == 0 for spend in one.purse.spent.values())


@pytest.mark.parametrize("body", [b"", b"{", b"<html>busy</html>", b'{"choices": []}', b"null"])
def test_bytes_that_are_no_answer_are_a_failed_provider(asking: Callable[..., Asking], body: bytes) -> None:
    with pytest.raises(LanguageModelError):
        asking(Reply(raw=body)).balloons()


def test_nobody_there_is_one_clear_line() -> None:
    wire = connect("own", url="http://127.0.0.1:9/v1")
    with pytest.raises(LanguageModelError, match=r"^own: "):
        LanguageModel(wire, meter=Purse(), cache=Purse(), pause=lambda _: None).ask("a", "b", Balloons)


LLAMA_CPP = b'{"error": {"message": "Input should be \'text\' or \'json_object\', loc: response_format"}}'


@pytest.mark.parametrize("refusal", [Reply(status=400), Reply(status=500, raw=LLAMA_CPP)])
def test_a_server_without_typed_output_gets_the_form_in_words(asking: Callable[..., Asking], refusal: Reply) -> None:
    one = asking(refusal, GOOD)

    assert one.balloons().count == 3
    first, second = one.server.asked
    assert first["response_format"]["type"] == "json_schema"
    assert second.get("response_format", {}).get("type") != "json_schema"
    assert "colour" in json.dumps(second["messages"])


def test_a_request_that_could_pass_the_cap_is_never_sent(asking: Callable[..., Asking]) -> None:
    one = asking(GOOD, purse=Purse(tokens=LONGEST_ANSWER))

    with pytest.raises(BudgetError):
        one.balloons()
    assert one.server.asked == []


def test_a_question_over_the_context_is_refused_and_not_cut(asking: Callable[..., Asking]) -> None:
    one = asking(GOOD, context=8_000)

    with pytest.raises(AnswerError, match="does not fit"):
        one.balloons("balloon " * 10_000)
    assert one.server.asked == []


def test_tokens_are_never_guessed_too_low() -> None:
    tiktoken_has = {"The quick brown fox jumps over the lazy dog.": 10, "Größenverhältnisse überdenken": 9, "": 0}
    assert all(tokens(text) >= count for text, count in tiktoken_has.items())


def test_the_price_list_knows_a_model_and_says_where_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    known, unknown = connect("openai:gpt-5-mini"), connect("no-such-model", url="http://127.0.0.1:9/v1")

    price = known.price(1_000_000, 0)
    assert price is not None
    assert 0 < price < 10
    assert unknown.price(1_000_000, 0) is None


@pytest.mark.parametrize("name", ["nobody:any", "no-provider", "openai:gpt-5-mini"])
def test_what_is_missing_is_said_in_one_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(UsageError) as error:
        connect(name)
    assert "\n" not in str(error.value)
    assert name in str(error.value)
