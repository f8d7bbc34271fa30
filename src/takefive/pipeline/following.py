"""Which podcasts are followed: taken up, given up, listed. What the commands and the page to add podcasts share."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from takefive.common.addresses import looks_private, redacted
from takefive.common.guard import GuardedResolver, checked_url
from takefive.feeds.find import find as find_feeds
from takefive.feeds.search import Listing
from takefive.pipeline.steps import outside
from takefive.store.models import Podcast
from takefive.store.models.publicids import public_id

Result = Literal["added", "added again", "followed already"]


def check(url: str) -> None:
    """Raises RefusedAddressError, which says what to do, for an address where a scan would never connect."""
    checked_url(url, GuardedResolver(settings.TRUSTED_HOSTS))


async def search(what: str) -> tuple[Listing, ...]:
    """The feeds that an address, Apple's link or words may mean; raises as `feeds.find.find` does."""
    async with outside.client() as client:
        return await find_feeds(client, outside.directory(client), what)


def known(url: str) -> Podcast | None:
    """The podcast at this address, or the one that was added under it and has moved since."""
    name = public_id("podcast", url)
    found = Podcast.objects.filter(Q(feed_url=url) | Q(public_id=name)).defer("description")
    return max(found, key=lambda podcast: podcast.feed_url == url, default=None)


def follow(url: str, podcast: Podcast | None, *, private: bool = False, title: str = "", really: bool = True) -> Result:
    """Follow the feed at an address; one that was given up or paused is asked again. `really` false changes nothing.

    `podcast` is the one `known` at this address.
    """
    if podcast is None:
        if really:
            Podcast.objects.create(feed_url=url, title=title, private=private or looks_private(url))
        return "added"
    if podcast.retired_at is None and podcast.paused_at is None:
        return "followed already"
    if really:
        again = {"retired_at": None, "paused_at": None, "failures": 0, "error": "", "next_poll_at": timezone.now()}
        Podcast.objects.filter(pk=podcast.pk).update(**again)
    return "added again"


def is_secret(url: str) -> bool:
    """Whether a feed is private by its address alone."""
    return looks_private(url)


def shown(url: str, *, private: bool) -> str:
    """The address as it may be printed: of a private feed the host alone."""
    safe = redacted(url)
    return "/".join(safe.split("/")[:3]) + "/…" if private else safe
