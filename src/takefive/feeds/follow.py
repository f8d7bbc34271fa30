"""Where else a feed's episodes lie: on older pages of it, and at the address that its publisher says it has moved to."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from time import monotonic

from takefive.common.http import GuardedClient
from takefive.feeds.fetch import FeedAnswer, FeedRequest, fetch_feed
from takefive.feeds.values import ParsedEpisode, ParsedFeed

MOST_PAGES = 20
MOST_ITEMS = 5_000
_MOST_SECONDS = 60.0
_MOST_MOVES = 3


async def with_older_pages(client: GuardedClient, answer: FeedAnswer) -> FeedAnswer:
    """The answer with the items of the pages that it names as next (RFC 5005): at most 20 pages, 5,000 items, a minute.

    A page that cannot be had ends the walk, as does one that was seen: what came so far is kept.
    """
    feed = answer.feed
    if feed is None or feed.next_url is None:
        return answer
    items, there, seen = list(feed.items), feed.next_url, {answer.request.url, feed.source}
    began, asked = monotonic(), 0
    while there and there not in seen and asked < MOST_PAGES and len(items) < MOST_ITEMS:
        if monotonic() - began > _MOST_SECONDS:
            break
        seen.add(there)
        asked += 1
        page = (await fetch_feed(client, FeedRequest(there))).feed
        if page is None:
            break
        items += page.items
        there = page.next_url or ""
    return replace(answer, feed=replace(feed, items=tuple(items[:MOST_ITEMS])))


async def with_move(client: GuardedClient, answer: FeedAnswer) -> FeedAnswer:
    """The answer of the address that the feed says it has moved to (`itunes:new-feed-url`), if that proves to be it.

    Proven both ways: the old feed names the new address, and what lies there is the same show and names no other
    address, or one that is proven alike: three in a row at most, and never in a circle.
    """
    here, seen = answer, {answer.request.url}
    while (there := _named(here)) is not None:
        if there in seen or len(seen) > _MOST_MOVES:
            return answer
        seen.add(there)
        old, here = here.feed, await fetch_feed(client, FeedRequest(there))
        if old is None or here.feed is None or not same_show(old, here.feed):
            return answer
    return (
        answer if here is answer else replace(here, request=answer.request, moved_to=here.moved_to or here.request.url)
    )


def same_show(one: ParsedFeed, other: ParsedFeed) -> bool:
    """Whether two feeds are provably one show: the same title or GUID of their own, and an episode that stands in both."""
    named = one.title == other.title or (bool(one.podcast_guid) and one.podcast_guid == other.podcast_guid)
    return named and not {m for i in one.items for m in _marks(i)}.isdisjoint(m for i in other.items for m in _marks(i))


def _named(answer: FeedAnswer) -> str | None:
    """The new address that a feed names, unless that is where it came from."""
    feed = answer.feed
    if feed is None or feed.new_feed_url in (None, answer.request.url, feed.source):
        return None
    return feed.new_feed_url


def _marks(item: ParsedEpisode) -> set[Hashable]:
    """What tells an episode: hosts change the GUIDs or the audio addresses of a show when it moves, seldom all of these."""
    marks: set[Hashable] = {item.guid, (item.title, item.published)}
    return marks | {item.audio_url} if item.audio_url else marks
