"""Compressed bodies to bytes, piece by piece, never more than was allowed. Pure."""

from __future__ import annotations

import sys
import zlib
from typing import Any, Protocol

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

from takefive.common.errors import FetchError

ACCEPTED = "gzip, deflate, br, zstd"
# Feeds shrink 4 to 40 times; a bomb 1000 times. Below the floor a bomb does no harm, so small odd files pass.
BOMB_RATIO, BOMB_FLOOR = 200, 4_000_000
_MOST_LAYERS = 2


class _Step(Protocol):
    """One decompressor: feed bytes, get at most `room` bytes, ask again with b"" while `waiting`."""

    def some(self, data: bytes, room: int) -> bytes: ...
    @property
    def waiting(self) -> bool: ...
    @property
    def complete(self) -> bool: ...


class _Zlib:
    """gzip and deflate, also the raw deflate that some servers send, also gzip files of several members."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._unzip = zlib.decompressobj(wbits)
        self._rest = b""

    def some(self, data: bytes, room: int) -> bytes:
        data = self._rest + data
        if self._unzip.eof:
            if not data.startswith(b"\x1f\x8b"):
                self._rest = b""  # padding after the last member
                return b""
            self._unzip = zlib.decompressobj(self._wbits)
        got = self._unzip.decompress(data, room)
        self._rest = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail
        return got

    @property
    def waiting(self) -> bool:
        return bool(self._rest)

    @property
    def complete(self) -> bool:
        return self._unzip.eof


class _Brotli:
    def __init__(self) -> None:
        self._unzip: Any = brotli.Decompressor()
        self._more = False

    def some(self, data: bytes, room: int) -> bytes:
        if self._unzip.is_finished():
            self._more = False
            return b""
        got = bytes(self._unzip.process(data, output_buffer_limit=room))
        self._more = bool(got) or not self._unzip.can_accept_more_data()
        return got

    @property
    def waiting(self) -> bool:
        return self._more

    @property
    def complete(self) -> bool:
        return bool(self._unzip.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._unzip = ZstdDecompressor()

    def some(self, data: bytes, room: int) -> bytes:
        return b"" if self._unzip.eof else self._unzip.decompress(data, room)

    @property
    def waiting(self) -> bool:
        return not self._unzip.eof and not self._unzip.needs_input

    @property
    def complete(self) -> bool:
        return self._unzip.eof


class Decoder:
    """Takes a body as it arrives and gives it decoded; raises FetchError before it exceeds `max_bytes`.

    With `cut` it gives the first `max_bytes` of a longer one instead, and is then `full`: feed it no more.
    `coding` is the Content-Encoding as sent. A body that is not what its header says is taken as it is.
    """

    def __init__(self, coding: str, max_bytes: int, *, cut: bool = False) -> None:
        names = [n.strip().lower() for n in coding.split(",")]
        self._names = [n for n in reversed(names) if n not in ("", "identity", "aws-chunked", "none", "utf-8")]
        if len(self._names) > _MOST_LAYERS:
            raise FetchError(f"the answer is packed {len(self._names)} times over", retry=False)
        self._max, self._cut = max_bytes, cut
        self.full = False
        # One for each layer; made when its first bytes are there, None where those show that the header is wrong.
        self._steps: list[_Step | None] = []
        self._came = self._gave = 0

    def feed(self, data: bytes) -> bytes:
        """The next piece, decoded."""
        self._came += len(data)
        try:
            return self._through(data, 0) if data else b""
        except (zlib.error, brotli.error, ZstdError) as error:
            raise FetchError(f"the answer is broken: {error}") from error

    def finish(self) -> None:
        """Call after the last piece: raises FetchError when the body stops in the middle."""
        if not all(step is None or step.complete for step in self._steps):
            raise FetchError("the answer stops in the middle")

    def _through(self, data: bytes, layer: int) -> bytes:
        if layer == len(self._names):
            return self._count(data)
        if layer == len(self._steps):
            self._steps.append(_step(self._names[layer], data))
        step, out = self._steps[layer], bytearray()
        if step is None:
            return self._through(data, layer + 1)
        while True:
            # A piece at a time, so that even the middle of two layers never grows beyond one piece.
            piece = step.some(data, 1 << 18)
            if piece:
                out += self._through(piece, layer + 1)
            if self.full or not step.waiting:
                return bytes(out)
            data = b""

    def _count(self, data: bytes) -> bytes:
        self._gave += len(data)
        if self._gave > self._max and self._cut:
            self.full = True
            return data[: self._max - self._gave]
        if self._gave > self._max:
            raise FetchError(f"the answer is longer than {self._max:,} bytes", retry=False)
        if self._gave > BOMB_FLOOR and self._gave > BOMB_RATIO * self._came:
            raise FetchError(f"the answer unpacks to more than {BOMB_RATIO} times its size", retry=False)
        return data


def _step(name: str, start: bytes) -> _Step | None:
    """The decompressor for one coding; None where the first bytes show that the header is wrong."""
    if name in ("gzip", "x-gzip"):
        return _Zlib(31) if start.startswith(b"\x1f") else None
    if name == "deflate":
        return _Zlib(15) if _zlib_header(start) else _raw(start)
    if name == "br":
        return None if start.lstrip().startswith((b"<?xml", b"<rss", b"<!DOCTYPE")) else _Brotli()
    if name == "zstd":
        return _Zstd() if b"\x28\xb5\x2f\xfd".startswith(start[:4]) else None
    raise FetchError(f"the answer is packed as {name[:40]!r}, which nobody asked for", retry=False)


def _zlib_header(start: bytes) -> bool:
    return start[0] & 0x0F == 8 and (len(start) == 1 or int.from_bytes(start[:2], "big") % 31 == 0)


def _raw(start: bytes) -> _Step | None:
    return None if start.lstrip().startswith(b"<") else _Zlib(-15)
