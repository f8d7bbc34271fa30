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
