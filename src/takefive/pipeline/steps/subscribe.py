"""Podcasts whose feed names a hub -> leases: the hub tells us of changes instead of being polled (WebSub).

A crash: a hub asked for nothing is asked again half a day later; a lease begins only with the hub's own question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from takefive.common.errors import TakefiveError
from takefive.common.http import GuardedClient
from takefive.feeds.values import ParsedFeed
from takefive.feeds.websub import RENEW_BEFORE, can_be_called, confirmed, signed, subscription
from takefive.pipeline.steps import outside
from takefive.store.models import Podcast, Subscription
from takefive.store.models.podcasts import SubscriptionQuerySet

log = logging.getLogger(__name__)

BATCH = 200
PATH = "hub"  # of the page that hubs call, below our address; web/urls.py serves it
_AGAIN_AFTER = timedelta(hours=12)


def run(*, now: datetime) -> None:
    """Ask the hubs of podcasts without a lease, or whose lease ends soon, to push; those of others to push no more.

    Only where they can reach us, since a hub does nothing before it has asked us back.
    """
    Subscription.objects.filter(podcast=None).exclude(leased_until__gt=now).delete()
    if not can_be_called(settings.SITE_URL):
        return
    waiting = Subscription.objects.to_ask(now, renew_before=RENEW_BEFORE, again_after=_AGAIN_AFTER)
    wishes = [(ours, "subscribe") for ours in _claim(waiting, now)]
    unwanted = Subscription.objects.to_end(now, again_after=_AGAIN_AFTER)
    wishes += [(ours, "unsubscribe") for ours in _claim(unwanted, now)]
    for (ours, _), error in zip(wishes, asyncio.run(_ask_all(wishes)), strict=True):
        line = outside.discreet(error, private=True)[:500] if error else ""
        Subscription.objects.filter(pk=ours.pk).update(error=line)


def hand_over(before: Podcast, now: Podcast) -> None:
    """Let the same podcast, read anew, have the subscription that it had when it was read with it: one question less."""
    field = Podcast._meta.get_field("subscription")
    field.set_cached_value(now, field.get_cached_value(before, default=None))


def keep(podcast: Podcast, feed: ParsedFeed) -> None:
    """Remember the hub that a feed names now; let go of the one it no longer names. Private feeds tell nobody that they exist."""
    ours: Subscription | None = getattr(podcast, "subscription", None)
    named = (feed.hub_url, feed.self_url or podcast.feed_url)
    if ours is not None and (podcast.private or (ours.hub, ours.topic) != named):
        podcast.subscription = ours = None  # of this object; of the table in the next line
        Subscription.objects.filter(podcast=podcast).let_go()
    if ours is None and feed.hub_url is not None and not podcast.private:
        Subscription.objects.create(podcast=podcast, hub=feed.hub_url, topic=named[1])


def answer(key: str, query: Mapping[str, str], *, now: datetime) -> str | None:
    """What to answer to the hub's question whether we meant it; None where there is nothing to say but 404."""
    ours = Subscription.objects.filter(key=key).first()
    if ours is None or query.get("hub.topic") != ours.topic:
        return None
    if query.get("hub.mode") == "denied":
        Subscription.objects.filter(pk=ours.pk).update(leased_until=None, error="the hub will not push this feed")
        return ""
    wanted = Podcast.objects.active().filter(subscription=ours, private=False).exists()
    found = confirmed(query, topic=ours.topic, wanted=wanted)
    if found is None:
        return None
    challenge, lease = found
    row = Subscription.objects.filter(pk=ours.pk)
    if ours.podcast_id is None:
        row.delete()
    else:
        row.update(leased_until=now + lease if wanted else None, error="")
    return challenge


def known(key: str) -> bool:
    """Whether this is the address of one of our subscriptions."""
    return Subscription.objects.filter(key=key).exists()


def hear(key: str, body: bytes, signature: str | None, *, now: datetime, then: Callable[[], None]) -> bool:
    """A push: where its signature is good the podcast is due at once and `then` is called. What it says is not read."""
    ours = Subscription.objects.live(now).filter(key=key).first()
    if ours is None or not signed(body, signature, ours.secret):
        return False
    with transaction.atomic():
        Subscription.objects.filter(pk=ours.pk).update(pushed_at=now)
        if Podcast.objects.filter(subscription=ours).hurry(now):
            then()
    return True


def _claim(waiting: SubscriptionQuerySet, now: datetime) -> list[Subscription]:
    """Take some for ourselves, so that no hub is asked twice."""
    with transaction.atomic():
        rows = waiting.select_for_update(skip_locked=True, of=("self",))
        taken = list(rows.order_by("asked_at", "pk")[:BATCH])
        Subscription.objects.filter(pk__in=[ours.pk for ours in taken]).update(asked_at=now)
    return taken


async def _ask_all(wishes: Sequence[tuple[Subscription, str]]) -> list[TakefiveError | None]:
    async with outside.client() as client:
        return await asyncio.gather(*(_ask(client, ours, mode) for ours, mode in wishes))


async def _ask(client: GuardedClient, ours: Subscription, mode: str) -> TakefiveError | None:
    callback = f"{settings.SITE_URL}/{PATH}/{ours.key}/"
    try:
        await client.post(ours.hub, subscription(topic=ours.topic, callback=callback, secret=ours.secret, mode=mode))
    except TakefiveError as error:
        return error
    return None
