"""Beside the deliveries: the very mails, what came back, what was used of the allowances, and the operator's hold."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.store.models.briefs import Delivery


class SentMail(models.Model):
    """The very bytes that one delivery handed over, less the signature; zlib. Kept for some days (steps/mailing.py)."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, primary_key=True, related_name="mail")
    packed = models.BinaryField()
    packed_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"mail of delivery {self.delivery_id}"


class Return(models.Model):
    """What a mail server, a provider or the reader's mailbox told about a mail of ours afterwards, or at once with a 5xx."""

    class Kind(models.TextChoices):
        """What was told. All but `FAILED` stop the address."""

        REFUSED = "refused"  # the server would not take mail to this address
        BOUNCED = "bounced"
        COMPLAINED = "complained"
        LEFT = "unsubscribed"  # at the provider
        FAILED = "failed"  # this mail alone

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="returns")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="returns")
    kind = models.CharField(max_length=12, choices=Kind)
    said = models.TextField(default="")
    event = models.CharField(max_length=250, null=True, unique=True)  # noqa: DJ001 - the provider's id: told twice, kept once
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Allowance(models.Model):
    """How many mails were taken of what one window allows, by all workers together. `scope`: "day", or a domain."""

    scope = models.CharField(max_length=253)
    begins = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "begins"], name="allowance_once")]

    def __str__(self) -> str:
        return f"{self.scope} from {self.begins}: {self.used}"


class Hold(models.Model):
    """While there is a row nothing is mailed: the operator's kill switch."""

    only = models.BooleanField(default=True, unique=True, editable=False)  # one row at the most
    why = models.CharField(max_length=200, blank=True, default="")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "hold on all mail"

    def __str__(self) -> str:
        return f"no mail since {self.since:%Y-%m-%d %H:%M} UTC"
