"""How slowly, and how far, a server says an answer: for tests that need every pace of one."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

from loopback import Answer, Request, reply

_A_WHILE, _FOR_EVER = 0.02, 3.0  # pauses in seconds; the client has long gone after the second
_BROKEN = None  # the connection is reset

Step = bytes | float | None


@dataclass(frozen=True)
class Said:
    """What the server would say in one go: the status and headers, how long the body is, and the body."""

    start: bytes
    length: bytes
    body: bytes

    @property
    def head(self) -> bytes:
        return self.start + self.length

    @property
    def chunks(self) -> Iterator[bytes]:
        """All but the last one, which is empty."""
        yield self.start + b"Transfer-Encoding: chunked\r\n\r\n"
        yield from (b"%x\r\n%s\r\n" % (len(piece), piece) for piece in _pieces(self.body))


@dataclass(frozen=True)
class Pace:
    """How the server says it, and how far it comes."""

    says: Callable[[Said], Iterable[Step]]
    has_head: bool = True
    has_body: bool = True
    in_time: bool = True

    def answer(self, status: int, body: bytes, **headers: str) -> Answer:
        """For a loopback server."""
        start, _, _ = reply(status, **headers).partition(b"Content-Length")
        said = Said(start, b"Content-Length: %d\r\n\r\n" % len(body), body)

        async def say(_: Request, writer: asyncio.StreamWriter) -> None:
            for step in self.says(said):
                await _take(step, writer)

        return say


async def _take(step: Step, writer: asyncio.StreamWriter) -> None:
    if isinstance(step, bytes):
        writer.write(step)
        await writer.drain()
    elif step is _BROKEN:
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    await asyncio.sleep(step if isinstance(step, float) else 0)


def _pieces(data: bytes, size: int = 11) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _without_end(pieces: Iterator[bytes], piece: bytes) -> Iterator[Step]:
    yield from pieces
    for step in repeat((piece, _A_WHILE)):
        yield from step


PACES = {
    "at once": Pace(lambda said: (said.head + said.body,)),
    "after a while": Pace(lambda said: (_A_WHILE, said.head, _A_WHILE, said.body)),
    "head in drips": Pace(lambda said: (*_pieces(said.head), said.body)),
    "body in drips": Pace(lambda said: (said.head, *_pieces(said.body))),
    "chunk by chunk": Pace(lambda said: (*said.chunks, _A_WHILE, b"0\r\n\r\n")),
    "until it closes": Pace(lambda said: (said.start + b"\r\n", _A_WHILE, said.body)),
    "stays open behind the body": Pace(lambda said: (said.head + said.body, _FOR_EVER)),
    "says nothing": Pace(lambda _: (_FOR_EVER,), has_head=False, in_time=False),
    "stops in the head": Pace(lambda said: (_half(said.head), _FOR_EVER), has_head=False, in_time=False),
    "head without end": Pace(
        lambda said: _without_end(_pieces(said.start), b"X: y\r\n"), has_head=False, in_time=False
    ),
    "stops before the body": Pace(lambda said: (said.head, _FOR_EVER), has_body=False, in_time=False),
    "stops in the body": Pace(lambda said: (said.head, _half(said.body), _FOR_EVER), has_body=False, in_time=False),
    "chunks without end": Pace(
        lambda said: _without_end(said.chunks, b"1\r\n \r\n" if said.body else b""), has_body=False, in_time=False
    ),
    "closes at once": Pace(lambda _: (), has_head=False),
    "closes in the head": Pace(lambda said: (_half(said.head), _A_WHILE), has_head=False),
    "closes in the body": Pace(lambda said: (said.head, _half(said.body), _A_WHILE), has_body=False),
    "closes before the last chunk": Pace(lambda said: (*said.chunks, _A_WHILE), has_body=False),
    "resets in the body": Pace(lambda said: (said.head, _half(said.body), _A_WHILE, _BROKEN), has_body=False),
}  # fmt: skip
