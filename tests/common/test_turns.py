"""A host's turns, and forms sent to it, with real sockets."""

from __future__ import annotations

import asyncio
import socket
from time import monotonic
from urllib.parse import parse_qs

import pytest
from aiohttp.abc import AbstractResolver

from loopback import Loopback, loopback, reply
from takefive.common.errors import RefusedAddressError
from takefive.common.http import GuardedClient, RefusedAnswerError

PUBLIC = "93.184.215.14"


class Everywhere(AbstractResolver):
    """Every name has the same public address."""

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [{"hostname": host, "host": PUBLIC, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass


@pytest.fixture
def public_server(monkeypatch: pytest.MonkeyPatch):
    """What is sent to the public address arrives at the loopback server: the network, not the code, is replaced."""

    def route(server: Loopback) -> None:
        loop = asyncio.get_running_loop()
        connect = loop.sock_connect
        monkeypatch.setattr(loop, "sock_connect", lambda sock, _to: connect(sock, ("127.0.0.1", server.port)))

    return route


async def began(server: Loopback, hosts: list[str], **more) -> list[float]:
    times = []

    async def noted(_request, writer) -> None:
        times.append(monotonic())
        writer.write(reply(200))

    server.answers["/"] = noted
    async with GuardedClient(user_agent="t", total_timeout=5, per_host=9, **more) as client:
        await asyncio.gather(*(client.get(f"http://{host}/") for host in hosts))
    return times


async def test_requests_to_one_host_begin_apart(public_server) -> None:
    async with loopback() as server:
        public_server(server)
        times = await began(server, ["one.example"] * 5, spacing=0.1, resolver=Everywhere())
    assert len(times) == 5
    assert max(times) - min(times) >= 0.35


async def test_another_host_need_not_wait(public_server) -> None:
    async with loopback() as server:
        public_server(server)
        hosts = [f"{name}.example" for name in ("one", "two", "three", "four", "five")]
        times = await began(server, hosts, spacing=1.0, resolver=Everywhere())
    assert max(times) - min(times) < 0.9


async def test_a_host_that_the_operator_trusts_is_asked_without_a_pause() -> None:
    async with loopback() as server:
        times = await began(server, ["feeds.example"] * 5, spacing=1.0, trusted=server.trusted)
    assert max(times) - min(times) < 0.9


async def test_a_form_is_sent_as_forms_are() -> None:
    async with (
        loopback({"/hub": reply(202)}) as server,
        GuardedClient(user_agent="t", trusted=server.trusted) as client,
    ):
        said = await client.post(server.url("/hub"), {"hub.mode": "subscribe", "hub.topic": "https://a/é&b"})
    (request,) = server.asked
    assert (said.status, request.method) == (202, "POST")
    assert parse_qs(request.body.decode()) == {"hub.mode": ["subscribe"], "hub.topic": ["https://a/é&b"]}


@pytest.mark.parametrize("status", [301, 307, 400, 404, 500])
async def test_any_other_answer_to_a_form_is_an_error_in_words(status: int) -> None:
    answers = {"/hub": reply(status, location="/elsewhere")}
    async with loopback(answers) as server, GuardedClient(user_agent="t", trusted=server.trusted) as client:
        with pytest.raises(RefusedAnswerError, match=str(status)):
            await client.post(server.url("/hub"), {})
    assert len(server.asked) == 1


async def test_a_form_is_never_sent_inside() -> None:
    async with loopback({"/": reply(200)}) as server, GuardedClient(user_agent="t") as client:
        for inside in (f"http://127.0.0.1:{server.port}/", "http://localhost:8080/", "http://169.254.169.254/"):
            with pytest.raises(RefusedAddressError):
                await client.post(inside, {"a": "b"})
    assert server.connections == 0
