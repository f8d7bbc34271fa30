"""What was chosen for a reader on a day, and how it was handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.store.models.insights import Insight


class Brief(models.Model):
    """The insights for one reader on one local day. Made once; without items where nothing was worth the time."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="briefs")
    day = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "day"], name="brief_once")]

    def __str__(self) -> str:
        return f"brief of {self.day}"


class BriefItem(models.Model):
    """One of the five, with the reason and the numbers that decided.

    `parts` sum to the score; `signals` are the same before weighting. `propensity` is how probable the choice was, and
    `voices` how many made the point then. Feedback is learnt on these.
    """

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="items")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="sent_in")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    reason = models.TextField()
    parts = models.JSONField(default=dict)
    signals = models.JSONField(default=dict)
    propensity = models.FloatField(default=1.0)
    voices = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "rank"], name="brief_rank_once"),
            models.UniqueConstraint(fields=["brief", "insight"], name="brief_insight_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.insight}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Many deliveries."""

    def waiting(self, now: datetime) -> Self:
        """Those to try now."""
        return self.filter(status=Delivery.Status.WAITING, next_try_at__lte=now)


class Delivery(models.Model):
    """One attempt to hand a brief over one channel.

    `SENDING` is committed before the message goes out. A process that dies between the server's 250 and our commit leaves
    the row there: it becomes `DOUBTFUL`, is reported, and is never sent again by itself.
    """

    class Status(models.TextChoices):
        """From waiting to sent, or to one of the ways it can end."""

        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DOUBTFUL = "doubtful"

    class Channel(models.TextChoices):
        """The ways out. Of those for mail each process knows one, and processes of one installation may differ in it."""

        OUTBOX = "outbox"
        SMTP = "smtp"
        PROVIDER = "provider"
        WEBHOOK = "webhook"
        CHAT = "chat"
        PODCAST = "podcast"

        @classmethod
        def beside_the_mail(cls) -> tuple[Delivery.Channel, ...]:
            """Those that pipeline/steps/post.py hands over: a reader's own outlets."""
            return cls.WEBHOOK, cls.CHAT, cls.PODCAST

        @classmethod
        def ours(cls) -> Delivery.Channel:
            """This process's way out for mail."""
            if settings.MAIL_PROVIDER:
                return cls.PROVIDER
            return cls.SMTP if settings.SMTP_URL else cls.OUTBOX

        @classmethod
        def leaves(cls) -> bool:
            """Whether this process's mails leave the machine: what left cannot be taken back or written again."""
            return cls.ours() != cls.OUTBOX

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.OUTBOX)
    copy = models.PositiveSmallIntegerField(default=0)  # 1 and more: sent again on purpose
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    message_id = models.TextField(default="")
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["brief", "channel", "copy"], name="delivery_once")]
        indexes = [models.Index(fields=["status", "next_try_at"], name="delivery_waiting")]

    def __str__(self) -> str:
        return f"{self.channel} of {self.brief}: {self.status}"
