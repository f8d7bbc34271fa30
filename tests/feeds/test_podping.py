"""The world's stream of changed feeds."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from takefive.feeds.podping import Ping, read_pings

A, B = "https://a.example/feed", "https://b.example/feed"


def test_pings_of_every_version_are_read() -> None:
    lines = [
        json.dumps({"version": "1.1", "medium": "podcast", "reason": "update", "iris": [A, B]}),
        json.dumps({"version": "0.3", "num_urls": 1, "reason": "feed_update", "urls": [A]}),
        json.dumps({"version": "0.2", "url": B}),
        json.dumps(
            {"id": "pp_podcast_live", "json": json.dumps({"version": "1.0", "reason": "live", "iris": [A]})}
        ).encode(),
    ]
    assert list(read_pings(lines)) == [Ping(A), Ping(B), Ping(A), Ping(B), Ping(A, "live")]


def test_what_is_no_ping_is_passed_over() -> None:
    lines = [
        "",
        "null",
        "[]",
        "{",
        '{"iris": "x"}',
        '{"iris": [1, null, "ftp://x", "javascript:x"]}',
        '{"json": "{"}',
        "[" * 10_000,
        b"\xff",
    ]
    lines.append("[" * 10_000)
    assert list(read_pings([*lines, json.dumps({"iris": [A]})])) == [Ping(A)]


def test_a_flood_in_one_ping_is_cut() -> None:
    assert len(list(read_pings([json.dumps({"iris": [f"https://a.example/{n}" for n in range(10_000)]})]))) == 500
    assert len(list(read_pings([json.dumps({"iris": [A] * 400})]))) == 1


KEYS = st.sampled_from(["iris", "urls", "json", "reason"])
JSON = st.recursive(st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(JSON)
def test_any_json_is_no_harm(said: object) -> None:
    list(read_pings([json.dumps(said)]))
