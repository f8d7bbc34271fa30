"""A show: one feed, and how it is polled."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from takefive.store.models.publicids import public_id


class PodcastQuerySet(models.QuerySet["Podcast"]):
    """Many podcasts."""

    def due(self, now: datetime) -> Self:
        """Those whose next poll has come, the most overdue first."""
        return self.filter(retired_at=None, next_poll_at__lte=now).order_by("next_poll_at")

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

    etag = models.TextField(default="")
    last_modified = models.TextField(default="")
    polled_at = models.DateTimeField(null=True)
    full_fetch_at = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField(default=timezone.now, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PodcastQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title or "a podcast not yet read"

    def save(self, *args: object, **kwargs: object) -> None:
        """Give it the address of its page first."""
        self.public_id = self.public_id or public_id("podcast", self.feed_url)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
