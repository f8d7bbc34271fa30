"""The batch APIs of providers, against a scripted server; the whole of it is tested with the step `collect`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from scripted_batches import BatchServer, batches
from scripted_model import Purse, Reply
from takefive.common.errors import AnswerError
from takefive.common.llm import LONGEST_ANSWER, LanguageModel, Refused
from takefive.common.llm_batch import Gathering
from takefive.common.llm_wire import Price, PydanticWire, connect
from takefive.common.llm_wire_batch import PydanticBatch, batching

PRICE = Price(Decimal(2), Decimal(10))


@dataclass(frozen=True)
class Balloons:
    count: int


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with batches(by_batch=Reply('{"count": 3}', tokens=(100, 10))) as told:
        yield told


def wire(url: str) -> PydanticWire:
    return connect("own", url=url, key="a-key", timeout=5, price=PRICE)


def asked(url: str) -> Gathering:
    purse = Purse()
    purse.answers = {}
    gathering = Gathering(LanguageModel(wire(url), meter=purse, cache=purse))
    for material in ("three balloons", "four balloons"):
        with pytest.raises(AnswerError):
            gathering.ask("Count.", material, Balloons)
    return gathering


def batch(url: str) -> PydanticBatch:
    found = batching(wire(url))
    assert found is not None
    return found


def test_questions_are_handed_over_and_their_answers_found_by_key_for_half_the_price(server: BatchServer) -> None:
    questions = asked(server.url).questions
    handle = batch(server.url).submit(questions)
    assert batch(server.url).collect(handle, Balloons) is None
    assert "a-key" not in handle

    server.status = "completed"
    answers = batch(server.url).collect(handle, Balloons) or {}
    for question in questions:
        one = answers[question.key]
        assert (one.answer, one.spend and one.spend.dollars) == ('{"count":3}', Decimal("0.00015"))
        most = batch(server.url).most(question)
        assert most.tokens_out == LONGEST_ANSWER
        assert one.spend
        assert most.dollars > one.spend.dollars


def test_a_request_of_a_batch_is_what_would_be_asked_directly(server: BatchServer) -> None:
    batch(server.url).submit(asked(server.url).questions)

    body = next(iter(server.asked.values()))
    assert body["max_output_tokens"] == LONGEST_ANSWER
    assert body["text"]["format"]["schema"]["properties"]["count"]["type"] == "integer"
    assert "tools" not in body or body["tools"] == []


@pytest.mark.parametrize("garbage", [b"", b"{", b"null", b"[1]", b'{"custom_id": 3}', b"\xff\xfe", b"<html>"])
def test_results_in_no_known_form_are_refused_in_one_line_or_are_no_answers(
    server: BatchServer, garbage: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = batch(server.url).submit(asked(server.url).questions)
    server.status = "completed"
    monkeypatch.setattr(server, "_output", lambda: garbage)
    assert not outcome(server, handle)


def outcome(server: BatchServer, handle: str) -> object:
    """The answers, or None where the provider's are refused for good."""
    try:
        return batch(server.url).collect(handle, Balloons)
    except Refused as error:
        return error.later or "\n" in str(error)


@pytest.mark.parametrize("answer", ['{"count": "many"}', "", "no", '{"count": 3'])
def test_an_answer_of_another_type_is_none_and_paid(server: BatchServer, answer: str) -> None:
    server.by_batch = Reply(answer, tokens=(100, 10))
    handle = batch(server.url).submit(asked(server.url).questions)
    server.status = "completed"

    for key in server.asked:
        one = (batch(server.url).collect(handle, Balloons) or {})[key]
        assert one.answer is None
        assert one.spend
        assert one.spend.tokens == 110


@pytest.mark.parametrize(
    ("status", "later"),
    [(400, False), (401, False), (404, False), (429, False), (503, False), (500, True), (502, True)],
)
def test_a_refused_batch_says_whether_it_may_have_been_taken(server: BatchServer, status: int, later: bool) -> None:
    server.refuse = status
    with pytest.raises(Refused) as error:
        batch(server.url).submit(asked(server.url).questions)
    assert error.value.later is later


def test_nobody_there_is_refused_now_and_asked_again_later(server: BatchServer) -> None:
    gone = "http://127.0.0.1:9/v1"
    handle = batch(server.url).submit(asked(server.url).questions)
    with pytest.raises(Refused) as error:
        batch(gone).submit(asked(gone).questions)
    assert not error.value.later
    with pytest.raises(Refused):
        batch(gone).collect(handle, Balloons)


def test_which_providers_have_batches_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9/v1")
    assert batching(connect("openai:gpt-5-mini")) is not None
    assert batching(connect("ollama:tiny")) is None
