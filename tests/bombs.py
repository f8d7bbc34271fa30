"""Answers made to cost whoever reads them: each is a few kilobytes to send, or never ends."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sys
import zlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from time import monotonic

import brotli

from loopback import Answer, Request, loopback, reply
from takefive.common.http import GuardedClient
from takefive.feeds import apart
from takefive.feeds.fetch import FeedRequest, fetch_feed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MB = 1_000_000
_HEAD, _TAIL = b"<rss><channel><title>A show</title>", b"</channel></rss>"
_ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def _packed(data: bytes) -> bytes:
    return reply(body=gzip.compress(data, 6), content_encoding="gzip")


def _feed(items: bytes) -> bytes:
    return reply(body=_HEAD + items + _TAIL)


def _nearly(size: int) -> bytes:
    """Spaces with as much noise between them as passes for a feed that packs well."""
    return b"".join(n.to_bytes(3, "big").hex().encode() + b" " * 700 for n in range(size // 706))


def _numbered(piece: str, count: int) -> bytes:
    return "".join(piece.replace("#", str(n)) for n in range(count)).encode()


async def _endless(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"<item>\n\n" * 8192 + b"\r\n")
        await writer.drain()


async def _drip(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(1)


async def _slow_headers(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(1)


async def _provisional(_: Request, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)
        await writer.drain()


# Made when they are asked for: all of them together would fill the memory of the server.
HTTP: dict[str, Callable[[], Answer]] = {
    "gzip, 1000 to 1": lambda: _packed(bytes(200 * _MB)),
    "gzip, twice": lambda: reply(body=gzip.compress(gzip.compress(bytes(500 * _MB))), content_encoding="gzip, gzip"),
    "gzip, just under what is refused": lambda: _packed(_nearly(60 * _MB)),
    "deflate": lambda: reply(body=zlib.compress(bytes(200 * _MB)), content_encoding="deflate"),
    "brotli": lambda: reply(body=brotli.compress(bytes(200 * _MB), quality=5), content_encoding="br"),
    "zstd": lambda: reply(body=zstd.compress(bytes(200 * _MB)), content_encoding="zstd"),
    "zstd with a window of 128 MB": lambda: reply(
        body=zstd.compress(_nearly(150 * _MB), options={zstd.CompressionParameter.window_log: 27}),
        content_encoding="zstd",
    ),
    "chunks without end": lambda: _endless,
    "a byte each second": lambda: _drip,
    "a header each second": lambda: _slow_headers,
    "answers of 1xx without end": lambda: _provisional,
    "a header of 1 MB": lambda: reply(x_long="a" * _MB),
    "100,000 cookies": lambda: b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 100_000 + b"\r\n",
    "a length that lies": lambda: reply(body=_HEAD, content_length=str(10**15)),
}
FEEDS: dict[str, Callable[[], Answer]] = {
    "billion laughs": lambda: reply(
        body=f'<!DOCTYPE rss [<!ENTITY l0 "ha">{_ENTITIES}]><rss><channel><title>&l9;</title><item/></channel></rss>'.encode()
    ),
    "quadratic entities": lambda: reply(
        body=b'<!DOCTYPE rss [<!ENTITY a "'
        + b"a" * 100_000
        + b'">]>'
        + _HEAD
        + b"<item>"
        + b"&a;" * 100_000
        + b"</item>"
    ),
    "entities in an attribute": lambda: reply(
        body=b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 100_000 + b'">]><rss v="' + b"&a;" * 100_000 + b'">' + _TAIL
    ),
    "a document type of 5 MB": lambda: reply(
        body=b"<!DOCTYPE rss [" + _numbered('<!ENTITY e# "#">', 200_000) + b"]>" + _HEAD + _TAIL
    ),
    "a million tags nested": lambda: _feed(b"<item>" + b"<a>" * 1_000_000),
    "a million items nested": lambda: _feed(b"<item>" * 1_000_000),
    "a million elements": lambda: _feed(b"<item>" + b"<a/>" * 1_000_000 + b"</item>"),
    "a million items": lambda: _feed(b"<item/>" * 1_000_000),
    "100,000 items with a title": lambda: _feed(_numbered("<item><title>#</title><guid>#</guid></item>", 100_000)),
    "a million attributes of one element": lambda: _feed(b"<item " + _numbered('a#="" ', 1_000_000) + b"/>"),
    "a million attributes of many": lambda: _feed(b"<item>" + b"<a b='' c=''/>" * 500_000 + b"</item>"),
    "attributes that are written twice": lambda: _feed(b"<item>" + b"<a b='' b=''/>" * 300_000 + b"</item>"),
    "an attribute of 20 MB": lambda: _feed(b'<item><enclosure url="' + b"a" * 20 * _MB + b'"/></item>'),
    "an item of 100 MB": lambda: _feed(b"<item><description>" + _nearly(100 * _MB) + b"</description></item>"),
    "a title of 12 MB with an emoji": lambda: _feed(
        "<item><title>\U0001f399".encode() + _nearly(12 * _MB) + b"</title></item>"
    ),
    "notes of 50 kB with an emoji, 300 times": lambda: _feed(
        ("<item><description>\U0001f399" + "long notes " * 5_000 + "</description></item>").encode() * 300
    ),
    "the same, not well-formed": lambda: _feed(
        ("<item>&<description>\U0001f399" + "long notes " * 5_000 + "</description></item>").encode() * 300
    ),
    "100,000 names of tags": lambda: _feed(b"<item>" + _numbered("<a#/>", 300_000) + b"</item>"),
    "100,000 namespaces": lambda: _feed(b"<item>" + _numbered('<n#:a xmlns:n#="u#"/>', 200_000) + b"</item>"),
    "100,000 namespaces of one element": lambda: _feed(b"<item " + _numbered('xmlns:n#="u#" ', 200_000) + b"/>"),
    "two million ampersands": lambda: _feed(b"<item>" + b"&" * 2_000_000),
    "a million references": lambda: _feed(b"<item>&" + b"&#65;" * 1_000_000),
    "HTML's entities": lambda: _feed(b"<item>&" + b"&CounterClockwiseContourIntegral;" * 200_000),
    "a million CDATA sections": lambda: _feed(b"<item>&" + b"<![CDATA[x]]>" * 1_000_000),
    "CDATA sections that do not end": lambda: _feed(b"<item>&" + b"<![CDATA[" * 1_000_000),
    "comments that do not end": lambda: _feed(b"<item>&" + b"<!--" * 1_000_000),
    "<!h<!h<!h": lambda: _feed(b"<item>" + b"<!h" * 1_000_000),
    "signs that open no tag": lambda: _feed(b"<item>" + b"< " * 2_000_000),
    "tags that close nothing": lambda: _feed(b"<item>" + b"</a>" * 1_000_000),
    "items behind the break": lambda: _feed(b"<item></channel></rss>" + b"<item><title>x</title>" * 100_000),
    "a prologue of 10 MB": lambda: reply(body=b"<?xml version='1.0'?>" + b"<!-- -->" * 1_250_000 + _HEAD + _TAIL),
    "a prologue of spaces and questions": lambda: reply(body=b"<?x " * 2_000_000 + _HEAD + _TAIL),
    "UTF-16": lambda: reply(body=b"\xff\xfe" + (_HEAD + b"<item>" + b"<a/>" * 1_000_000).decode().encode("utf-16-le")),
    "bytes that are no text": lambda: reply(body=_HEAD + b"<item>" + b"\xff\xfe\x81" * 4_000_000),
    "a declared charset of two bytes": lambda: reply(
        body=b'<?xml version="1.0" encoding="gb18030"?>' + _HEAD + b"<item>" + b"\x90\x30\x81\x30" * 3_000_000
    ),
    "persons": lambda: _feed(b"<item>" + _numbered("<podcast:person>#</podcast:person>", 200_000) + b"</item>"),
    "transcripts in each item": lambda: _feed(
        (b"<item>" + _numbered('<podcast:transcript url="https://a.b/#"/>', 50) + b"</item>") * 4_000
    ),
    "chapters in each item": lambda: _feed(
        (b"<item><psc:chapters>" + _numbered('<psc:chapter start="#" title="#"/>', 500) + b"</psc:chapters></item>")
        * 400
    ),
    "categories": lambda: _feed(_numbered('<itunes:category text="#"/>', 200_000) + b"<item/>"),
    "outlines of pages": lambda: reply(body=b"<!doctype html><html>" + b"<div>" * 2_000_000),
}
BOMBS = HTTP | FEEDS
MAKER = __file__
_WAITING = ("a byte each second", "a header each second")
_GOOD = b"<rss><channel><title>A</title><item><title>One</title></item></channel></rss>"


def main() -> None:
    """Meet the bombs named, or all, each in a process forked from this one; a line of JSON for each."""
    if sys.argv[1:] == ["--serve"]:
        asyncio.run(serve_all())
    named = set(sys.argv[1:] or BOMBS)
    waiting = [_meet(name) for name in _WAITING if name in named]
    for name in named - set(_WAITING):
        print(os.read(_meet(name), 10_000).decode(), flush=True)
    for out in waiting:
        print(os.read(out, 10_000).decode())


async def serve_all() -> None:
    """Serve every bomb by its number, once /make/NUMBER was asked for; the port is the first line that is printed."""
    names = list(BOMBS)

    def make(number: int) -> Answer:
        async def made(_: Request, writer: asyncio.StreamWriter) -> None:
            served.answers[f"/bomb/{number}"] = BOMBS[names[number]]()
            served.answers.pop(f"/bomb/{number - 1}", None)
            writer.write(reply(body=_GOOD))

        return made

    async with loopback({f"/make/{number}": make(number) for number in range(len(names))}) as served:
        print(served.port, flush=True)
        await asyncio.Event().wait()


def _meet(name: str) -> int:
    port, out = os.pipe(), os.pipe()
    _forked(_serve(name, port[1]))
    number = int(os.read(port[0], 10))
    _forked(_ask(name, number, out[1]))
    os.close(out[1])
    return out[0]


def _forked(work: Coroutine[None, None, None]) -> None:
    if os.fork() == 0:
        try:
            asyncio.run(work)
        finally:
            os._exit(0)
    work.close()


async def _serve(name: str, out: int) -> None:
    ended = asyncio.Event()

    async def end(_: Request, __: asyncio.StreamWriter) -> None:
        ended.set()

    async with loopback({"/good": reply(body=_GOOD), "/bomb": BOMBS[name](), "/end": end}) as served:
        os.write(out, f"{served.port}\n".encode())
        await asyncio.wait_for(ended.wait(), 60)


async def _ask(name: str, port: int, out: int) -> None:
    async with GuardedClient(user_agent="x", trusted={"feeds.example": f"127.0.0.1:{port}"}) as client:
        assert (await fetch_feed(client, FeedRequest("http://feeds.example/good"))).outcome == "changed"
        await asyncio.to_thread(apart.read_feed, _GOOD + b" " * 200_000, source="x")
        before, began = _held("VmRSS"), monotonic()
        answer = await fetch_feed(client, FeedRequest("http://feeds.example/bomb"))
        cost = {"bomb": name, "megabytes": _held("VmHWM") - before, "seconds": monotonic() - began}
        said = str(answer.error or (answer.feed and answer.feed.warnings))
        os.write(out, json.dumps({**cost, "said": said[:200]}).encode())
        await fetch_feed(client, FeedRequest("http://feeds.example/end"))


def _held(which: str) -> float:
    """Megabytes of this process and of the one that reads apart: "VmRSS" what they hold now, "VmHWM" the most each ever held."""
    return sum(_memory(which, pid) for pid in ("self", apart.process_id()) if pid)


def _memory(which: str, pid: object) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(which))


if __name__ == "__main__":
    main()
