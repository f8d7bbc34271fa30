"""Transcripts -> insights.

A crash: nothing was saved; redone from the transcript, with the same keys and no doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from takefive.insights import local
from takefive.insights.values import DraftInsight
from takefive.pipeline.steps.attempts import attempt
from takefive.store.models import Episode, Insight
from takefive.transcripts.values import Segment, TimedText


def waiting(now: datetime) -> list[int]:
    """Episodes whose insights are missing and whose next try has come."""
    return list(Episode.objects.waiting(Episode.Stage.TRANSCRIBED, now).values_list("pk", flat=True))


def run(episode_id: int, *, now: datetime, then: Callable[[], None]) -> None:
    """Find an episode's insights and save them."""
    rows = Episode.objects.select_related("transcript").filter(pk=episode_id, stage=Episode.Stage.TRANSCRIBED)
    episode = rows.first()
    if episode is None:
        return
    with attempt(episode, now):
        segments = tuple(Segment(**segment) for segment in episode.transcript.segments)
        text = TimedText(segments=segments, language=episode.transcript.language or None)
        drafts = local.extract(text, top=settings.INSIGHTS_PER_EPISODE, title=episode.title)
        _save(episode, drafts, then)


def _save(episode: Episode, drafts: Sequence[DraftInsight], then: Callable[[], None]) -> None:
    with transaction.atomic():
        moved = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.TRANSCRIBED)
        if not moved.update(stage=Episode.Stage.EXTRACTED, error="", attempts=0):
            return
        episode.insights.all().delete()
        once = {draft.quote: draft for draft in reversed(drafts)}  # the same words said twice are one insight
        for position, draft in enumerate(reversed(once.values()), 1):
            _row(episode, position, draft).save()
        then()


def _row(episode: Episode, position: int, draft: DraftInsight) -> Insight:
    return Insight(
        episode=episode,
        position=position,
        headline=draft.headline,
        text=draft.text,
        quote=draft.quote,
        speaker=draft.speaker or "",
        start=draft.start,
        end=draft.end,
        kind=draft.kind,
        topics=list(draft.topics),
        score=draft.score,
        engine=local.ENGINE,
    )
