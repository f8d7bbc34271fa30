"""A show: one feed, and how it is polled."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from takefive.store.models import bulk
from takefive.store.models.publicids import public_id

_APART = timedelta(minutes=10)  # between two polls of one feed, however often its publisher calls


class PodcastQuerySet(models.QuerySet["Podcast"]):
    """Many podcasts."""

    def due(self, now: datetime) -> Self:
        """Those whose next poll has come, the most overdue first."""
        return self.active().filter(next_poll_at__lte=now).order_by("next_poll_at")

    def active(self) -> Self:
        """Those that are polled at all: not given up, and not paused by the operator."""
        return self.filter(retired_at=None, paused_at=None)

    def hurry(self, now: datetime) -> int:
        """Make them due, since their publisher says that they have changed; how many were not due already.

        Ten minutes after the last poll at the soonest, and never one that fails: its server may have asked for more time.
        """
        soonest = Greatest(Value(now, models.DateTimeField()), F("polled_at") + _APART)
        return self.active().filter(failures=0, next_poll_at__gt=soonest).update(next_poll_at=soonest)

    def locked(self, pks: Collection[int]) -> dict[int, Podcast]:
        """Those of these ids as they stand, by their id, for nobody else to change until the transaction ends."""
        rows = self.raw("SELECT * FROM store_podcast WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(pks)])
        return {podcast.pk: podcast for podcast in rows}

    def write(self, podcasts: Iterable[Podcast]) -> None:
        """As `save` for each, of rows that are there: one statement for all, and no building of it anew."""
        fields = [field.column for field in self.model._meta.concrete_fields]
        columns = ", ".join(f"{name} = new.{name}" for name in fields if name != "id")
        bulk.execute(
            f"UPDATE store_podcast SET {columns} FROM json_populate_recordset(NULL::store_podcast, %s::json) AS new"  # noqa: S608
            " WHERE store_podcast.id = new.id",
            (
                {field.attname: getattr(podcast, field.attname) for field in self.model._meta.concrete_fields}
                for podcast in podcasts
            ),
            using=self.db,
        )

    def public(self) -> Self:
        """Those that may be shown: not a private feed, nor one whose publisher asks to be left out (itunes:block)."""
        return self.filter(private=False, blocked=False)


class Podcast(models.Model):
    """A show. What the publisher says, then how we poll it."""

    feed_url = models.TextField(unique=True)
    public_id = models.CharField(max_length=12, unique=True, editable=False)
    private = models.BooleanField(default=False)
    title = models.TextField(default="")
    description = models.TextField(default="")
    author = models.TextField(default="")
    link = models.TextField(default="")
    image = models.TextField(default="")
    language = models.CharField(max_length=35, default="")
    guid = models.TextField(default="")
    blocked = models.BooleanField(default=False)
    opt_out = models.BooleanField("asks machines to stay away", default=False)

    etag = models.TextField(default="")
    last_modified = models.TextField(default="")
    polled_at = models.DateTimeField(null=True)
    full_fetch_at = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField(default=timezone.now, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PodcastQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title or "a podcast not yet read"

    def save(self, *args: object, **kwargs: object) -> None:
        """Give it the address of its page first."""
        self.public_id = self.public_id or public_id("podcast", self.feed_url)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def is_pushed(self, now: datetime) -> bool:
        """Whether a hub tells us of its changes now."""
        ours: Subscription | None = getattr(self, "subscription", None)
        return ours is not None and ours.leased_until is not None and ours.leased_until > now


class FeedMarks(models.Model):
    """Which items of a feed are which episodes, so that an item that stands as it did need not be read again.

    `packed` holds 16 bytes for each item: its mark (see `feeds/slices.py`) and our episode's id. In a table of its own,
    since nobody but the scanner wants it.
    """

    podcast = models.OneToOneField(Podcast, on_delete=models.CASCADE, primary_key=True, related_name="marks")
    packed = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"marks of {self.podcast}"

    @property
    def episodes(self) -> dict[int, int]:
        """Our episode's id for each mark."""
        numbers = array("q", bytes(self.packed))
        return dict(zip(numbers[::2], numbers[1::2], strict=True))

    @episodes.setter
    def episodes(self, ids: dict[int, int]) -> None:
        self.packed = array("q", [number for pair in ids.items() for number in pair]).tobytes()


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Many subscriptions."""

    def live(self, now: datetime) -> Self:
        """Those whose hub pushes now."""
        return self.filter(leased_until__gt=now)

    def to_ask(self, now: datetime, *, renew_before: timedelta, again_after: timedelta) -> Self:
        """Those without a lease, or with one that ends soon, whose hub was not asked just now."""
        ends = Q(leased_until=None) | Q(leased_until__lte=now + renew_before)
        rested = Q(asked_at=None) | Q(asked_at__lte=now - again_after)
        return self.filter(ends, rested, podcast__in=_told_of())

    def to_end(self, now: datetime, *, again_after: timedelta) -> Self:
        """Those that are pushed though nobody wants to hear of them now, whose hub was not asked just now."""
        rested = Q(asked_at=None) | Q(asked_at__lte=now - again_after)
        return self.filter(rested, leased_until__gt=now).exclude(podcast__in=_told_of())

    def let_go(self) -> None:
        """Their podcasts want no pushes from these hubs any more: forget them, but for those whose hub must be told."""
        self.filter(leased_until=None).delete()
        self.update(podcast=None, asked_at=None)


def _told_of() -> QuerySet[Podcast]:
    """The podcasts that hubs may tell us of."""
    return Podcast.objects.active().filter(private=False)


def _token() -> str:
    return secrets.token_urlsafe(32)


class Subscription(models.Model):
    """Our wish that a podcast's hub tells us of changes (WebSub). `key` is the secret part of the address it calls.

    One without a podcast is there to be ended: its podcast was removed, or has another hub now.
    """

    podcast = models.OneToOneField(Podcast, on_delete=models.SET_NULL, null=True, related_name="subscription")
    hub = models.TextField()
    topic = models.TextField()
    key = models.CharField(max_length=43, unique=True, default=_token, editable=False)
    secret = models.CharField(max_length=43, default=_token, editable=False)
    asked_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    objects = SubscriptionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"hub of {self.podcast or 'a podcast no longer followed'}"
