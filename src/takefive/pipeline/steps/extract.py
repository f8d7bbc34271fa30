"""Transcripts -> insights.

A crash: nothing was saved; redone from the transcript, with the same keys and no doubles. What a language model had answered
by then is not asked again. Episodes whose questions are with the model's provider by batch wait (see `collect`).

An episode that the language model could not be asked about has the local engine's insights; if its provider failed
it is tried once more, an hour later. What a reader was sent, or said something on, is never replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from takefive.common.errors import UsageError
from takefive.insights.extraction import Extraction, Written, locally
from takefive.pipeline.steps import collect
from takefive.pipeline.steps.apart import marked
from takefive.pipeline.steps.attempts import attempt
from takefive.pipeline.steps.language_model import language_model, wanted
from takefive.store import models
from takefive.store.models import BriefItem, Episode, Feedback, Insight, ModelBatch
from takefive.transcripts.values import TimedText

RETRY = timedelta(hours=1)
"""After which a language model that could not be asked is asked again."""


def waiting(now: datetime) -> list[int]:
    """Episodes whose insights are missing, whose next try has come, and which wait for no batch."""
    rows = Episode.objects.waiting(Episode.Stage.TRANSCRIBED, now)
    return list(rows.exclude(model_batch__in=ModelBatch.objects.filter(closed_at=None)).values_list("pk", flat=True))


def again(now: datetime) -> None:
    """Send those back before this step whose language model failed an hour ago, unless a reader was sent them."""
    for extraction in models.Extraction.objects.filter(again_at__lte=now).select_related("episode"):
        episode = extraction.episode
        with transaction.atomic():
            models.Extraction.objects.filter(pk=extraction.pk).update(again_at=None)
            if wanted() and not _taken(episode):
                ready = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.RELATED)
                ready.update(stage=Episode.Stage.TRANSCRIBED)


def run(episode_id: int, *, now: datetime, then: Callable[[], None]) -> None:
    """Find an episode's insights and save them."""
    rows = Episode.objects.select_related("transcript", "podcast")
    episode = rows.filter(pk=episode_id, stage=Episode.Stage.TRANSCRIBED).first()
    if episode is None or collect.waits(episode_id):
        return
    with attempt(episode, now):
        found = _found(episode, marked(episode))
        if found:
            _save(episode, found, now, then)


def _found(episode: Episode, text: TimedText) -> Extraction | None:
    """By the language model where there is one, by the local engine where there is none or it can't be asked at all.

    None while it is asked by batch.
    """
    top, names = settings.INSIGHTS_PER_EPISODE, _names(episode)
    if not wanted():
        return locally(text, top=top, title=episode.title, names=names)
    from takefive.insights import language_model as engine  # the models behind it are an extra

    try:
        with language_model(episode) as model:
            read = partial(
                engine.extract, text, top=top, title=episode.title, names=names, language=settings.LLM_LANGUAGE
            )
            handed_over = collect.hand_over(episode, model, lambda asked: read(model=asked))
            return None if handed_over else read(model=model)
    except UsageError as error:
        found = locally(text, top=top, title=episode.title, names=names)
        return replace(found, note=f"{error} The local engine went on alone.")


def _names(episode: Episode) -> list[str]:
    """Of the show and of those who speak in it, as the feed has them."""
    return [episode.podcast.title, episode.podcast.author, *(person["name"] for person in episode.persons)]


def _save(episode: Episode, found: Extraction, now: datetime, then: Callable[[], None]) -> None:
    with transaction.atomic():
        moved = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.TRANSCRIBED)
        if not moved.update(stage=Episode.Stage.EXTRACTED, named_at=None, error="", attempts=0):
            return
        if not _taken(episode):
            _replace(episode, found, now)
        then()


def _replace(episode: Episode, found: Extraction, now: datetime) -> None:
    episode.insights.all().delete()
    once = {row.insight.quote: row for row in reversed(found.insights)}  # the same words said twice are one insight
    for position, written in enumerate(reversed(once.values()), 1):
        _row(episode, position, written).save()
    first = not models.Extraction.objects.filter(episode=episode).exists()
    told = {"engine": found.engine, "tally": found.tally.as_json(), "note": found.note}
    again = {"again_at": now + RETRY if found.unasked and first else None}
    models.Extraction.objects.update_or_create(episode=episode, defaults=told | again)


def _taken(episode: Episode) -> bool:
    """Whether a reader was sent one of an episode's insights or said something on it; who is about to must wait."""
    rows = list(episode.insights.select_for_update().values_list("pk", flat=True))
    given = (table.objects.filter(insight__in=rows).exists() for table in (BriefItem, Feedback))
    return bool(rows) and any(given)


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
        about=_unsure(episode, draft.start, draft.end),
        kind=draft.kind,
        topics=list(draft.topics),
        score=draft.score,
        engine=written.engine,
    )


def _unsure(episode: Episode, start: float | None, end: float | None) -> bool:
    """Whether a quote lies where nothing shows that the times are those of the audio."""
    if start is None:
        return False
    return any(first <= (end or start) and start <= last for first, last in episode.transcript.uncertain)
