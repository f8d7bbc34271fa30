"""A real HTTP server on loopback plays the service: good, slow, refusing, and telling nonsense."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from takefive.common.errors import ModelError, UsageError
from takefive.relations.embed import named
from takefive.relations.embed_service import ServiceEmbedder

Answer = Callable[[list[str]], tuple[int, Any]]


def embedded(texts: list[str], width: int = 3) -> list[dict[str, Any]]:
    """Not of length 1, last first."""
    rows = [{"index": at, "embedding": [float(len(text)), 1.0, 2.0][:width]} for at, text in enumerate(texts)]
    return rows[::-1]


def well(texts: list[str]) -> tuple[int, Any]:
    return 200, {"data": embedded(texts)}


class Service:
    """Answers with the next of `answers`, then well; what it was asked stands in `asked`."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.address = ""

    def embedder(self, **options: Any) -> ServiceEmbedder:
        return ServiceEmbedder(self.address, "small", **{"wait": 0.01, "timeout": 2, **options})


@pytest.fixture
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))) | {"path": self.path})
            told.headers.append(self.headers)
            answer = told.answers.pop(0) if told.answers else well
            status, document = answer(told.asked[-1]["input"])
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 307:
                self.send_header("Location", told.address + "/elsewhere")
            if status == 429:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_port}/v1"
    yield told
    server.shutdown()
    server.server_close()


def test_texts_come_back_as_rows_of_length_1_in_their_own_order(service: Service) -> None:
    vectors = service.embedder(key="secret").encode(["a", "bb"])
    assert np.allclose(vectors, [[1, 1, 2] / np.sqrt(6), [2, 1, 2] / np.sqrt(9)])
    assert vectors.dtype == np.float32
    assert service.asked == [
        {"model": "small", "input": ["a", "bb"], "encoding_format": "float", "path": "/v1/embeddings"}
    ]
    assert service.headers[0]["Authorization"] == "Bearer secret"


def test_many_texts_go_in_batches(service: Service) -> None:
    vectors = service.embedder().encode(["x" * (n % 7 + 1) for n in range(300)])
    assert [len(asked["input"]) for asked in service.asked] == [128, 128, 44]
    assert vectors.shape == (300, 3)
    assert np.allclose(vectors[0], vectors[7])
    assert service.embedder().encode([]).shape == (0, 0)


def test_what_may_pass_is_asked_again(service: Service) -> None:
    service.answers = [lambda _: (429, {}), lambda _: (503, b"later")]
    assert service.embedder().encode(["a"]).shape == (1, 3)
    assert len(service.asked) == 3


@pytest.mark.parametrize(("status", "asked", "later"), [(500, 2, True), (401, 1, False), (307, 1, False)])
def test_what_does_not_pass_is_one_line_without_the_key(service: Service, status: int, asked: int, later: bool) -> None:
    service.answers = [lambda _: (status, {"error": "your key secret-key is bad"})] * 9
    with pytest.raises(ModelError, match=f"small@127.0.0.1 answered {status}") as told:
        service.embedder(tries=2, key="secret-key").encode(["a"])
    assert told.value.retry is later
    assert len(service.asked) == asked
    assert "secret-key" not in str(told.value)


@pytest.mark.parametrize(
    "document",
    [
        b"<html>",
        b"[]",
        {},
        {"data": []},
        {"data": [{"index": 0, "embedding": [1, 2]}]},
        {"data": [{"index": 0, "embedding": [1, 2]}, {"index": 0, "embedding": [1, 2]}]},
        {"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1, 2, 3]}]},
        {"data": [{"index": n, "embedding": [1, 2]} for n in range(3)]},
        {"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [0, 0]}]},
        b'{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [NaN, 1]}]}',
        b'{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 1, "embedding": [1e999, 1]}]}',
        {"data": [{"index": 0, "embedding": [1, None]}, {"index": 1, "embedding": ["x", 1]}]},
        {"data": [{"index": 0, "embedding": 1}, {"index": 1, "embedding": 1}]},
        {"data": [{"index": 0, "embedding": []}, {"index": 1, "embedding": []}]},
    ],
    ids=str,
)
def test_nonsense_is_refused(service: Service, document: Any) -> None:
    service.answers = [lambda _: (200, document)] * 2
    with pytest.raises(ModelError, match=r"small@127\.0\.0\.1: "):
        service.embedder(tries=1).encode(["a", "b"])


def test_another_width_than_before_is_refused(service: Service) -> None:
    embedder = service.embedder()
    assert embedder.dimension == 3
    service.answers = [lambda texts: (200, {"data": embedded(texts, width=2)})]
    with pytest.raises(ModelError, match="another width"):
        embedder.encode(["a"])


def test_a_service_that_hangs_or_is_not_there_is_given_up(service: Service) -> None:
    hangs = threading.Event()
    service.answers = [lambda _: (hangs.wait(2), {})]  # type: ignore[list-item]
    with pytest.raises(ModelError, match="gave no answer"):
        service.embedder(timeout=0.1, tries=1).encode(["a"])
    hangs.set()
    with pytest.raises(ModelError, match="gave no answer") as told:
        ServiceEmbedder("http://127.0.0.1:9/v1", "small", tries=2, wait=0.01).encode(["a"])
    assert told.value.retry


def test_a_key_goes_to_its_own_host_only(service: Service) -> None:
    host = service.address.removeprefix("http://").removesuffix("/v1")
    named(f"{service.address} small", {host: "mine"}).encode(["a"])
    named(f"{service.address} small", {"api.example.org": "theirs"}).encode(["a"])
    assert [headers["Authorization"] for headers in service.headers] == ["Bearer mine", None]
    for source in ("https://host/v1", "https:///v1 model", "https://me:pw@host/v1 model"):
        with pytest.raises(UsageError, match="https://host/v1 model"):
            named(source)
