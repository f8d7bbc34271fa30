"""Podpings read from nodes of Hive: real servers on loopback that answer with blocks as the public ones write them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from loopback import Loopback, Request, loopback, reply
from takefive.common.errors import FetchError
from takefive.common.http import GuardedClient
from takefive.feeds.hive import Hive
from takefive.feeds.podping import Ping, read_pings

SHOW = "https://show.example/feed.xml"


def ping(url: str = SHOW, name: str = "pp_podcast_update", *, old: bool = False) -> Any:
    """An operation as nodes give it: today's form, or that of the older `condenser_api`."""
    said = json.dumps({"version": "1.1", "medium": "podcast", "reason": "update", "iris": [url], "timestampNs": 1})
    value = {"required_auths": [], "required_posting_auths": ["podping.aaa"], "id": name, "json": said}
    return ["custom_json", value] if old else {"type": "custom_json_operation", "value": value}


VOTE = {"type": "vote_operation", "value": {"voter": "a", "author": "b", "permlink": "c", "weight": 10_000}}


def block(number: int, *operations: Any) -> dict[str, Any]:
    transactions = [{"ref_block_num": 1, "operations": [VOTE, one], "signatures": ["1f"]} for one in operations]
    return {"block_id": f"{number:08x}00", "timestamp": "2026-11-23T08:00:00", "transactions": transactions}


@dataclass
class Node:
    """A node with a ledger of `head` blocks, of which some have operations; what it was asked for stands in `ranges`."""

    head: int = 1_000
    operations: dict[int, list[Any]] = field(default_factory=dict)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    behind: int = 0

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        asked = json.loads(request.body)
        if asked["method"] == "database_api.get_dynamic_global_properties":
            result: Any = {"head_block_number": self.head, "last_irreversible_block_num": self.head - 1}
        else:
            start, count = asked["params"]["starting_block_num"], asked["params"]["count"]
            self.ranges.append((start, count))
            last = min(start + count, self.head + 1 - self.behind)
            result = {"blocks": [block(number, *self.operations.get(number, [])) for number in range(start, last)]}
        writer.write(reply(body=json.dumps({"jsonrpc": "2.0", "result": result, "id": 1}).encode()))


@asynccontextmanager
async def hive(*nodes: Any, after: int | None = None) -> AsyncIterator[tuple[Hive, Loopback]]:
    async with (
        loopback({f"/{number}": node for number, node in enumerate(nodes)}) as served,
        GuardedClient(user_agent="t", trusted=served.trusted, total_timeout=1) as client,
    ):
        yield Hive(client, [served.url(f"/{number}") for number in range(len(nodes))], after=after), served


async def test_the_podpings_of_the_last_two_minutes_are_read_and_then_only_new_ones() -> None:
    node = Node(operations={900: [ping("https://too.example/old")], 990: [ping(), ping(old=True)], 1_000: [ping()]})
    async with hive(node) as (reader, _):
        assert list(read_pings(await reader.read())) == [Ping(SHOW)] * 3
        assert await reader.read() == []
        node.head, node.operations[1_001] = 1_002, [ping("https://new.example/feed")]
        assert list(read_pings(await reader.read())) == [Ping("https://new.example/feed")]
    assert node.ranges == [(961, 10), (971, 10), (981, 10), (991, 10), (1_001, 2)]


async def test_what_else_is_written_there_is_passed_over() -> None:
    others = [ping(name=name) for name in ("follow", "podping-livetest", "pplt_podcast_update")]
    odd = [None, [], "x", {"type": "custom_json_operation"}, {"type": "custom_json_operation", "value": {"id": 5}}]
    async with hive(Node(operations={1_000: [*others, *odd]})) as (reader, _):
        assert await reader.read() == []


async def test_where_one_node_does_not_answer_the_next_is_asked_and_asked_first_from_then_on() -> None:
    error = reply(body=b'{"jsonrpc":"2.0","error":{"code":-32000,"message":"overloaded"},"id":1}')
    async with hive(error, reply(503), Node(operations={1_000: [ping()]})) as (reader, served):
        assert len(await reader.read()) == 1
        assert [request.path for request in served.asked][:4] == ["/0", "/1", "/2", "/2"]


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b'{"result": 5}', b'{"result": {"head_block_number": "9"}}'])
async def test_nodes_that_say_nothing_of_use_are_one_clear_error(answer: bytes) -> None:
    async with hive(reply(body=answer)) as (reader, _):
        with pytest.raises(FetchError):
            await reader.read()


async def test_a_reader_that_was_away_for_long_skips_what_is_old_and_says_how_much() -> None:
    node = Node(head=5_000, operations={4_700: [ping("https://too.example/old")], 4_900: [ping()]})
    async with hive(node, after=1_000) as (reader, _):
        assert list(read_pings(await reader.read())) == [Ping(SHOW)]
        assert (reader.skipped, reader.after) == (3_800, 5_000)


async def test_a_node_that_lags_behind_its_own_height_is_asked_again_for_the_rest() -> None:
    node = Node(behind=3, operations={999: [ping()]})
    async with hive(node) as (reader, _):
        assert (await reader.read(), reader.after) == ([], 997)
        node.behind = 0
        assert len(await reader.read()) == 1


async def test_a_node_that_breaks_off_costs_nothing_that_was_read() -> None:
    node = Node(operations={965: [ping()], 995: [ping()]})

    async def breaks(request: Request, writer: asyncio.StreamWriter) -> None:
        if len(node.ranges) < 2:
            await node(request, writer)

    async with hive(breaks) as (reader, served):
        assert (len(await reader.read()), reader.after) == (1, 980)
        served.answers["/0"] = node
        assert (len(await reader.read()), reader.after) == (1, 1_000)


async def test_an_answer_without_end_is_cut_off() -> None:
    async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"[" * 65_536 + b"\r\n")
            await writer.drain()

    async with hive(endless) as (reader, _):
        with pytest.raises(FetchError, match="longer than"):
            await reader.read()


async def test_a_node_inside_our_own_network_is_never_asked() -> None:
    async with GuardedClient(user_agent="t") as client:
        with pytest.raises(Exception, match="not a public address"):
            await Hive(client, ["http://127.0.0.1:8090/"]).read()
