"""Podping: publishers tell the whole world which feeds have changed. The stream to addresses, one line at a time. Pure.

Where the stream comes from (a Hive node, a relay, a file) is the caller's door; here it is lines of JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from takefive.feeds.fields import web_address

_MOST_URLS = 500  # in one ping; the protocol's own limit is 8 KB
_REASONS = ("update", "newvalueblock", "live", "liveend")


@dataclass(frozen=True, slots=True)
class Ping:
    """One feed that its publisher says has changed. `reason` is "update", "live", "liveend" or "newvalueblock"."""

    url: str
    reason: str = "update"


def read_pings(lines: Iterable[str | bytes]) -> Iterator[Ping]:
    """Pings of versions 0.x and 1.x, also inside Hive's custom_json operation. What is no ping is passed over."""
    for line in lines:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            continue
        yield from _pings(_payload(said))


def _payload(said: object) -> dict[str, object]:
    """The ping itself, unwrapped: Hive carries it as a string of JSON under "json"."""
    for _ in range(2):
        if isinstance(said, dict) and isinstance(said.get("json"), str):
            try:
                said = json.loads(said["json"])
            except (ValueError, RecursionError):
                return {}
    return said if isinstance(said, dict) else {}


def _pings(said: dict[str, object]) -> Iterator[Ping]:
    urls = said.get("iris") or said.get("urls") or [said.get("url")]
    reason = str(said.get("reason") or "update").lower().removeprefix("feed_")
    if not isinstance(urls, list) or reason not in _REASONS:
        return
    for url in dict.fromkeys(u for u in urls[:_MOST_URLS] if isinstance(u, str)):
        if address := web_address(url):
            yield Ping(address, reason)
