"""The guarded client against a real server that behaves badly."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import zlib

import brotli
import pytest
from aiohttp.abc import AbstractResolver
from backports import zstd

from loopback import Loopback, loopback, reply
from takefive.common.errors import FetchError, RefusedAddressError
from takefive.common.http import GuardedClient, RefusedAnswerError

ME = "Takefive/test (+https://takefive.example)"


def client_of(server: Loopback, **more) -> GuardedClient:
    return GuardedClient(user_agent=ME, trusted=server.trusted, **{"total_timeout": 5, **more})


async def get(answers, path="/", **more):
    async with loopback(answers) as server, client_of(server, **more) as client:
        return await client.get(server.url(path))


class Names(AbstractResolver):
    """A name server that says what it is told, another answer each time."""

    def __init__(self, **answers: list[str] | list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(said) for name, said in answers.items()}
        self.asked = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked += 1
        if host.replace(".", "").isdigit():
            found = [host]
        else:
            said = self.answers[host]
            found = said.pop(0) if isinstance(said[0], list) else said
        kind = lambda a: socket.AF_INET6 if ":" in a else socket.AF_INET  # noqa: E731
        return [{"hostname": host, "host": a, "port": port, "family": kind(a), "proto": 0, "flags": 0} for a in found]

    async def close(self) -> None:
        pass


async def test_a_page_comes_back_whole() -> None:
    response = await get({"/": reply(200, b"hello", etag='"a"')})
    assert (response.status, response.body, response.headers["ETag"], response.moved_to) == (200, b"hello", '"a"', None)


async def test_we_say_who_we_are_and_send_nothing_else_about_us(monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", "/dev/null")
    async with loopback({"/": reply(200, b"", set_cookie="a=b")}) as server, client_of(server) as client:
        await client.get(server.url())
        await client.get(server.url())
    for request in server.asked:
        assert request.headers["user-agent"] == ME
        assert not request.headers.keys() & {"cookie", "referer", "authorization"}


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda b: _raw_deflate(b)),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("gzip, br", lambda b: brotli.compress(gzip.compress(b))),
        ("gzip, gzip", lambda b: gzip.compress(gzip.compress(b))),
        ("identity", bytes),
        ("gzip", lambda b: gzip.compress(b[:100]) + gzip.compress(b[100:])),
    ],
)
async def test_packed_bodies_are_unpacked(coding: str, pack) -> None:
    body = b"<rss>" + b"many words " * 10_000
    response = await get({"/": reply(200, pack(body), content_encoding=coding)})
    assert response.body == body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
async def test_a_body_that_is_not_packed_as_it_says_is_taken_as_it_is(coding: str) -> None:
    body = b"<?xml version='1.0'?><rss/>"
    assert (await get({"/": reply(200, body, content_encoding=coding)})).body == body


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", lambda b: gzip.compress(b)),
        ("br", lambda b: brotli.compress(b, quality=5)),
        ("zstd", zstd.compress),
        ("deflate", zlib.compress),
        ("gzip, gzip", lambda b: gzip.compress(gzip.compress(b))),
    ],
)
async def test_a_bomb_is_refused_before_it_unfolds(coding: str, pack) -> None:
    bomb = pack(bytes(60_000_000))
    with pytest.raises(FetchError, match=r"times its size|longer than") as caught:
        await get({"/": reply(200, bomb, content_encoding=coding)})
    assert not caught.value.retry


async def test_the_limit_counts_decoded_bytes() -> None:
    answers = {"/": reply(200, gzip.compress(b"ab" * 1000), content_encoding="gzip")}
    with pytest.raises(FetchError, match="longer than 1,999 bytes"):
        await get(answers, max_bytes=1_999)
    assert len((await get(answers, max_bytes=2_000)).body) == 2_000


@pytest.mark.parametrize("coding", ["gzip, gzip, gzip", "compress", "lzma"])
async def test_codings_that_nobody_asked_for_are_refused(coding: str) -> None:
    with pytest.raises(FetchError, match="packed"):
        await get({"/": reply(200, b"abc", content_encoding=coding)})


async def test_a_packed_body_that_stops_in_the_middle_is_no_answer() -> None:
    half = gzip.compress(b"<rss>" + bytes(range(256)) * 999)[:500]
    with pytest.raises(FetchError, match="stops in the middle"):
        await get({"/": reply(200, half, content_encoding="gzip")})


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"short", content_length="500"),
        reply(200, b"longer than it said", content_length="5"),
        reply(200, b"x", content_length="-1"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nabcd",
        b"hello, this is no HTTP at all\r\n\r\n",
        b"HTTP/0.9 200\r\n",
        b"",
        reply(200, b"zz\r\nbroken", transfer_encoding="chunked"),
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 5_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ],
)
async def test_broken_http_is_one_clear_error(answer: bytes) -> None:
    with pytest.raises(FetchError, match=r"^http://feeds\.example/: "):
        await get({"/": answer})


async def test_a_megabyte_of_endless_chunks_is_cut_off() -> None:
    async def endless(_request, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + bytes(65536) + b"\r\n")
            await writer.drain()

    with pytest.raises(FetchError, match="longer than 1,000,000 bytes"):
        await get({"/": endless}, max_bytes=1_000_000)


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nab"]
)
async def test_a_server_that_sends_a_byte_now_and_then_is_left_in_time(start: bytes) -> None:
    async def drip(_request, writer) -> None:
        writer.write(start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    with pytest.raises(FetchError, match="no answer in time") as caught:
        await get({"/": drip}, total_timeout=0.3)
    assert caught.value.retry


async def test_a_connection_that_breaks_is_told_in_words() -> None:
    async def reset(_request, writer) -> None:
        writer.transport.abort()

    with pytest.raises(FetchError, match="connection broke"):
        await get({"/": reset})


@pytest.mark.parametrize(
    ("status", "retry"),
    [
        (400, False),
        (401, False),
        (403, False),
        (404, False),
        (408, True),
        (410, False),
        (429, True),
        (451, False),
        (500, True),
        (503, True),
        (599, True),
    ],
)
async def test_a_refusal_says_whether_to_try_again(status: int, retry: bool) -> None:
    with pytest.raises(RefusedAnswerError, match=f"answered {status}") as caught:
        await get({"/": reply(status, b"no", retry_after="7")})
    assert (caught.value.status, caught.value.retry, caught.value.headers["Retry-After"]) == (status, retry, "7")


async def test_unchanged_is_an_answer() -> None:
    assert (await get({"/": reply(304)})).status == 304


async def test_informational_answers_are_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3
    assert (await get({"/": early + reply(200, b"ok")})).body == b"ok"


# Redirects


@pytest.mark.parametrize(
    ("chain", "moved"),
    [
        ([301], True), ([308], True), ([301, 308, 301], True), ([302], False), ([303], False), ([307], False),
        ([301, 302, 301], False), ([302, 301], False), ([301] * 10, True),
    ],
)  # fmt: skip
async def test_only_a_chain_of_permanent_redirects_is_a_move(chain: list[int], moved: bool) -> None:
    answers = {f"/{n}": reply(status, location=f"/{n + 1}") for n, status in enumerate(chain)}
    response = await get({**answers, f"/{len(chain)}": reply(200, b"here")}, "/0")
    assert response.body == b"here"
    assert response.url == f"http://feeds.example/{len(chain)}"
    assert response.moved_to == (response.url if moved else None)


async def test_a_hundred_redirects_are_too_many() -> None:
    answers = {f"/{n}": reply(302, location=f"/{n + 1}") for n in range(100)}
    with pytest.raises(FetchError, match="more than 10 redirects"):
        await get(answers, "/0")


async def test_redirects_in_a_circle_end() -> None:
    with pytest.raises(FetchError, match="in a circle"):
        await get({"/a": reply(301, location="/b"), "/b": reply(301, location="/a")}, "/a")


async def test_a_redirect_without_an_address_is_an_error() -> None:
    with pytest.raises(FetchError, match="redirect to nowhere"):
        await get({"/": reply(302)})


@pytest.mark.parametrize(
    "there",
    [
        "http://127.0.0.1/", "http://127.0.0.1:8000/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://localhost/",
        "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://feeds.example/", "data:text/xml,<rss/>", "javascript:alert(1)",
        "http://good@127.0.0.1/", "http://me:secret@feeds.example/", "http://1.1.1.1:22/", "http://1.1.1.1:6379/",
        "http://feeds.example\\@127.0.0.1/",
        "//127.0.0.1/", "http://127.0.0.1.:80/", "http://127。0。0。1/",
        "http://[fe80::1%25eth0]/", "http://", "http://[", "http://a b/",
        "http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://100.64.0.1/",
    ],
)  # fmt: skip
async def test_a_redirect_to_where_no_podcast_lives_is_refused(there: str) -> None:
    async with loopback() as server, loopback() as victim:
        server.answers["/"] = reply(302, location=there)
        async with client_of(server) as client:
            with pytest.raises((RefusedAddressError, FetchError)):
                await client.get(server.url())
        assert len(server.asked) == 1
        assert victim.connections == 0


async def test_the_port_of_a_trusted_host_is_trusted_for_that_host_only() -> None:
    async with loopback({"/": reply(200, b"inner secrets")}) as server:
        names = Names(evil_example=["127.0.0.1"])
        async with GuardedClient(user_agent=ME, trusted=server.trusted, resolver=names) as client:
            for url in ("http://evil.example/", f"http://127.0.0.1:{server.port}/"):
                with pytest.raises(RefusedAddressError):
                    await client.get(url)
        assert server.connections == 0


async def test_credentials_go_to_their_own_host_only() -> None:
    answers = {"/": reply(302, location="http://other.example/b"), "/b": reply(200)}
    async with loopback(answers) as server, client_of(server) as client:
        await client.get("http://me:secret@feeds.example/")
    assert server.asked[0].headers["authorization"] == "Basic bWU6c2VjcmV0"
    assert "authorization" not in server.asked[1].headers


# Names and numbers


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "::1", "fd00::1", "64:ff9b::7f00:1"])
async def test_a_name_that_means_a_private_address_is_refused(address: str) -> None:
    async with GuardedClient(user_agent=ME, resolver=Names(evil_example=[address])) as client:
        with pytest.raises(
            RefusedAddressError, match=r"is not a public address; .*TAKEFIVE_TRUSTED_HOSTS=evil\.example:80"
        ):
            await client.get("http://evil.example/")


@pytest.mark.parametrize("address", ["169.254.169.254", "168.63.129.16", "fe80::1", "::ffff:169.254.169.254"])
async def test_nobody_is_told_how_to_trust_a_link_local_or_metadata_address(address: str) -> None:
    async with GuardedClient(user_agent=ME, resolver=Names(evil_example=[address])) as client:
        with pytest.raises(RefusedAddressError, match=r"is not a public address$"):
            await client.get("http://evil.example/")


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    async with GuardedClient(user_agent=ME, resolver=Names(evil_example=["93.184.216.34", "127.0.0.1"])) as client:
        with pytest.raises(RefusedAddressError, match=r"127\.0\.0\.1 is not a public address"):
            await client.get("http://evil.example/")


async def test_a_name_that_changes_its_meaning_is_checked_each_time() -> None:
    async with loopback() as sink:
        names = Names(evil_example=[["127.0.0.1"], ["127.0.0.1"]])
        async with GuardedClient(user_agent=ME, resolver=names) as client:
            for _ in range(2):
                with pytest.raises(RefusedAddressError):
                    await client.get("http://evil.example:8080/")
        assert sink.connections == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/x", "http://[::1]:8000/"])
async def test_the_error_for_a_private_address_tells_the_way_out(url: str) -> None:
    async with GuardedClient(user_agent=ME) as client:
        with pytest.raises(
            RefusedAddressError,
            match=r"is not a public address; to trust this host set TAKEFIVE_TRUSTED_HOSTS=\S+:8000$",
        ):
            await client.get(url)


async def test_a_host_that_the_owner_trusts_is_reached_though_private() -> None:
    async with loopback({"/": reply(200, b"lan")}) as server:
        here = f"127.0.0.1:{server.port}"
        async with GuardedClient(user_agent=ME, trusted={here: here}) as client:
            assert (await client.get(f"http://{here}/")).body == b"lan"


async def test_an_unknown_name_is_told_in_words() -> None:
    class Nobody(Names):
        async def resolve(self, host, port=0, family=socket.AF_INET):
            raise OSError(-2, "Name or service not known")

    async with GuardedClient(user_agent=ME, resolver=Nobody()) as client:
        with pytest.raises(FetchError, match="the name of the host is not known"):
            await client.get("https://nobody.example/")


async def test_a_port_nobody_listens_on_is_told_in_words() -> None:
    async with loopback() as server:
        trusted = dict(server.trusted)
    async with GuardedClient(user_agent=ME, trusted=trusted) as client:
        with pytest.raises(FetchError, match="no connection"):
            await client.get("http://feeds.example/")


async def test_secrets_stand_in_no_error_and_no_log(caplog) -> None:
    caplog.set_level(logging.DEBUG)
    async with (
        loopback(
            {"/a?auth=hunter2": reply(403), "/m?auth=hunter2": reply(302, location="http://10.0.0.1/?auth=hunter2")}
        ) as server,
        client_of(server) as client,
    ):
        for url in (
            "http://me:hunter2@feeds.example/404",
            "http://feeds.example/a?auth=hunter2",
            "http://feeds.example/m?auth=hunter2",
            "http://hunter2@10.0.0.1/",
        ):
            with pytest.raises((FetchError, RefusedAddressError)) as caught:
                await client.get(url)
            assert "hunter2" not in str(caught.value)
    assert "hunter2" not in caplog.text


async def test_a_host_is_asked_by_few_at_the_same_time() -> None:
    here, most = 0, 0

    async def slow(_request, writer) -> None:
        nonlocal here, most
        here += 1
        most = max(most, here)
        await asyncio.sleep(0.02)
        here -= 1
        writer.write(reply(200))

    async with loopback({"/": slow}) as server, client_of(server, per_host=2) as client:
        await asyncio.gather(*(client.get(server.url()) for _ in range(8)))
    assert most == 2


async def test_waiting_for_a_place_does_not_count_as_time() -> None:
    async def slow(_request, writer) -> None:
        await asyncio.sleep(0.1)
        writer.write(reply(200))

    async with loopback({"/": slow}) as server, client_of(server, per_host=1, total_timeout=0.25) as client:
        assert len(await asyncio.gather(*(client.get(server.url()) for _ in range(5)))) == 5


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()
