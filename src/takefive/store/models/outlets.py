"""The ways by which a reader takes the brief beside the mail, and what readers wrote back."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.store.models.briefs import Brief


def new_key() -> str:
    """128 bits that nobody can guess."""
    return secrets.token_hex(16)


class Outlet(models.Model):
    """A private feed, a private podcast, a webhook or a chat of one reader.

    Addresses of feeds and secrets of webhooks are made from `key` with the installation's secret key (store/outlets.py), so
    the table alone opens nothing; a new key makes new ones and closes the old. `address` is where to: of webhook and chat.
    """

    class Kind(models.TextChoices):
        """What it is; for those that are handed something, also the channel of the delivery."""

        FEED = "feed"
        PODCAST = "podcast"
        WEBHOOK = "webhook"
        CHAT = "chat"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="outlets")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=32, unique=True, default=new_key)
    address = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "kind"], name="outlet_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Reply(models.Model):
    """A mail that a reader wrote back: not its words, only what is to be answered, until that is mailed.

    `message_id` is that of the reader's mail: the same mail again does nothing again.
    """

    class Status(models.TextChoices):
        """How far the answer came."""

        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DOUBTFUL = "doubtful"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="replies")
    brief = models.ForeignKey(Brief, null=True, on_delete=models.CASCADE, related_name="replies")
    message_id = models.CharField(max_length=250)
    subject = models.CharField(max_length=120, default="")
    done = models.JSONField(default=list)
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        verbose_name_plural = "replies"
        constraints = [models.UniqueConstraint(fields=["reader", "message_id"], name="reply_once")]
        indexes = [models.Index(fields=["status", "next_try_at"], name="reply_waiting")]

    def __str__(self) -> str:
        return f"reply {self.pk}: {self.status}"
