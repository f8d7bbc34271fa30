"""A server on loopback that speaks as OpenAI's batches and chat completions do, and answers as its script tells it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scripted_model import Line, Reply, honest


@dataclass
class BatchServer:
    """`asked` holds the questions of all batches, `direct` those asked without one. The fields before are the test's to set."""

    by_batch: Line = honest
    directly: Line = honest
    status: str = "in_progress"
    """Of every batch: "completed", "expired", "failed" …"""
    left_out: Callable[[int], bool] = lambda _: False
    """Whether the question of this number is never run."""
    refuse: int = 0
    """The HTTP status that a new batch is refused with."""
    on_create: Callable[[], None] = lambda: None
    url: str = ""
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    direct: list[dict[str, Any]] = field(default_factory=list)
    created: int = 0
    files: dict[str, bytes] = field(default_factory=dict)

    def post(self, path: str, body: bytes) -> Reply:
        if path == "/v1/files":
            name = f"file-{len(self.files)}"
            self.files[name] = b"\n".join(line for line in body.splitlines() if line.startswith(b'{"custom_id"'))
            return _json(
                {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "x", "purpose": "batch"}
            )
        if path == "/v1/batches":
            if self.refuse:
                return Reply(status=self.refuse)
            self.created += 1
            lines = self.files[json.loads(body)["input_file_id"]].splitlines()
            self.asked |= {row["custom_id"]: row["body"] for row in map(json.loads, lines)}
            self.on_create()
            return self._batch("in_progress")
        self.direct.append(json.loads(body))
        return self.directly if isinstance(self.directly, Reply) else self.directly(self.direct[-1])

    def get(self, path: str) -> Reply:
        if path.startswith("/v1/batches/"):
            return self._batch(self.status)
        name = path.split("/")[3]
        return Reply(raw=self._output() if name == "file-out" else self.files[name])

    def _batch(self, status: str) -> Reply:
        about = {"id": "batch_1", "object": "batch", "endpoint": "/v1/responses", "completion_window": "24h"}
        ended = {"output_file_id": "file-out"} if status in ("completed", "expired") else {}
        return _json(about | ended | {"created_at": 1, "input_file_id": "file-0", "status": status})

    def _output(self) -> bytes:
        """The last question's answer first, and one that nobody asked for."""
        rows = [_line("0" * 64, honest(_as_chat({"instructions": "", "input": "PASSAGES\n\n1. Mine."})))]
        for n, (key, body) in reversed(list(enumerate(self.asked.items()))):
            if not self.left_out(n):
                line = self.by_batch
                rows.append(_line(key, line if isinstance(line, Reply) else line(_as_chat(body))))
        return b"\n".join(json.dumps(row).encode() for row in rows)


@contextmanager
def batches(**script: Any) -> Iterator[BatchServer]:
    """Serve on a free port until the block ends."""
    told = BatchServer(**script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._say(told.post(self.path, self.rfile.read(int(self.headers["Content-Length"]))))

        def do_GET(self) -> None:
            self._say(told.get(self.path))

        def do_DELETE(self) -> None:
            self._say(_json({"id": "x", "object": "file", "deleted": True}))

        def _say(self, reply: Reply) -> None:
            body = reply.body()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(OSError):  # who asked is gone
                super().handle()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _json(value: object) -> Reply:
    return Reply(raw=json.dumps(value).encode())


def _as_chat(body: dict[str, Any]) -> dict[str, Any]:
    """A question to `/v1/responses` as the same one to `/v1/chat/completions`, which the scripts read."""
    said = body["input"] if isinstance(body["input"], list) else [{"role": "user", "content": body["input"]}]
    return {"messages": [{"role": one["role"], "content": re.sub(r"\r", "", str(one["content"]))} for one in said]}


def _line(key: str, reply: Reply) -> dict[str, Any]:
    if reply.status >= 400:
        return {"custom_id": key, "response": {"status_code": reply.status, "body": {"error": {"message": "said so"}}}}
    usage = dict(zip(("input_tokens", "output_tokens"), reply.tokens, strict=True)) | {
        "total_tokens": sum(reply.tokens)
    }
    usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}  # type: ignore[dict-item]
    text = {"type": "output_text", "text": reply.content, "annotations": []}
    message = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [text]}
    body = {"id": "r", "object": "response", "created_at": 1, "model": "tiny", "status": "completed"}
    body |= {"output": [message], "usage": usage}  # type: ignore[dict-item]
    return {"custom_id": key, "response": {"status_code": 200, "body": body}}
