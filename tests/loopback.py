"""A real server on loopback that says exactly the bytes it is told: what no honest server library would send."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

Answer = bytes | Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """What a client sent: path with query, headers with names in lower case, and the body of a POST."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass
class Loopback:
    """Answers by path; what it was asked stands in `asked`. `connections` counts every socket that was opened."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def url(self, path: str = "/", host: str = "feeds.example") -> str:
        """An address under a public-looking name; trust it with `trusted`."""
        return f"http://{host}{path}"

    @property
    def trusted(self) -> dict[str, str]:
        """Maps the names tests use to this server."""
        here = f"127.0.0.1:{self.port}"
        return dict.fromkeys(("feeds.example", "other.example", "third.example"), here)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one answer."""
        self.connections += 1
        try:
            request = _read(await reader.readuntil(b"\r\n\r\n"))
            if length := int(request.headers.get("content-length", "0")):
                request = replace(request, body=await reader.readexactly(length))
            self.asked.append(request)
            answer = self.answers.get(request.path, reply(404))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(request, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def loopback(answers: Mapping[str, Answer] | None = None) -> AsyncIterator[Loopback]:
    """Serve on a free port until the block ends."""
    served = Loopback(dict(answers or {}))
    server = await asyncio.start_server(served.handle, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()


def reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """A whole HTTP answer; `content_type` becomes "Content-Type"."""
    lines = [f"HTTP/1.1 {status} Said", "Connection: close"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    if "content_length" not in headers and "transfer_encoding" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def _read(head: bytes) -> Request:
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (re.split(r":\s*", line, maxsplit=1) for line in rest if ":" in line)
    method, path = first.split(" ")[:2]
    return Request(path, {name.lower(): value for name, value in pairs}, method)
