"""A publisher's audio file as if it lay here: the pieces that are read are fetched, by ranges, through the guarded client.

Where a server gives no ranges the whole file is fetched, up to a size.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from aiohttp import StreamReader

from takefive.common.errors import FetchError
from takefive.common.http import GuardedClient

PIECE = 1 << 18
MOST = 200_000_000  # octets of one file: three hours at 128 kbit/s
_KEPT_PIECES = 8
_SECONDS = 120.0
_SIZE = re.compile(r"bytes 0-\d+/(\d+)")


@contextmanager
def opened(url: str, *, client: Callable[[], GuardedClient]) -> Iterator[BinaryIO]:
    """The file behind `url`, to read and to seek in. Raises FetchError, also while it is read."""
    with asyncio.Runner() as runner:
        guarded = runner.run(client().__aenter__())
        try:
            file = runner.run(_begun(guarded, url, runner))
            with file:
                yield file
        finally:
            runner.run(guarded.__aexit__(None, None, None))


async def _begun(client: GuardedClient, url: str, runner: asyncio.Runner) -> BinaryIO:
    """Ask for the first piece: the answer tells whether there are ranges."""
    asked = {"Range": f"bytes=0-{PIECE - 1}", "Accept-Encoding": "identity"}
    async with client.stream(url, headers=asked, total_timeout=_SECONDS) as (answer, _):
        told = _SIZE.fullmatch(answer.headers.get("Content-Range", ""))
        if answer.status == 206 and told:
            size = int(told[1])
            first = await _exactly(answer.content, min(size, PIECE))
            file = _Ranges(client, runner, str(answer.url), size, first, answer.headers.get("ETag"))
            return cast(BinaryIO, file)
        whole = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - closed by who reads it
        size = 0
        async for piece in answer.content.iter_chunked(PIECE):
            size += len(piece)
            if size > MOST:
                whole.close()
                raise FetchError(f"the audio is longer than {MOST:,} octets", retry=False)
            whole.write(piece)
        whole.seek(0)
        return whole


async def _exactly(content: StreamReader, size: int) -> bytes:
    try:
        return await content.readexactly(size)
    except asyncio.IncompleteReadError as error:
        raise FetchError("the audio broke off") from error


class _Ranges(io.RawIOBase):
    """Reads by pieces; the newest few are kept. All come from the address that gave the first, and of the same file."""

    def __init__(
        self, client: GuardedClient, runner: asyncio.Runner, url: str, size: int, first: bytes, etag: str | None
    ) -> None:
        super().__init__()
        self._client, self._runner, self._url, self._size = client, runner, url, size
        self._same = {"If-Range": etag} if etag and not etag.startswith("W/") else {}
        self._pieces: OrderedDict[int, bytes] = OrderedDict({0: first})
        self._at = self._fetched = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place of the next octet."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is fetched by that."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Up to so many octets: at most to the end of a piece."""
        number, within = divmod(self._at, PIECE)
        if self._at >= self._size:
            return 0
        found = self._piece(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _piece(self, number: int) -> bytes:
        if number not in self._pieces:
            self._pieces[number] = self._runner.run(self._fetch(number * PIECE))
            while len(self._pieces) > _KEPT_PIECES:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(number)
        return self._pieces[number]

    async def _fetch(self, first: int) -> bytes:
        last = min(first + PIECE, self._size) - 1
        self._fetched += PIECE
        if self._fetched > MOST:
            raise FetchError(f"more than {MOST:,} octets of one file", retry=False)
        asked = {"Range": f"bytes={first}-{last}", "Accept-Encoding": "identity", **self._same}
        answer = await self._client.get(self._url, headers=asked, max_bytes=PIECE)
        if answer.status != 206 or len(answer.body) != last - first + 1:
            raise FetchError("the audio changed while it was read")
        return answer.body
