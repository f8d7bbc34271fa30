"""What somebody has in hands (a feed's address, a show's page, Apple's link, words) to the feeds it may mean."""

from __future__ import annotations

import asyncio

from takefive.common.addresses import redacted
from takefive.common.errors import FeedError, FetchError, TakefiveError, UsageError
from takefive.common.http import GuardedClient, Response
from takefive.feeds.discover import apple_id, find_feed
from takefive.feeds.parse import parse_feed
from takefive.feeds.search import Directory, Listing
from takefive.feeds.xml import MOST_BYTES

_LOOKED_AT = 6  # feeds of one page that are read to tell what they are


async def find(client: GuardedClient, directory: Directory, what: str) -> tuple[Listing, ...]:
    """The feeds that `what` may mean, the most likely first; never empty.

    Raises UsageError where nothing is found, FeedError where an address has no feed and names none, FetchError where a
    server does not answer, RefusedAddressError for an address that we never connect to.
    """
    if number := apple_id(what):
        found = await directory.look_up(number)
        if found is None:
            raise UsageError("Apple Podcasts has no such show, or gives no feed for it.")
        return (found,)
    if is_address(what):
        return await at_address(client, what)
    shows = await directory.search(what)
    if not shows:
        raise UsageError("no show was found for these words; give the address of its feed or its page.")
    return shows


def is_address(what: str) -> bool:
    """Whether it is to be asked for as it stands."""
    return what.lower().startswith(("http://", "https://"))


async def at_address(client: GuardedClient, url: str) -> tuple[Listing, ...]:
    """The feed at an address, or those that the page there names and that prove to be feeds. Raises as `find` does."""
    response = await _get(client, url)
    listing = _read(response, url)
    if listing is not None:
        return (listing,)
    named = find_feed(response.body, base=response.url)
    read = await asyncio.gather(*(_listed(client, there) for there in named[:_LOOKED_AT]))
    found = tuple(listing for listing in read if listing is not None)
    if not found:
        raise FeedError(f"{redacted(url)}: there is no feed, and the page names none that can be read.")
    return found


async def _get(client: GuardedClient, url: str) -> Response:
    """As much of an answer as is ever read of a feed; a longer one is a feed all the same."""
    return await client.get(url, max_bytes=MOST_BYTES + 1, cut=True)


async def _listed(client: GuardedClient, url: str) -> Listing | None:
    try:
        return _read(await _get(client, url), url)
    except TakefiveError:
        return None


def _read(response: Response, url: str) -> Listing | None:
    """What the feed in an answer says of itself; None where it is no feed."""
    if response.status != 200:
        raise FetchError(f"{redacted(url)}: the server answered {response.status}", status=response.status)
    try:
        feed = parse_feed(response.body, source=response.url, content_type=response.headers.get("Content-Type"))
    except FeedError:
        return None
    return Listing(url, feed.title, feed.author or "", len(feed.items))
