"""Episodes chosen for speech recognition -> transcripts.

A crash: the download goes on where it stopped, and so does the recognition, piece by piece; the transcript is saved whole or
not at all. The audio is deleted afterwards, also where the episode is given up, unless the operator keeps it.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from takefive.common.download import download
from takefive.common.errors import SpeechError
from takefive.pipeline.steps import outside
from takefive.pipeline.steps.apart import fetch_chapters
from takefive.pipeline.steps.attempts import attempt
from takefive.pipeline.steps.transcribe import ONLY_AUDIO, named, save
from takefive.store.models import Episode
from takefive.transcripts import audio, voices
from takefive.transcripts.judge import judge
from takefive.transcripts.listen import Recogniser, hints, listen
from takefive.transcripts.pyannote import PIPELINE, Pyannote
from takefive.transcripts.remote import Service
from takefive.transcripts.sherpa import Sherpa
from takefive.transcripts.speech import FasterWhisper
from takefive.transcripts.values import TimedText

log = logging.getLogger(__name__)

_LOCKS = 5_2028  # the first key of the advisory locks, one for each episode
_DAYS = 3 * 86_400.0  # what a deleted episode or a killed run left behind is kept so long


def waiting(now: datetime) -> list[int]:
    """Episodes whose audio was chosen and whose next try has come."""
    if not settings.SPEECH:
        return []
    return list(Episode.objects.waiting(Episode.Stage.PICKED, now).filter(ONLY_AUDIO).values_list("pk", flat=True))


def run(episode_id: int, *, now: datetime, then: Callable[[], None]) -> None:
    """Fetch an episode's audio, hear its words and save them. Does nothing where another worker is at it."""
    rows = Episode.objects.select_related("podcast").filter(ONLY_AUDIO, pk=episode_id, stage=Episode.Stage.PICKED)
    episode = rows.first()
    if episode is None or not settings.SPEECH:
        return
    with alone(episode_id) as ours:
        if ours:
            _recognise(episode, now, then)


def purge(*, clock: Callable[[], float] = time.time) -> None:
    """Delete what killed runs left behind of episodes that nobody came back to."""
    for folder in settings.AUDIO_FOLDER.glob("*"):
        if folder.is_dir() and not settings.KEEP_AUDIO and clock() - folder.stat().st_mtime > _DAYS:
            shutil.rmtree(folder, ignore_errors=True)


def fetched(episode: Episode, folder: Path) -> Path:
    """The episode's audio in `folder`; what was downloaded before is not downloaded again. Raises `FetchError`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "audio"
    if not file.exists():
        asyncio.run(_fetch(episode, file))
    return file


def keep_chapters(episode: Episode, file: Path) -> None:
    """The chapters that an audio file names (ID3, MP4), where the feed gives none."""
    found = [{"start": chapter.start, "title": chapter.title} for chapter in audio.chapters(file) if chapter.title]
    if found:
        Episode.objects.filter(pk=episode.pk, chapters=[]).update(chapters=found)


def _recognise(episode: Episode, now: datetime, then: Callable[[], None]) -> None:
    folder = settings.AUDIO_FOLDER / episode.public_id
    with attempt(episode, now):
        file = fetched(episode, folder)
        fetch_chapters(episode)
        keep_chapters(episode, file)
        ears = recogniser(settings.SPEECH)
        text = listen(
            file,
            ears,
            language=(episode.podcast.language or "").partition("-")[0].lower() or None,
            hints=hints(episode.title, [person["name"] for person in episode.persons], episode.summary),
            notes=folder / "heard.jsonl",
            progress=lambda seconds: log.info("%s: %.0f minutes heard", episode.title, seconds / 60),
        )
        judge(text, duration=None, language=None)
        save(episode, ears.name, named(episode, _with_voices(episode, file, text)), then)
    again = Episode.objects.filter(pk=episode.pk, stage=Episode.Stage.PICKED).exists()
    if not again and not settings.KEEP_AUDIO:
        shutil.rmtree(folder, ignore_errors=True)


def _with_voices(episode: Episode, file: Path, text: TimedText) -> TimedText:
    """The same words with who says them, where the operator has models for that; without them rather than not at all."""
    if not settings.VOICES:
        return text
    try:
        return voices.heard(file, text, diariser(settings.VOICES), [person["name"] for person in episode.persons])
    except SpeechError as error:
        log.warning("%s: who speaks is not known: %s", episode.title, error)
        return text


async def _fetch(episode: Episode, to: Path) -> None:
    async with outside.client() as client:
        await download(client, episode.audio_url, to, max_bytes=settings.AUDIO_MEGABYTES_EACH * 1_000_000)


@cache
def recogniser(name: str) -> Recogniser:
    """What the operator named: a Whisper model, or a service's address and model ("https://host/v1 whisper-1")."""
    if name.startswith(("http://", "https://")):
        address, _, model = name.partition(" ")
        return Service(address, model.strip() or "whisper-1", key=settings.SPEECH_KEY)
    return FasterWhisper(name, cache=settings.HOME / "models", batch=settings.SPEECH_BATCH)


@cache
def diariser(folder: str) -> voices.Diariser:
    """Whatever tells voices apart with the models in a folder: each library knows its own. Raises `SpeechError`."""
    place = Path(folder)
    return Pyannote(place) if (place / PIPELINE).is_file() else Sherpa(place)


@contextmanager
def alone(episode_id: int) -> Iterator[bool]:
    """Whether nobody else, on any machine, hears this episode; the lock ends with the connection at the latest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, episode_id])
        (ours,) = cursor.fetchone()
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, episode_id])
