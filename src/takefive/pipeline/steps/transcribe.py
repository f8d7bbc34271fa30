"""Episodes picked -> transcripts.

A crash: the transcript is saved whole or not at all; the episode still waits and is done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from takefive.common.addresses import redacted
from takefive.common.errors import FetchError, TakefiveError, TranscriptError
from takefive.feeds.values import TranscriptLink
from takefive.pipeline.steps import outside
from takefive.pipeline.steps.apart import fetch_chapters, stored
from takefive.pipeline.steps.attempts import attempt
from takefive.store.models import Episode, Transcript
from takefive.transcripts import read
from takefive.transcripts.choose import choose
from takefive.transcripts.judge import judge
from takefive.transcripts.names import with_persons
from takefive.transcripts.repeats import fingerprint
from takefive.transcripts.values import TimedText

ONLY_AUDIO = Q(transcripts=[], chosen_at__isnull=False)
"""Episodes that wait for speech recognition: chosen within the day's budget, and nothing of the publisher's to read."""
_LARGEST = 30_000_000  # bytes of one transcript; word-level JSON of a long episode has 10 MB


def waiting(now: datetime) -> list[int]:
    """Episodes whose transcript is missing and whose next try has come."""
    rows = Episode.objects.waiting(Episode.Stage.PICKED, now)
    return list((rows.exclude(ONLY_AUDIO) if settings.SPEECH else rows).values_list("pk", flat=True))


def run(episode_id: int, *, now: datetime, then: Callable[[], None]) -> None:
    """Fetch the best transcript that the publisher offers and save it."""
    episode = Episode.objects.select_related("podcast").filter(pk=episode_id, stage=Episode.Stage.PICKED).first()
    if episode is None:
        return
    with attempt(episode, now):
        try:
            link, text = _best(episode)
        except TranscriptError as error:
            if not settings.SPEECH or error.retry:
                raise
            _offer_audio(episode, error)
        else:
            fetch_chapters(episode)
            save(episode, link.url, named(episode, text), then)


def _offer_audio(episode: Episode, error: TranscriptError) -> None:
    """The publisher's own transcript will never do: its audio may get a share of the day's budget (choose.py)."""
    rows = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.PICKED)
    rows.update(stage=Episode.Stage.OFFERED, transcripts=[], error=str(error)[:500], attempts=0)


def _best(episode: Episode) -> tuple[TranscriptLink, TimedText]:
    """The first of the offered transcripts, best first, that can be read and believed."""
    language = episode.podcast.language or None
    links = choose([TranscriptLink(**link) for link in episode.transcripts], language=language)
    if not links:
        raise TranscriptError(
            "the publisher offers no transcript, and speech recognition is off (TAKEFIVE_SPEECH turns it on)",
            retry=True,
        )
    refused: dict[str, TakefiveError] = {}
    for link in links:
        try:
            text = _read(link, language)
            people = [person["name"] for person in episode.persons]
            judge(text, duration=episode.duration, language=language, title=episode.title, people=people)
        except TakefiveError as error:
            refused[redacted(link.url)] = error
        else:
            return link, text
    # A file that is not there yet often comes hours after the episode.
    later = any(error.retry or isinstance(error, FetchError) for error in refused.values())
    why = "; ".join(str(error) if url in str(error) else f"{url}: {error}" for url, error in refused.items())
    why = outside.discreet(why, private=episode.podcast.private)
    raise TranscriptError(f"no usable transcript: {why}", retry=later)


def _read(link: TranscriptLink, language: str | None) -> TimedText:
    body = asyncio.run(_fetch(link.url))
    return read(body, name=link.url, type=link.type, language=link.language or language)


def named(episode: Episode, text: TimedText) -> TimedText:
    """Speakers by their full names where the feed lists who speaks and only one of them fits."""
    return with_persons(text, [person["name"] for person in episode.persons])


async def _fetch(url: str) -> bytes:
    async with outside.client() as client:
        response = await client.get(url, max_bytes=_LARGEST)
    if response.status != 200:
        raise FetchError(f"the server answered {response.status}", status=response.status)
    return response.body


def save(episode: Episode, source: str, text: TimedText, then: Callable[[], None]) -> None:
    """Keep a transcript and ask for the next step, unless the episode has moved on meanwhile."""
    values = {
        "language": (text.language or "")[:35],
        "segments": stored(text),
        "source": source,
        "uncertain": [],
        "fingerprint": fingerprint(text),
    }
    with transaction.atomic():
        moved = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.PICKED)
        if moved.update(stage=Episode.Stage.TRANSCRIBED, error="", attempts=0):
            Transcript.objects.update_or_create(episode=episode, defaults=values)
            then()
