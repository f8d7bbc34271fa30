"""Feeds that are read by another process."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import time

import pytest

from takefive.common.errors import FeedError
from takefive.feeds import apart
from takefive.feeds.parse import parse_feed

ITEM = "<item><title>Episode {n}</title><guid>{n}</guid><description>{notes}</description></item>"
LONG = "".join(ITEM.format(n=n, notes="notes " * 60) for n in range(600))
FEED = f"<rss><channel><title>A long show</title>{LONG}</channel></rss>".encode()


def test_what_is_read_apart_is_what_is_read_here() -> None:
    feed = apart.read_feed(FEED, source="x")
    assert apart.takes_long(FEED)
    assert [item.mark for item in feed.items] != [0] * 600
    for item in feed.items:
        item.mark = 0
    assert feed == parse_feed(FEED, source="x")


def test_many_small_signs_are_long_too_and_a_usual_feed_is_not() -> None:
    assert apart.takes_long(b"<a/>" * 10_000)
    assert not apart.takes_long(FEED[:100_000])


def test_no_feed_is_the_same_error() -> None:
    with pytest.raises(FeedError, match="it is a web page"):
        apart.read_feed(b"<!doctype html><html>" + b"<div>" * 50_000, source="x")


def test_a_process_that_dies_costs_one_feed_and_no_more() -> None:
    apart.read_feed(FEED, source="x")
    process = apart.process_id()
    assert process
    os.kill(process, signal.SIGSTOP)  # it hangs
    try:
        began = time.monotonic()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(apart, "MOST_SECONDS", 0.2)
            with pytest.raises(FeedError, match="more time"):
                apart.read_feed(FEED, source="x")
        assert time.monotonic() - began < 5
    finally:
        assert len(apart.read_feed(FEED, source="x").items) == 600


def test_memory_beyond_the_limit_is_an_error_and_the_process_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    apart.read_feed(FEED, source="x")
    before = apart.process_id()
    monkeypatch.setattr(apart, "_KEPT_BELOW", 1)
    apart.read_feed(FEED, source="x")
    monkeypatch.undo()
    apart.read_feed(FEED, source="x")
    assert apart.process_id() != before


async def test_the_loop_goes_on_while_a_feed_is_read_apart() -> None:
    reading = asyncio.create_task(asyncio.to_thread(apart.read_feed, FEED * 4, source="x"))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 3


def test_an_error_survives_the_way() -> None:
    error = FeedError("no feed in it")
    assert str(pickle.loads(pickle.dumps(error))) == "no feed in it"


async def test_readers_clean_what_they_read_and_raise_what_is_no_feed() -> None:
    short = FEED[: FEED.index(b"<item>", 9_000)] + b"</channel></rss>"
    readers = apart.Readers(2)
    feeds = await asyncio.gather(*(readers.read(short, source="x") for _ in range(4)))
    here = apart.read_feed(short, source="x")
    assert feeds == [here] * 4
    assert [item.raw_cleaned for item in feeds[0].items] == [(item.description, item.summary) for item in here.items]
    with pytest.raises(FeedError, match="it is a web page"):
        await readers.read(b"<!doctype html><html>", source="x")
