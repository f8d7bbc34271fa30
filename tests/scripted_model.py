"""A server on loopback that speaks as OpenAI's chat completions do and says what its script tells it, honest or not."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from takefive.common.errors import BudgetError
from takefive.common.llm import Spend


@dataclass(frozen=True)
class Reply:
    """One answer: the model's words with what they cost in tokens, or an error of the server's."""

    content: str | None = None
    status: int = 200
    tokens: tuple[int, int] = (1000, 200)
    finish: str = "stop"
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    raw: bytes | None = None  # exactly these bytes as the body

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.status >= 400:
            return json.dumps({"error": {"message": f"said {self.status}", "type": "scripted"}}).encode()
        message = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        usage = dict(zip(("prompt_tokens", "completion_tokens"), self.tokens, strict=True))
        answer = {"id": "x", "object": "chat.completion", "created": 1, "model": "scripted"}
        choices = [{"index": 0, "finish_reason": self.finish, "message": message}]
        return json.dumps(answer | {"choices": choices, "usage": usage | {"total_tokens": sum(self.tokens)}}).encode()


Line = Reply | Callable[[dict[str, Any]], Reply]


@dataclass
class ScriptedModel:
    """Says the lines of its script one after the other, the last one for ever. `asked` holds the requests as they came."""

    script: list[Line]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def answer(self, request: dict[str, Any]) -> Reply:
        line = self.script[min(len(self.asked), len(self.script) - 1)]
        self.asked.append(request)
        return line if isinstance(line, Reply) else line(request)


@contextmanager
def scripted(*script: Line) -> Iterator[ScriptedModel]:
    """Serve a script on a free port until the block ends."""
    model = ScriptedModel(list(script))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.keys.append(self.headers["Authorization"])
            reply = model.answer(request)
            time.sleep(reply.delay)
            body = reply.body()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(OSError):  # who asked did not wait
                super().handle()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def material(request: dict[str, Any]) -> str:
    """What was put to the model in a request, all messages of ours."""
    return "\n".join(message["content"] for message in request["messages"] if message["role"] == "user")


def passages(request: dict[str, Any]) -> dict[int, str]:
    """The numbered passages offered in a request."""
    listed = material(request).rpartition("PASSAGES\n\n")[2]
    return {int(n): text for n, text in re.findall(r"^(\d+)\. (.*)$", listed, flags=re.MULTILINE)}


def claim(**fields: Any) -> dict[str, Any]:
    """One claim as a model writes it."""
    return {"passage": 0, "quote": "", "headline": "", "text": "", "kind": "claim", "strength": 3} | fields


def claims(*rows: dict[str, Any], **reply: Any) -> Reply:
    """An answer with these claims."""
    return Reply(json.dumps({"insights": list(rows)}), **reply)


def honest_claim(number: int, passage: str, **fields: Any) -> dict[str, Any]:
    """A claim that says with a passage's own words what it says, and nothing else."""
    words = passage.split()
    return claim(passage=number, headline=" ".join(words[:9]), text=" ".join(words[:60]), **fields)


def honest(request: dict[str, Any]) -> Reply:
    """Writes up the first three passages that it is offered."""
    offered = list(passages(request).items())[:3]
    return claims(*(honest_claim(n, text) for n, text in offered))


@dataclass
class Purse:
    """A meter and a cache in memory."""

    tokens: int = 10**9
    spent: dict[int, Spend] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def reserve(self, most: Spend) -> int:
        if self.total + most.tokens > self.tokens:
            raise BudgetError("the purse is empty")
        self.spent[len(self.spent)] = most
        return len(self.spent) - 1

    def settle(self, number: int, spent: Spend) -> None:
        self.spent[number] = spent

    def get(self, key: str) -> str | None:
        return self.answers.get(key)

    def put(self, key: str, answer: str) -> None:
        self.answers[key] = answer

    @property
    def total(self) -> int:
        return sum(one.tokens for one in self.spent.values())

    @property
    def dollars(self) -> Decimal:
        return sum((one.dollars or Decimal(0) for one in self.spent.values()), Decimal(0))
