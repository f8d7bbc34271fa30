"""Lists of subscriptions from every app."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.common.errors import FeedError
from takefive.feeds.opml import OpmlFeed, parse_opml, write_opml


def opml(body: str) -> bytes:
    return f"<opml version='2.0'><body>{body}</body></opml>".encode()


def test_real_lists_give_every_subscription(shared_data) -> None:
    rows = [json.loads(line) for line in (shared_data / "opml" / "manifest.jsonl").read_text().splitlines()]
    found = {r["user"]: len(parse_opml((shared_data / "opml" / f"{r['user']}.opml").read_bytes()).feeds) for r in rows}
    # u16 has 112 addresses; its manifest counts one entry more.
    assert {u: n for u, n in found.items() if u != "u16"} == {r["user"]: r["feeds"] for r in rows if r["user"] != "u16"}


@pytest.mark.parametrize(
    "outline",
    [
        '<outline text="A" type="rss" xmlUrl="https://a.example/f"/>',
        '<outline title="A" xmlurl="https://a.example/f"/>',
        '<outline text="A" XMLURL=" https://a.example/f "/>',
        '<outline text="A" type="rss" url="https://a.example/f"/>',
        '<outline text="Folder"><outline text="Deep"><outline text="A" xmlUrl="https://a.example/f"/></outline></outline>',
        '<OUTLINE text="A" xmlUrl="https://a.example/f"/>',
        '<outline text="A" xmlUrl="feed:https://a.example/f"/>',
        '<outline text="A" xmlUrl="https://a.example/f">',
    ],
)
def test_a_subscription_is_found_in_every_flavour(outline: str) -> None:
    assert parse_opml(opml(outline)).feeds == (OpmlFeed("https://a.example/f", "A"),)


def test_schemes_of_podcast_apps_become_http() -> None:
    feeds = parse_opml(opml('<outline xmlUrl="itpc://a.example/f"/><outline xmlUrl="feed://b.example/f"/>')).feeds
    assert [f.url for f in feeds] == ["http://a.example/f", "http://b.example/f"]


def test_what_is_skipped_is_told_with_its_reason() -> None:
    report = parse_opml(
        opml(
            '<outline text="Note"/><outline text="Bad" xmlUrl="javascript:alert(1)"/><outline text="File" xmlUrl="file:///etc/passwd"/>'
        )
    )
    assert report.feeds == ()
    assert [(s.text, s.why) for s in report.skipped] == [
        ("Note", "it has no address of a feed"),
        ("Bad", "'javascript:alert(1)' is not an http or https address"),
        ("File", "'file:///etc/passwd' is not an http or https address"),
    ]


def test_bare_ampersands_and_junk_do_no_harm() -> None:
    data = (
        b"junk <?xml version='1.0'?>" + opml('<outline text="Q & A" xmlUrl="https://a.example/f?a=1&b=2"/>') + b"junk"
    )
    assert parse_opml(data).feeds == (OpmlFeed("https://a.example/f?a=1&b=2", "Q & A"),)


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"\x00", b"<html>"])
def test_what_is_no_list_is_told_in_words(data: bytes) -> None:
    with pytest.raises(FeedError, match="it is not OPML"):
        parse_opml(data)


def test_thousands_of_nested_entries_are_read() -> None:
    deep = (
        "".join(f'<outline text="f{n}"><outline xmlUrl="https://a.example/{n}"/>' for n in range(1_500))
        + "</outline>" * 1_500
    )
    wide = "".join(f'<outline xmlUrl="https://b.example/{n}"/>' for n in range(20_000))
    assert len(parse_opml(opml(deep + wide)).feeds) == 21_500


@given(st.lists(st.tuples(st.integers(0, 10**6), st.text(max_size=40))))
def test_what_we_write_we_read_back(entries: list[tuple[int, str]]) -> None:
    feeds = [OpmlFeed(f"https://a.example/{n}?x=1&y=2", title) for n, title in entries]
    report = parse_opml(write_opml(feeds))
    assert [f.url for f in report.feeds] == [f.url for f in feeds]
    assert report.skipped == ()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_a_clear_error(data: bytes) -> None:
    parse_opml(b"<opml><body>" + data)
