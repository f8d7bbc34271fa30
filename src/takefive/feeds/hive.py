"""Podpings from where publishers write them: Hive, a public ledger with a block every three seconds, asked by JSON-RPC.

The methods are those of https://developers.hive.io/apidefinitions/block-api.html. Anybody may write there, so a ping is
never more than a reason to poll.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from takefive.common.errors import FetchError, TakefiveError
from takefive.common.http import GuardedClient

_LOOK_BACK = 40  # blocks at the start: two minutes
_MOST_BEHIND = 200  # ten minutes; what is older is left to the usual polls
_AT_ONCE = 10  # blocks in one answer; a block has at most 64 KB, in JSON about four times as much
_MOST_BYTES = 3_000_000


class Hive:
    """Reads the blocks that are new since the last time. `nodes` are addresses of its servers, asked one after another
    until one answers; the one that did is the first next time. `after` is the last block that was read, where there was one.
    """

    def __init__(self, client: GuardedClient, nodes: Sequence[str], *, after: int | None = None) -> None:
        self._client, self._nodes, self.after = client, list(nodes), after
        self.skipped = 0  # blocks that were too old when they could be read

    async def read(self) -> list[str]:
        """The podpings of the new blocks, each a line for `read_pings`; the next call goes on where this one came to.

        Raises FetchError where no node answers.
        """
        head = _height(await self._ask("database_api.get_dynamic_global_properties", {}))
        if self.after is None or self.after > head + _MOST_BEHIND:  # the latter: a node that lied about its height
            self.after = max(0, head - _LOOK_BACK)
        if head - self.after > _MOST_BEHIND:
            self.skipped += head - _MOST_BEHIND - self.after
            self.after = head - _MOST_BEHIND
        lines = list[str]()
        while self.after < head:
            try:
                blocks = await self._blocks(self.after + 1, min(_AT_ONCE, head - self.after))
            except TakefiveError:
                if not lines:
                    raise
                break
            if not blocks:  # this node does not have them yet
                break
            lines += _podpings(blocks)
            self.after += len(blocks)
        return lines

    async def _blocks(self, first: int, many: int) -> list[Any]:
        answer = await self._ask("block_api.get_block_range", {"starting_block_num": first, "count": many})
        return _list(answer, "blocks")[:many]

    async def _ask(self, method: str, params: Mapping[str, int]) -> Mapping[str, Any]:
        """What the first node answers that has an answer."""
        asked = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).encode()
        why: TakefiveError = FetchError("no node of Hive is named")
        for node in list(self._nodes):
            try:
                headers = {"Content-Type": "application/json"}
                said = await self._client.post(node, asked, headers=headers, max_bytes=_MOST_BYTES)
                return _result(said.body, node)
            except TakefiveError as error:
                why = error
                self._nodes.remove(node)
                self._nodes.append(node)
        raise why


def _result(body: bytes, node: str) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchError(f"{node}: an answer that is no JSON") from error
    result = said.get("result") if isinstance(said, dict) else None
    if not isinstance(result, dict):
        raise FetchError(f"{node}: no result in the answer")
    return result


def _height(said: Mapping[str, Any]) -> int:
    height = said.get("head_block_number")
    if not isinstance(height, int) or height < 0:
        raise FetchError("a node of Hive does not say how high it is")
    return height


def _podpings(blocks: Iterable[Any]) -> Iterator[str]:
    """The JSON of each podping in these blocks; what is of another form is passed over."""
    for block in blocks:
        for transaction in _list(block, "transactions"):
            for operation in _list(transaction, "operations"):
                said = _custom_json(operation)
                name, ping = said.get("id"), said.get("json")
                if isinstance(name, str) and isinstance(ping, str) and (name == "podping" or name.startswith("pp_")):
                    yield ping


def _custom_json(operation: object) -> Mapping[str, Any]:
    """Of the two forms in use, {"type": "custom_json_operation", "value": {...}} and ["custom_json", {...}]."""
    if isinstance(operation, dict):
        kind, value = operation.get("type"), operation.get("value")
    elif isinstance(operation, list) and len(operation) == 2:
        kind, value = operation
    else:
        return {}
    return value if kind in ("custom_json_operation", "custom_json") and isinstance(value, dict) else {}


def _list(around: object, name: str) -> list[Any]:
    found = around.get(name) if isinstance(around, dict) else None
    return found if isinstance(found, list) else []
