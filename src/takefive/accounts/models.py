"""The reader's row."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone


class ReaderManager(BaseUserManager["Reader"]):
    """Makes readers; nobody has a password except an operator who signs in to the admin."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Reader:
        """One reader by address (compared without case)."""
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
    consented_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[ReaderManager] = ReaderManager()

    def __str__(self) -> str:
        return self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for who may sign in."""
        return self.status != self.Status.STOPPED

    @property
    def tzinfo(self) -> ZoneInfo:
        """The reader's zone, UTC where the name is unknown."""
        try:
            return ZoneInfo(self.zone)
        except (ValueError, OSError, KeyError):
            return ZoneInfo("UTC")
