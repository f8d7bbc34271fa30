"""A real HTTP server in a thread, for code that brings its own event loop or none: keeps what it is sent, answers as told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Got:
    """One request; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`statuses` are given one after the other, then 200. 0 is to hang up without an answer."""

    got: list[Got] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # what a GET finds
    ranges: bool = True
    port: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def trusted(self) -> dict[str, str]:
        here = f"127.0.0.1:{self.port}"
        return {here: here}


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Serve on a free port until the block ends."""
    seen = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.got.append(Got(self.command, self.path, headers, body))
            status = seen.statuses.pop(0) if seen.statuses else 200
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in seen.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.got.append(Got(self.command, self.path, headers, b""))
            whole = seen.files.get(self.path)
            if whole is None:
                self.send_error(404)
                return
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", headers.get("range", "")) if seen.ranges else None
            first, last = 0, len(whole) - 1
            if wanted:
                first, last = int(wanted[1]), min(int(wanted[2] or last), last)
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
            self.send_header("Content-Length", str(max(0, last - first + 1)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(whole[first : last + 1])

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.port = server.server_port
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
