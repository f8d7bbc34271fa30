"""What search and relations keep beside the insights: which vectors they go by, who stands near whom, the words there are."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from pgvector.django import HalfVectorField

from takefive.store.models.insights import Insight


class VectorIndexQuerySet(models.QuerySet["VectorIndex"]):
    """At most two: the one that is used, and one beside it."""

    def active(self) -> VectorIndex | None:
        """What search and relations go by; None in a library that never left the package's own model."""
        return self.filter(state=VectorIndex.State.ACTIVE).first()

    def beside(self) -> Self:
        """The other one, half built or kept."""
        return self.exclude(state=VectorIndex.State.ACTIVE)


class VectorIndex(models.Model):
    """The vectors of all insights by one embedder. Those of the active one stand in `Insight.vector`, others in a column beside.

    `source` says where the embedder comes from (as the setting does), `model` is its name and version.
    """

    class State(models.TextChoices):
        """Each at most once; what is built and what is kept share the one place beside the active one."""

        ACTIVE = "active", "in use"
        BUILDING = "building", "is being made"
        KEPT = "kept", "was in use before, to go back to"

    source = models.TextField(blank=True)
    model = models.TextField()
    dimension = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = VectorIndexQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.model} ({self.dimension})"


class Neighbourhood(models.Model):
    """How far an insight's neighbours lie, whether its links must be chosen anew, and what it is compared by more closely.

    `reach` is the cosine, to the third decimal, of the last among the neighbours that its links are chosen from: who comes or
    goes beyond it changes nothing. Below -1: there are fewer neighbours than are wanted, so everyone counts. `point` is the
    vector by the model tuned for "the same point", of the version `point_model`, once it was needed.
    """

    insight = models.OneToOneField(Insight, on_delete=models.CASCADE, primary_key=True, related_name="neighbourhood")
    reach = models.FloatField(default=-2)
    stale = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)  # it came or went itself: those near it must be told too
    point = HalfVectorField(null=True)
    point_model = models.CharField(max_length=8, default="", db_default="")  # triggers make rows too

    class Meta:
        indexes = [models.Index(fields=["insight"], name="neighbourhood_stale", condition=models.Q(stale=True))]

    def __str__(self) -> str:
        return f"neighbours of {self.insight_id}"


class Word(models.Model):
    """A word that some insight has had, with what is left of it where letters are missing: how a slip finds it."""

    word = models.TextField(primary_key=True)
    slips = ArrayField(models.TextField())

    class Meta:
        indexes = [GinIndex(name="word_slips", fields=["slips"])]

    def __str__(self) -> str:
        return self.word
