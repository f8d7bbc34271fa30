"""Transcripts of publishers -> the same with the times of the audio that listeners get.

Only where the operator gives minutes for it: the audio is downloaded, and a few stretches of it are heard where its length says
that something was put in or taken out. Until then, for two hours at most, the episode waits for its insights.

A crash, or an error: after the two hours the insights are taken with the publisher's own times.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from takefive.common.errors import TakefiveError
from takefive.pipeline.steps import outside, recognise
from takefive.pipeline.steps.apart import stored
from takefive.store.models import Episode, Transcript
from takefive.transcripts import audio, drift
from takefive.transcripts.listen import checked
from takefive.transcripts.values import Segment, TimedText

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=2)
"""How long an episode's insights wait for their times to be checked."""


def begins(episode_id: int, *, now: datetime) -> bool:
    """Whether the times of a transcript just saved are to be checked; then its insights wait. In the caller's transaction."""
    if not settings.SPEECH or settings.CHECK_MINUTES <= 0:
        return False
    texts = Transcript.objects.filter(episode=episode_id).values_list("segments", flat=True)
    if all(segment["start"] is None for segments in texts for segment in segments):
        return False
    rows = Episode.objects.filter(pk=episode_id).exclude(audio_url="")
    return bool(rows.update(next_try_at=now + PATIENCE))


def run(episode_id: int, *, now: datetime, then: Callable[[], None]) -> None:
    """Move the times of an episode's transcript onto its audio, where they differ; then its insights need not wait."""
    rows = Episode.objects.select_related("podcast", "transcript")
    episode = rows.filter(pk=episode_id, stage=Episode.Stage.TRANSCRIBED).first()
    if episode is None:
        return
    with recognise.alone(episode_id) as ours:
        if not ours:
            return
        try:
            found = _checked(episode)
        except TakefiveError as error:
            why = outside.discreet(error, private=episode.podcast.private)
            log.warning("%s: its times were not checked: %s", episode.title, why)
            found = None
    _save(episode, found, now, then)


def _checked(episode: Episode) -> drift.Moved | None:
    """None where the lengths say that there is nothing to check."""
    folder = settings.AUDIO_FOLDER / episode.public_id
    segments = tuple(Segment(**segment) for segment in episode.transcript.segments)
    text = TimedText(segments=segments, language=episode.transcript.language or None)
    try:
        file = recognise.fetched(episode, folder)
        recognise.keep_chapters(episode, file)
        if not drift.suspicious(text, length=audio.length(file), told=episode.duration):
            return None
        most = max(1, round(settings.CHECK_MINUTES * 60 / drift.STRETCH))
        return checked(file, text, recognise.recogniser(settings.SPEECH), most=most)
    finally:
        if not settings.KEEP_AUDIO:
            shutil.rmtree(folder, ignore_errors=True)


def _save(episode: Episode, found: drift.Moved | None, now: datetime, then: Callable[[], None]) -> None:
    with transaction.atomic():
        ready = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.TRANSCRIBED)
        if not ready.update(next_try_at=now):
            return
        if found:
            log.info("%s: %d steps found, %.0f seconds heard", episode.title, found.steps, found.heard)
            rows = Transcript.objects.filter(pk=episode.transcript.pk)
            rows.update(segments=stored(found.text), uncertain=[list(span) for span in found.uncertain])
        then()
