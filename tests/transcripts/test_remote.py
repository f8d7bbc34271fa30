"""A transcription service over real HTTP: its words and times are taken, its moods endured, its nonsense refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import numpy as np
import pytest

from takefive.common.errors import SpeechError
from takefive.transcripts.audio import RATE
from takefive.transcripts.remote import Service

SAMPLES = np.zeros(4 * RATE, dtype=np.float32)


class Script(BaseHTTPRequestHandler):
    """Gives the next of the scripted answers."""

    answers: ClassVar[list[tuple[int, object]]] = []
    asked: ClassVar[list[tuple[str, str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, self.headers.get("Authorization", ""), body))
        status, said = self.answers.pop(0)
        sent = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def service() -> Iterator[Service]:
    Script.answers, Script.asked = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Script)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Service(f"http://127.0.0.1:{server.server_port}/v1/", "whisper-1", key="s3cret", wait=0.01)
    server.shutdown()
    server.server_close()


def test_words_and_times_are_those_of_the_service(service: Service) -> None:
    word = {"word": " Hello", "start": 0.5, "end": 0.9}
    Script.answers = [(200, {"text": "Hello", "language": "english", "words": [word, {"word": 5}, None]})]

    heard = service.hear(SAMPLES, language="en", hints="Ada Byrne")

    assert [tuple(w)[:3] for w in heard.words] == [("Hello", 0.5, 0.9)]
    path, key, body = Script.asked[0]
    assert (path, key) == ("/v1/audio/transcriptions", "Bearer s3cret")
    assert all(part in body for part in (b"RIFF", b"whisper-1", b"Ada Byrne", b"verbose_json", b"word"))


def test_without_words_the_phrases_are_spread_and_without_phrases_the_text(service: Service) -> None:
    Script.answers = [
        (200, {"text": "a b", "segments": [{"text": " a b", "start": 1, "end": 2}]}),
        (200, {"text": "one two three four"}),
    ]

    assert [tuple(w)[:3] for w in service.hear(SAMPLES).words] == [("a", 1.0, 1.5), ("b", 1.5, 2.0)]
    assert [w.start for w in service.hear(SAMPLES).words] == [0.0, 1.0, 2.0, 3.0]


def test_a_busy_service_is_asked_again(service: Service) -> None:
    Script.answers = [(429, {}), (503, b"oops"), (200, {"text": "here"})]

    assert [w.text for w in service.hear(SAMPLES).words] == ["here"]


@pytest.mark.parametrize("answer", [(401, {"error": "bad key s3cret"}), (200, ["a list"]), (200, {"text": 5})])
def test_what_no_second_try_mends_is_told_at_once_without_the_key(answer: tuple[int, object], service: Service) -> None:
    Script.answers = [answer]

    with pytest.raises(SpeechError) as caught:
        service.hear(SAMPLES)

    assert not caught.value.retry
    assert "s3cret" not in str(caught.value)


def test_half_an_answer_every_time_is_given_up_and_may_be_tried_later(service: Service) -> None:
    Script.answers = [(200, b'{"text": "half')] * 3

    with pytest.raises(SpeechError) as caught:
        service.hear(SAMPLES)

    assert caught.value.retry


def test_what_is_too_large_for_the_service_goes_to_it_in_halves(service: Service) -> None:
    minutes = np.zeros(120 * RATE, dtype=np.float32)
    word = {"word": "Hello", "start": 1.0, "end": 1.5}
    Script.answers = [(413, {}), (200, {"text": "Hello", "language": "en", "words": [word]}), (200, {"words": [word]})]

    heard = service.hear(minutes)

    first, second = heard.words
    assert (first.start, first.end) == (1.0, 1.5)
    cut = len(Script.asked[1][2]) // 2 / RATE
    assert second.start == pytest.approx(cut + 1, abs=0.1)
    assert heard.language == "en"


def test_more_than_services_take_is_never_sent_whole(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.transcripts.remote._MOST", 90 * RATE)
    Script.answers = [(200, {"text": "one"}), (200, {"text": "two"})]

    heard = service.hear(np.zeros(120 * RATE, dtype=np.float32))

    assert [word.text for word in heard.words] == ["one", "two"]
    assert all(len(body) < 2 * 90 * RATE + 2000 for _, _, body in Script.asked)


def test_a_service_that_takes_nothing_is_told_and_not_asked_for_ever(service: Service) -> None:
    Script.answers = [(413, {})] * 9

    with pytest.raises(SpeechError, match="413") as caught:
        service.hear(np.zeros(100 * RATE, dtype=np.float32))

    assert not caught.value.retry
    assert len(Script.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "a b", "words": "none"},
        {"text": "a b", "words": [{"word": "a", "start": "x", "end": -5}, {"word": "b"}]},
        {"text": "a b", "segments": [{"text": 5}, {"text": "a b", "start": float("nan"), "end": None}]},
        {"text": "a b", "segments": 7},
        {"text": "a b", "language": 5},
    ],
)
def test_odd_parts_of_an_answer_cost_their_times_alone(answer: dict[str, object], service: Service) -> None:
    Script.answers = [(200, answer)]

    assert {"a", "b"} <= {word.text for word in service.hear(SAMPLES).words}
