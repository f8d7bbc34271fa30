"""Transcripts -> insights.

A crash: nothing was saved; redone from the transcript, with the same keys and no doubles. What a language model had answered
by then is not asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from takefive.common.errors import UsageError
from takefive.insights.extraction import Extraction, Written, locally
from takefive.pipeline.steps.attempts import attempt
from takefive.pipeline.steps.language_model import language_model, wanted
from takefive.store import models
from takefive.store.models import Episode, Insight
from takefive.transcripts.values import Segment, TimedText


def waiting(now: datetime) -> list[int]:
    """Episodes whose insights are missing and whose next try has come."""
    return list(Episode.objects.waiting(Episode.Stage.TRANSCRIBED, now).values_list("pk", flat=True))


def run(episode_id: int, *, now: datetime, then: Callable[[], None]) -> None:
    """Find an episode's insights and save them."""
    rows = Episode.objects.select_related("transcript", "podcast")
    episode = rows.filter(pk=episode_id, stage=Episode.Stage.TRANSCRIBED).first()
    if episode is None:
        return
    with attempt(episode, now):
        segments = tuple(Segment(**segment) for segment in episode.transcript.segments)
        text = TimedText(segments=segments, language=episode.transcript.language or None)
        _save(episode, _found(episode, text), then)


def _found(episode: Episode, text: TimedText) -> Extraction:
    """By the language model where there is one, by the local engine where there is none or it can't be asked at all."""
    top, names = settings.INSIGHTS_PER_EPISODE, _names(episode)
    if not wanted():
        return locally(text, top=top, title=episode.title, names=names)
    from takefive.insights import language_model as engine  # the models behind it are an extra

    try:
        with language_model(episode) as model:
            return engine.extract(
                text, model=model, top=top, title=episode.title, names=names, language=settings.LLM_LANGUAGE
            )
    except UsageError as error:
        found = locally(text, top=top, title=episode.title, names=names)
        return replace(found, note=f"{error} The local engine went on alone.")


def _names(episode: Episode) -> list[str]:
    """Of the show and of those who speak in it, as the feed has them."""
    return [episode.podcast.title, episode.podcast.author, *(person["name"] for person in episode.persons)]


def _save(episode: Episode, found: Extraction, then: Callable[[], None]) -> None:
    with transaction.atomic():
        moved = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.TRANSCRIBED)
        if not moved.update(stage=Episode.Stage.EXTRACTED, error="", attempts=0):
            return
        episode.insights.all().delete()
        once = {row.insight.quote: row for row in reversed(found.insights)}  # the same words said twice are one insight
        for position, written in enumerate(reversed(once.values()), 1):
            _row(episode, position, written).save()
        told = {"engine": found.engine, "tally": found.tally.as_json(), "note": found.note}
        models.Extraction.objects.update_or_create(episode=episode, defaults=told)
        then()


def _row(episode: Episode, position: int, written: Written) -> Insight:
    draft = written.insight
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
        engine=written.engine,
    )
