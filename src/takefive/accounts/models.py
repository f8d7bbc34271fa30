"""The reader's row, and the row of who has yet to show that an address is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone

DECIDES_WHEN = frozenset({"status", "zone", "hour", "frequency", "pause_until"})


class ReaderQuerySet(models.QuerySet["Reader"]):
    """Many readers."""

    def update(self, **fields: Any) -> int:
        """As Django's; a change of what decides on the next brief has its time reckoned anew."""
        if fields.keys() & DECIDES_WHEN:
            fields.setdefault("next_brief_at", None)
        return super().update(**fields)

    def due(self, now: datetime, ahead: timedelta) -> Self:
        """Those whose hour may have come, who wait longest first. Not all readers are walked for it.

        Who is not to be looked at for much longer than `ahead` owes it to a clock that was wrong.
        """
        waits = models.Q(next_brief_at=None) | models.Q(next_brief_at__lte=now)
        wrong = models.Q(next_brief_at__gt=now + 2 * ahead)
        active = self.filter(waits | wrong, status=Reader.Status.ACTIVE)
        return active.order_by(models.F("next_brief_at").asc(nulls_first=True), "pk")


class ReaderManager(BaseUserManager["Reader"]):
    """Makes readers; nobody has a password except an operator who signs in to the admin."""

    def get_queryset(self) -> ReaderQuerySet:
        """All of them."""
        return ReaderQuerySet(self.model, using=self._db)

    def due(self, now: datetime, ahead: timedelta) -> ReaderQuerySet:
        """Those whose hour may have come."""
        return self.get_queryset().due(now, ahead)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Reader:
        """One reader by address (compared without case); ValidationError where it is none."""
        validate_email(email.strip())
        reader = self.model(email=email.strip().lower(), **fields)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Reader:
        """An operator, for `takefive serve`'s admin."""
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, status=Reader.Status.ACTIVE, **fields
        )

    def get_by_natural_key(self, username: str | None) -> Reader:
        """By address, without case."""
        return self.get(email=(username or "").strip().lower())


class Reader(AbstractBaseUser, PermissionsMixin):
    """A person who gets a brief. `interests` are their own words, separated by semicolons or lines."""

    class Status(models.TextChoices):
        """Nobody gets mail before they confirmed their address."""

        PENDING = "pending"
        ACTIVE = "active"
        STOPPED = "stopped"

    class Frequency(models.TextChoices):
        """The days on which a brief is due."""

        DAILY = "daily"
        WEEKDAYS = "weekdays"
        WEEKLY = "weekly"

    email = models.EmailField(max_length=254, unique=True)  # kept in lower case
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    interests = models.TextField(blank=True, default="")
    zone = models.CharField(max_length=64, default="UTC")
    hour = models.PositiveSmallIntegerField(default=7)
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.DAILY)
    serendipity = models.PositiveSmallIntegerField(default=1)
    wishes = models.JSONField(blank=True, default=dict)  # what else they told: see wishes.py
    pause_until = models.DateField(null=True, blank=True)  # no brief before this day
    next_brief_at = models.DateTimeField(null=True, blank=True, editable=False)  # not looked at before; null: at once
    unreachable_since = models.DateTimeField(
        null=True, blank=True
    )  # mail came back or was complained about: it stopped
    unreachable_why = models.TextField(blank=True, default="")
    consented_at = models.DateTimeField(null=True, blank=True)
    consent = models.TextField(blank=True, default="")  # the words agreed to then
    created_at = models.DateTimeField(default=timezone.now)
    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[ReaderManager] = ReaderManager()

    class Meta:
        indexes = [
            models.Index(
                models.F("next_brief_at").asc(nulls_first=True),
                "id",
                condition=models.Q(status="active"),
                name="reader_due",
            )
        ]

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """As Django's; the time of the next brief is reckoned anew unless nothing that decides on it is saved."""
        if update_fields is None or DECIDES_WHEN.intersection(update_fields):
            self.next_brief_at = None
            update_fields = None if update_fields is None else {*update_fields, "next_brief_at"}
        super().save(*args, update_fields=update_fields, **options)

    def __str__(self) -> str:
        return self.email

    @property
    def tzinfo(self) -> ZoneInfo:
        """The reader's zone, UTC where the name is unknown."""
        try:
            return ZoneInfo(self.zone)
        except (ValueError, OSError, KeyError):
            return ZoneInfo("UTC")


class Challenge(models.Model):
    """A link and a six-digit code mailed to an address: who can read them has the address.

    Only their hashes are stored, and only once they are mailed: the plain ones exist in the mail alone. The row is also what
    rates are counted by, so it stays for some days whether anything was mailed or not. It knows no `Reader`: whether there is
    one is found out by the job that mails, so that the page that asks takes the same time for every address.
    """

    class Purpose(models.TextChoices):
        """What the visitor asked for; from when it is mailed, what proving the address does."""

        SIGN_UP = "sign up"
        SIGN_IN = "sign in"

    class Status(models.TextChoices):
        """How far its mail came. `DROPPED`: none is sent to this address, or not so soon after the last one."""

        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        DROPPED = "dropped"
        FAILED = "failed"
        DOUBTFUL = "doubtful"

    email = models.EmailField(max_length=254)
    purpose = models.CharField(max_length=10, choices=Purpose)
    interests = models.TextField(blank=True, default="")
    wishes = models.JSONField(blank=True, default=dict)
    zone = models.CharField(max_length=64, default="UTC")
    browser = models.CharField(max_length=64)  # hash of the cookie of the browser that asked
    client = models.CharField(max_length=64)  # hash of the network that asked
    token = models.CharField(max_length=64, default="", db_index=True)
    code = models.CharField(max_length=64, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    next_try_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["email", "created_at"], name="challenge_of_address"),
            models.Index(fields=["client", "created_at"], name="challenge_of_client"),
            models.Index(fields=["browser", "expires_at"], name="challenge_of_browser"),
            models.Index(fields=["status", "next_try_at"], name="challenge_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}: {self.status}"
