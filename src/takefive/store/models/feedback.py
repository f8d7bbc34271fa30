"""What readers said about insights, by pressing a button: nothing is watched."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.store.models.insights import Insight


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Many of them."""

    def standing(self) -> Self:
        """Those not taken back."""
        return self.filter(undone_at=None)


class Feedback(models.Model):
    """One thing a reader said about one insight. Taken back, it stays as a row, but counts no more."""

    class Kind(models.TextChoices):
        """The names of briefs/learn.py."""

        MORE = "more"
        LESS = "less"
        SAVE = "save"
        SKIP = "skip"
        OPEN = "open"
        PLAY = "play"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="feedback")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="feedback")
    kind = models.CharField(max_length=5, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "insight", "kind"], condition=models.Q(undone_at=None), name="feedback_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.insight}"
