"""The map of ideas as it was last drawn: a place and a region for each insight."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from takefive.store.models.insights import Insight


class IdeaMap(models.Model):
    """One drawing; the newest is shown. `size` counts its points when it was drawn, without those set in since."""

    size = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"map of {self.size} points"


class MapRegion(models.Model):
    """A named part of a map. `level` 0 is the coarsest; `parent` is the `number` of the region around it."""

    map = models.ForeignKey(IdeaMap, on_delete=models.CASCADE, related_name="regions")
    number = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    parent = models.PositiveSmallIntegerField(null=True)
    name = models.TextField()
    x = models.FloatField()
    y = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["map", "number"], name="map_region_once")]

    def __str__(self) -> str:
        return self.name


class MapPoint(models.Model):
    """Where an insight lies: `number` counts the points of a map from 0 and lasts with it, `region` is its finest region."""

    insight = models.OneToOneField(Insight, on_delete=models.CASCADE, primary_key=True, related_name="place")
    map = models.ForeignKey(IdeaMap, on_delete=models.CASCADE, related_name="points", db_index=False)
    number = models.PositiveIntegerField()
    region = models.PositiveSmallIntegerField()
    x = models.FloatField()
    y = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["map", "number"], name="map_point_once")]
        indexes = [models.Index(fields=["map", "region"], name="map_point_region")]

    def __str__(self) -> str:
        return f"{self.number} at {self.x:.1f}, {self.y:.1f}"
