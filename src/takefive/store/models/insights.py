"""An insight with its proof and its place among the others."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils import timezone
from pgvector.django import HalfVectorField, HnswIndex

from takefive.store.models.episodes import Episode
from takefive.store.models.publicids import public_id

DIMENSION = 384
LOOKED_AT = 100  # by the vector index when it links a new one: with the usual 64 whole crowds are out of reach in large libraries


class InsightQuerySet(models.QuerySet["Insight"]):
    """Many insights."""

    def public(self) -> Self:
        """Those that may be shown to everyone: nothing from a private feed, or from one whose publisher asks to be left out."""
        return self.filter(episode__podcast__private=False, episode__podcast__blocked=False)

    def best_put(self) -> Self:
        """One for each point: those that say it best."""
        return self.filter(same_as=None)

    def with_show(self) -> Self:
        """With episode and podcast, as every page and mail needs them."""
        return self.select_related("episode__podcast")


class Insight(models.Model):
    """One insight. `quote`, `speaker`, `start` and `end` (seconds) are the proof; `same_as` is the one that puts its point best."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="insights")
    public_id = models.CharField(max_length=12, unique=True, editable=False)
    position = models.PositiveSmallIntegerField()
    headline = models.TextField()
    text = models.TextField()
    quote = models.TextField()
    speaker = models.TextField(default="")
    start = models.FloatField(null=True)
    end = models.FloatField(null=True)
    about = models.BooleanField(default=False)  # the times may not be those of the audio
    kind = models.CharField(max_length=20)
    topics = ArrayField(models.TextField(), default=list)
    score = models.FloatField()
    engine = models.TextField(default="")
    vector = HalfVectorField(dimensions=DIMENSION, null=True)
    vector_model = models.TextField(default="")
    same_as = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="said_also")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Kept by the database itself, so that no writer can forget it.
    search = models.GeneratedField(
        expression=SearchVector("headline", weight="A", config="english")
        + SearchVector("text", "speaker", weight="B", config="english")
        + SearchVector("quote", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = InsightQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "position"], name="insight_once")]
        indexes = [
            HnswIndex(
                name="insight_nearest", fields=["vector"], opclasses=["halfvec_ip_ops"], ef_construction=LOOKED_AT
            ),
            GinIndex(name="insight_search", fields=["search"]),
            GinIndex(name="insight_topics", fields=["topics"]),
            HashIndex(name="insight_speaker", fields=["speaker"]),
        ]

    def __str__(self) -> str:
        return self.headline

    def save(self, *args: object, **kwargs: object) -> None:
        """Give it the address of its page first."""
        self.public_id = self.public_id or public_id("insight", self.episode.public_id, self.quote)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Relation(models.Model):
    """A scored link from one insight to another, with a word on why. `rank` orders the related ones, best 1."""

    class Kind(models.TextChoices):
        """What the link says."""

        SAME_POINT = "same point"
        RELATED = "related"

    source = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="relations")
    target = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="relations_to")
    kind = models.CharField(max_length=12, choices=Kind)
    score = models.FloatField()
    rank = models.PositiveSmallIntegerField()
    reason = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="relation_once")]
        indexes = [models.Index(fields=["source", "kind", "rank"], name="relation_list")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
