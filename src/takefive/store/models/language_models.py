"""What language models cost, what they answered, and what came of each episode's extraction."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from takefive.store.models.episodes import Episode


class Spending(models.Model):
    """One request to a language model: what it cost, or while it is under way (`settled` false) what it may cost at most.

    The caps are held against these rows, also against those of workers that died. They outlive their episodes: spent is spent.
    `dollars` is null where nobody knows the price.
    """

    episode = models.ForeignKey(Episode, null=True, on_delete=models.SET_NULL, related_name="spendings")
    day = models.DateField()
    model = models.TextField()
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    dollars = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    settled = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["day"], name="spending_of_a_day")]

    def __str__(self) -> str:
        return f"{self.model} on {self.day}"


class ModelAnswer(models.Model):
    """What a language model answered, as JSON, by the hash of all that it was asked. It goes with its episode."""

    key = models.CharField(max_length=64, primary_key=True)
    episode = models.ForeignKey(Episode, null=True, on_delete=models.CASCADE, related_name="model_answers")
    answer = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="answer_oldest")]

    def __str__(self) -> str:
        return f"an answer of {self.created_at:%Y-%m-%d}"


class ModelBatch(models.Model):
    """An episode's questions, handed to a provider by batch; an episode has one at most, the rest is asked directly.

    `handle` is the provider's, empty while it is handed over: if whoever does that dies, it stays so. `questions` names for the
    key of each `ModelAnswer` the row of `Spending` that it was reserved under. Closed, with what went wrong in `note`, once
    nothing is waited for.
    """

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="model_batch")
    handle = models.TextField(default="")
    questions = models.JSONField(default=dict)
    note = models.TextField(default="")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "model batches"
        indexes = [models.Index(fields=["created_at"], name="batch_open", condition=models.Q(closed_at=None))]

    def __str__(self) -> str:
        return f"a batch of {self.created_at:%Y-%m-%d}"


class Extraction(models.Model):
    """What came of looking for an episode's insights: by which engine, what was dropped and why, what went wrong.

    `tally` is what `takefive.insights.admit.Tally` stores: counts of published, mended and dropped by reason.
    `again_at`: when it is tried once more, since the language model could not be asked; null once that is done or of no use.
    """

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="extraction")
    engine = models.TextField()
    tally = models.JSONField(default=dict)
    note = models.TextField(default="")
    again_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["again_at"], name="extraction_again", condition=models.Q(again_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"extraction of {self.episode}"
