"""Big files go on where a broken download stopped, only while they are the same file, and never grow without bound."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from loopback import Loopback, Request, loopback, reply
from takefive.common.download import download
from takefive.common.errors import FetchError
from takefive.common.http import GuardedClient

SONG = bytes(range(256)) * 4000
OTHER = bytes(range(255, -1, -1)) * 3000


class Shelf:
    """Serves SONG, breaking off after some bytes the first times."""

    def __init__(
        self, *, breaks: int = 0, etag: str = '"v1"', ranges: bool = True, heeds: bool = True, song: bytes = SONG
    ) -> None:
        """`heeds`: whether it minds If-Range."""
        self.breaks, self.etag, self.ranges, self.heeds = breaks, etag, ranges, heeds
        self.song, self.asked = song, list[str]()

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        wanted = request.headers.get("range", "")
        self.asked.append(wanted)
        start = 0
        if wanted and self.ranges and (request.headers.get("if-range") == self.etag or not self.heeds):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        head = {"etag": self.etag, "content_length": str(len(self.song) - start)}
        if start:
            head["content_range"] = f"bytes {start}-{len(self.song) - 1}/{len(self.song)}"
        body = self.song[start:]
        if self.breaks:
            self.breaks -= 1
            body = body[: len(body) // 2]
        writer.write(reply(206 if start else 200, body, **head))
        await writer.drain()


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def fetched(shelf: object, to: Path, *, max_bytes: int = 10_000_000) -> Loopback:
    async with loopback({"/a.mp3": shelf}) as server:  # type: ignore[dict-item]
        async with GuardedClient(user_agent="test", trusted=server.trusted) as client:
            await download(client, server.url("/a.mp3"), to, max_bytes=max_bytes)
        return server


async def test_a_whole_file_lies_there_and_nothing_beside_it(tmp_path: Path) -> None:
    await fetched(Shelf(), tmp_path / "audio")

    assert (tmp_path / "audio").read_bytes() == SONG
    assert names(tmp_path) == ["audio"]


async def test_a_broken_download_asks_only_for_the_rest(tmp_path: Path) -> None:
    shelf = Shelf(breaks=2)

    await fetched(shelf, tmp_path / "audio")

    assert (tmp_path / "audio").read_bytes() == SONG
    first, *later = shelf.asked
    began = [int(one.removeprefix("bytes=").rstrip("-")) for one in later]
    assert (first, len(began)) == ("", 2)
    assert 0 < began[0] < began[1] < len(SONG)


async def test_what_a_killed_process_left_is_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        await fetched(Shelf(breaks=9), tmp_path / "audio")
    shelf = Shelf()

    await fetched(shelf, tmp_path / "audio")

    assert (tmp_path / "audio").read_bytes() == SONG
    assert shelf.asked[0].startswith("bytes=")


@pytest.mark.parametrize("second", [Shelf(etag='"v2"'), Shelf(ranges=False)])
async def test_another_file_or_a_server_without_ranges_is_fetched_from_the_start(second: Shelf, tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        await fetched(Shelf(breaks=9, song=OTHER), tmp_path / "audio")

    await fetched(second, tmp_path / "audio")

    assert (tmp_path / "audio").read_bytes() == SONG


@pytest.mark.parametrize("etag", ['"v1"', '"v2"'])
async def test_the_rest_of_another_file_is_not_put_behind_what_came_before(etag: str, tmp_path: Path) -> None:
    """A server that minds no If-Range: another entity tag, or only another length, tells that the file has changed."""
    with pytest.raises(FetchError):
        await fetched(Shelf(breaks=9, song=OTHER), tmp_path / "audio")

    await fetched(Shelf(etag=etag, heeds=False), tmp_path / "audio")

    assert (tmp_path / "audio").read_bytes() == SONG
    assert names(tmp_path) == ["audio"]


async def test_a_part_that_was_not_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="another part"):
        await fetched(reply(206, b"tail", content_range="bytes 7-10/11"), tmp_path / "audio")


async def test_a_file_larger_than_allowed_is_refused_said_or_unsaid(tmp_path: Path) -> None:
    for head in ({}, {"transfer_encoding": "chunked"}):
        body = SONG if not head else b"%x\r\n" % len(SONG) + SONG + b"\r\n0\r\n\r\n"
        with pytest.raises(FetchError, match="more than 1,000 bytes"):
            await fetched(reply(200, body, **head), tmp_path / "audio", max_bytes=1000)
    assert not (tmp_path / "audio").exists()


async def test_a_part_as_long_as_the_changed_file_begins_again(tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        await fetched(Shelf(breaks=9, song=OTHER), tmp_path / "audio")
    times = 0

    async def first_416(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal times
        times += 1
        writer.write(reply(416) if times == 1 else reply(200, b"new"))

    await fetched(first_416, tmp_path / "audio")

    assert (tmp_path / "audio").read_bytes() == b"new"
