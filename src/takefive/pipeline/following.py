"""Which podcasts are followed: taken up, given up, listed. What the commands and the page to add podcasts share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from takefive.common.addresses import looks_private, redacted
from takefive.common.errors import RefusedAddressError
from takefive.common.guard import GuardedResolver, checked_url
from takefive.feeds.find import find as find_feeds
from takefive.feeds.search import Listing
from takefive.pipeline.steps import outside
from takefive.store.models import Podcast
from takefive.store.models.publicids import public_id

Result = Literal["added", "added again", "followed already", "refused"]
_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of the wish to follow one feed. `private` says whether its address is a secret, `why` what was wrong."""

    url: str
    title: str
    result: Result
    private: bool
    why: str = ""


def check(url: str) -> None:
    """Raises RefusedAddressError, which says what to do, for an address where a scan would never connect."""
    checked_url(url, GuardedResolver(settings.TRUSTED_HOSTS))


async def search(what: str) -> tuple[Listing, ...]:
    """The feeds that an address, Apple's link or words may mean; raises as `feeds.find.find` does."""
    async with outside.client() as client:
        return await find_feeds(client, outside.directory(client), what)


def known(url: str) -> Podcast | None:
    """The podcast at this address, or the one that was added under it and has moved since."""
    return _known([url]).get(url)


def follow(wanted: Iterable[Listing], *, private: bool = False, really: bool = True) -> list[Followed]:
    """Follow feeds, each once and all in one transaction; what was given up or paused is asked again.

    An address where a scan would never connect is refused, and the rest goes on. `really` false changes nothing.
    """
    once = dict[str, Listing]()
    for listing in wanted:
        once.setdefault(listing.url, listing)
    with transaction.atomic():
        return [one for some in _batches(once.values()) for one in _follow(some, private=private, really=really)]


def _batches(listings: Iterable[Listing]) -> Iterator[list[Listing]]:
    left = iter(listings)
    while some := list(islice(left, _TOGETHER)):
        yield some


def _follow(wanted: Sequence[Listing], *, private: bool, really: bool) -> list[Followed]:
    """A batch, by one question and two statements, since lists of subscriptions may have thousands."""
    refused = {one.url: why for one in wanted if (why := _refused(one.url))}
    podcasts = _known([one.url for one in wanted if one.url not in refused])
    rows, new, again = [], list[Podcast](), list[int]()
    for one in wanted:
        podcast = podcasts.get(one.url)
        secret = podcast.private if podcast else private or looks_private(one.url)
        result: Result = "followed already"
        if one.url in refused:
            result = "refused"
        elif podcast is None:
            result = "added"
            new.append(Podcast(feed_url=one.url, public_id=_name(one.url), title=one.title, private=secret))
        elif podcast.retired_at is not None or podcast.paused_at is not None:
            result = "added again"
            again.append(podcast.pk)
        rows.append(Followed(one.url, one.title, result, secret, refused.get(one.url, "")))
    if really:
        Podcast.objects.bulk_create(new, ignore_conflicts=True)
        _ask_again(again)
    return rows


def _refused(url: str) -> str:
    try:
        check(url)
    except RefusedAddressError as error:
        return str(error)
    return ""


def _known(urls: Sequence[str]) -> dict[str, Podcast]:
    names = {url: _name(url) for url in urls}
    found = Podcast.objects.filter(Q(feed_url__in=urls) | Q(public_id__in=names.values())).defer("description")
    by_name = {podcast.public_id: podcast for podcast in found}
    by_url = {podcast.feed_url: podcast for podcast in found}
    return {url: podcast for url in urls if (podcast := by_url.get(url) or by_name.get(names[url]))}


def _name(url: str) -> str:
    return public_id("podcast", url)


def _ask_again(ids: Sequence[int]) -> None:
    again = {"retired_at": None, "paused_at": None, "failures": 0, "error": "", "next_poll_at": timezone.now()}
    Podcast.objects.filter(pk__in=ids).update(**again)


def is_secret(url: str) -> bool:
    """Whether a feed is private by its address alone."""
    return looks_private(url)


def shown(url: str, *, private: bool) -> str:
    """The address as it may be printed: of a private feed the host alone."""
    safe = redacted(url)
    return "/".join(safe.split("/")[:3]) + "/…" if private else safe
