"""An episode and its transcript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from takefive.store.models import bulk
from takefive.store.models.podcasts import Podcast
from takefive.store.models.publicids import public_id

_INSERT = """
INSERT INTO store_episode ({names}) SELECT {names} FROM json_populate_recordset(NULL::store_episode, %s::json)
RETURNING podcast_id, guid, id
"""


class EpisodeQuerySet(models.QuerySet["Episode"]):
    """Many episodes."""

    def waiting(self, stage: str, now: datetime) -> Self:
        """Those that stand before a step and whose next try has come: what the sweep defers again."""
        return self.filter(stage=stage, next_try_at__lte=now)

    def insert(self, rows: Iterable[Mapping[str, object]]) -> dict[tuple[int, str], int]:
        """Insert episodes, given by their columns; our ids by the podcast's id and the GUID.

        One statement, for speed: `bulk_create` takes three times as long, most of it for quoting.
        """
        columns = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        defaults = {field.attname: field.get_default() for field in columns}
        names = ", ".join(str(field.column) for field in columns)
        made = bulk.execute(_INSERT.format(names=names), ({**defaults, **row} for row in rows), using=self.db)
        return {(podcast_id, guid): pk for podcast_id, guid, pk in made}


class Episode(models.Model):
    """One item of a feed. `stage` says how far it has come; the next step is what is missing."""

    class Stage(models.TextChoices):
        """Each step moves an episode one line down. `SKIPPED` and `FAILED` need a person or a changed feed."""

        SKIPPED = "skipped", "not picked"
        OFFERED = "offered", "waits for its share of the day's audio"
        PICKED = "picked", "waits for its transcript"
        TRANSCRIBED = "transcribed", "waits for its insights"
        EXTRACTED = "extracted", "waits for its relations"
        RELATED = "related", "done"
        FAILED = "failed", "given up, see error"

    podcast = models.ForeignKey(Podcast, on_delete=models.CASCADE, related_name="episodes")
    guid = models.TextField()
    public_id = models.CharField(max_length=12, unique=True, editable=False)
    title = models.TextField()
    link = models.TextField(default="")
    description = models.TextField(default="")
    summary = models.TextField(default="")
    published_at = models.DateTimeField(null=True)
    audio_url = models.TextField(default="")
    audio_type = models.TextField(default="")
    audio_bytes = models.BigIntegerField(null=True)
    duration = models.FloatField(null=True)
    image = models.TextField(default="")
    season = models.IntegerField(null=True)
    number = models.IntegerField(null=True)
    kind = models.CharField(max_length=20, default="full")
    transcripts = models.JSONField(default=list)
    persons = models.JSONField(default=list)
    chapters_url = models.TextField(default="")
    chapters = models.JSONField(default=list)  # {start, title}: the feed's, else those of the audio file
    digest = models.CharField(max_length=64, default="")

    chosen_at = models.DateTimeField(null=True)  # when the day's budget was spent on its audio
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.SKIPPED)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(default="")
    created_at = models.DateTimeField(default=timezone.now)
    named_at = models.DateTimeField(null=True)  # when its insights were linked to their topics and people

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["podcast", "guid"], name="episode_once")]
        indexes = [
            models.Index(fields=["stage", "next_try_at"], name="episode_waiting"),
            models.Index(fields=["-published_at"], name="episode_newest"),
            models.Index(fields=["chosen_at"], name="episode_chosen", condition=models.Q(chosen_at__isnull=False)),
            models.Index(fields=["stage"], name="episode_unnamed", condition=models.Q(named_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        """Give it the address of its page first."""
        self.public_id = self.public_id or public_id("episode", self.podcast.feed_url, self.guid)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Transcript(models.Model):
    """The spoken words of an episode: `segments` is a list of {start, end, speaker, text}, times in seconds.

    `uncertain` is a list of [first, last] seconds in which the times may not be those of the audio (see `transcripts.drift`).
    `fingerprint`: what is kept to know its words again in other episodes (see `transcripts.repeats`), some 10 KB for an hour.
    """

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="transcript")
    language = models.CharField(max_length=35, default="")
    segments = models.JSONField()
    uncertain = models.JSONField(default=list)
    source = models.TextField(default="")
    fingerprint = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"transcript of {self.episode}"
