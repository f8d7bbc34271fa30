"""Big files into a folder: through the guarded client, bounded, and going on where a broken or killed download stopped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from aiohttp import ClientError, ClientResponse, hdrs

from takefive.common.addresses import redacted
from takefive.common.errors import FetchError
from takefive.common.http import GuardedClient, RefusedAnswerError

_PIECE = 1 << 18
_TRIES = 4
_HOURS = 2 * 3600.0
_NO_SUCH_RANGE = 416

Progress = Callable[[int, int | None], object]
"""Told the bytes so far and, where the server says it, how many there will be."""


def _unseen(so_far: int, whole: int | None) -> None:
    """Nobody watches."""


async def download(
    client: GuardedClient,
    url: str,
    to: Path,
    *,
    max_bytes: int,
    total_timeout: float = _HOURS,
    progress: Progress = _unseen,
) -> None:
    """Fetch `url` into the file `to`, which is there whole or not at all.

    What has come so far stands in `to`.part, beside it what the server told of the whole: the rest is asked for only while
    that holds (Range with If-Range, RFC 9110 section 13.1.5), and taken only where it says the same of itself. Raises
    FetchError and RefusedAddressError.
    """
    part = _Part(to, url, max_bytes)
    for last in (False,) * (_TRIES - 1) + (True,):
        try:
            await _once(client, part, total_timeout, progress)
            break
        except RefusedAnswerError as error:
            if error.status != _NO_SUCH_RANGE or last:
                raise
            part.drop()  # the file has become another, shorter one
        except FetchError as error:
            if last or not error.retry:
                raise
    part.finish()


async def _once(client: GuardedClient, part: _Part, seconds: float, progress: Progress) -> None:
    headers = {str(hdrs.ACCEPT_ENCODING): "identity", **part.rest()}
    async with client.stream(part.url, headers=headers, total_timeout=seconds) as (answer, _):
        whole = part.begin(answer)
        try:
            async for piece in answer.content.iter_chunked(_PIECE):
                await asyncio.to_thread(part.add, piece)
                progress(part.have, whole)
        except (ClientError, TimeoutError) as error:
            about = redacted(part.url)
            raise FetchError(f"{about}: the download broke off after {part.have:,} bytes") from error


class _Part:
    """What has come so far, on disk, with what was told of the file that it is a part of."""

    def __init__(self, to: Path, url: str, most: int) -> None:
        self.url, self._to, self._most = url, to, most
        self._file, self._told = to.with_name(to.name + ".part"), to.with_name(to.name + ".told")
        self.have, self._of = 0, dict[str, str | int | None]()

    def rest(self) -> dict[str, str]:
        """The headers that ask for what is still missing."""
        self.have = self._file.stat().st_size if self._file.exists() else 0
        told = json.loads(self._told.read_text()) if self._told.exists() else {}
        self._of = told if isinstance(told, dict) else {}
        validator = _validator(self._of)
        return {hdrs.RANGE: f"bytes={self.have}-", hdrs.IF_RANGE: validator} if self.have and validator else {}

    def begin(self, answer: ClientResponse) -> int | None:
        """Take the answer's head: how many bytes there will be in the end, where the server says it."""
        about = _about(answer)
        if answer.status != 206:
            self.drop()
            self._of = about
            self._told.write_text(json.dumps(about))
        elif any(self._of.get(key) and value and self._of[key] != value for key, value in about.items()):
            self.drop()
            raise FetchError(f"{redacted(self.url)}: the file changed while it was downloaded")
        elif _begins_at(answer) != self.have:
            raise FetchError(f"{redacted(self.url)}: the server sent another part than asked for", retry=False)
        whole = self.have + answer.content_length if answer.content_length is not None else None
        self._refuse_more_than(self._most, whole or 0)
        return whole

    def add(self, piece: bytes) -> None:
        """Append."""
        self._refuse_more_than(self._most, self.have + len(piece))
        with self._file.open("ab") as file:
            file.write(piece)
        self.have += len(piece)

    def drop(self) -> None:
        """Begin again."""
        self._file.unlink(missing_ok=True)
        self.have = 0

    def finish(self) -> None:
        """All has come."""
        self._file.touch()
        self._file.replace(self._to)
        self._told.unlink(missing_ok=True)

    def _refuse_more_than(self, most: int, size: int) -> None:
        if size > most:
            raise FetchError(f"{redacted(self.url)}: more than {most:,} bytes", retry=False)


def _about(answer: ClientResponse) -> dict[str, str | int | None]:
    """What an answer says of the whole file, of which it may be a part: its entity tag, its date, its bytes."""
    length = answer.headers.get(hdrs.CONTENT_RANGE, "").rpartition("/")[2].strip()
    whole = answer.content_length if answer.status != 206 else int(length) if length.isdigit() else None
    return {"etag": answer.headers.get(hdrs.ETAG), "date": answer.headers.get(hdrs.LAST_MODIFIED), "bytes": whole}


def _validator(about: Mapping[str, str | int | None]) -> str | None:
    """What If-Range may hold: a strong entity tag, else the date."""
    etag, date = about.get("etag"), about.get("date")
    return str(etag) if etag and str(etag).startswith('"') else str(date) if date else None


def _begins_at(answer: ClientResponse) -> int | None:
    said = answer.headers.get(hdrs.CONTENT_RANGE, "").removeprefix("bytes ").partition("-")[0].strip()
    return int(said) if said.isdigit() else None
