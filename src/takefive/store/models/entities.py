"""Topics and people as they are the same across episodes, which insights name them, and what tells that two names are one.

All of it can be made anew from episodes and insights, but for what an operator ruled. Of hidden shows there is nothing here: the
database itself takes their rows out, and counts (see the migration), so that no writer can forget it.
"""

from __future__ import annotations

from typing import Self

from django.db import models

from takefive.relations.entities import slug
from takefive.store.models.episodes import Episode
from takefive.store.models.insights import Insight
from takefive.store.models.podcasts import Podcast


class Kind(models.TextChoices):
    """What an entity is."""

    TOPIC = "topic"
    PERSON = "person"


class EntityQuerySet(models.QuerySet["Entity"]):
    """Many entities."""

    def topics(self) -> Self:
        """Topics that are spoken of."""
        return self.filter(kind=Kind.TOPIC, insights__gt=0)

    def people(self) -> Self:
        """People who are heard."""
        return self.filter(kind=Kind.PERSON, insights__gt=0)


class Entity(models.Model):
    """A topic or a person. `key` is its lasting name (relations/entities.py), `name` how it is written most often."""

    kind = models.CharField(max_length=6, choices=Kind)
    key = models.TextField()
    name = models.TextField(default="")
    insights = models.IntegerField(default=0, editable=False)  # counted by the database

    objects = EntityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "topics and people"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="entity_once")]
        indexes = [models.Index(fields=["kind", "-insights"], name="entity_most")]

    def __str__(self) -> str:
        return self.name or self.key

    @property
    def slug(self) -> str:
        """Its part of the address."""
        return slug(self.key)


class Named(models.Model):
    """An insight on a topic, or by a person. `key` is what `written` says by itself, `day` when it was published."""

    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="named", db_index=False)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="named", db_index=False)
    podcast = models.ForeignKey(Podcast, on_delete=models.CASCADE, related_name="named")
    key = models.TextField()
    written = models.TextField()
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["insight", "entity"], name="named_once")]
        indexes = [
            models.Index(fields=["entity", "-day", "-insight"], name="named_newest"),
            models.Index(fields=["entity", "written"], name="named_written"),
            models.Index(fields=["day"], include=["entity", "podcast"], name="named_day"),
            models.Index(fields=["key"], name="named_key"),
        ]

    def __str__(self) -> str:
        return f"{self.written}: {self.insight_id}"


class Evidence(models.Model):
    """What an episode says of names: an abbreviation (`key`) that stands for `form`; a person (`key` first and last name,
    `form` what stands between) with the page that the feed gives for them."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    key = models.TextField()
    form = models.TextField()
    href = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "kind", "key", "form", "href"], name="evidence_once")]
        indexes = [models.Index(fields=["kind", "key"], name="evidence_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.form}"


class Departed(models.Model):
    """A name of which evidence or a link went: whoever bears it is linked and called anew. The database notes it (0020).

    Rows are only added and taken out, never found there already: a note that is being worked off stands for nothing that
    goes meanwhile.
    """

    kind = models.CharField(max_length=6, choices=Kind)
    key = models.TextField()

    class Meta:
        verbose_name_plural = "departed"

    def __str__(self) -> str:
        return self.key


class EntityRule(models.Model):
    """What an operator decided: `key` belongs to `into`; to itself, against the evidence; or, "*", to each show's own person."""

    EACH_SHOW = "*"

    kind = models.CharField(max_length=6, choices=Kind)
    key = models.TextField()
    into = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="entity_rule_once")]

    def __str__(self) -> str:
        return f"{self.key} → {self.into}"
