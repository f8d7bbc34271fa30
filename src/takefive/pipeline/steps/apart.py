"""What is known of an episode besides its words to be no content: by its chapters, and by what its show says in each episode."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, replace

from django.db.models import F

from takefive.common.errors import TakefiveError, TranscriptError
from takefive.pipeline.steps import outside
from takefive.store.models import Episode, Transcript
from takefive.transcripts import chapters, repeats
from takefive.transcripts.values import Segment, TimedText

log = logging.getLogger(__name__)

_LARGEST = 1_000_000  # bytes of a file of chapters


def fetch_chapters(episode: Episode) -> None:
    """The chapters in the file that the feed names, where the feed has none itself; no harm is done where they can't be had."""
    if not episode.chapters_url or episode.chapters:
        return
    try:
        found = chapters.read(asyncio.run(_fetch(episode.chapters_url)))
    except TakefiveError as error:
        log.info("no chapters: %s", outside.discreet(error, private=episode.podcast.private))
        return
    rows = [{"start": one.start, "title": one.title} for one in found]
    Episode.objects.filter(pk=episode.pk, chapters=[]).update(chapters=rows)


async def _fetch(url: str) -> bytes:
    async with outside.client(total_timeout=20) as client:
        response = await client.get(url, max_bytes=_LARGEST)
    if response.status != 200:
        raise TranscriptError(f"the server answered {response.status}")
    return response.body


def stored(text: TimedText) -> list[dict[str, object]]:
    """Segments as the table has them."""
    return [
        {key: value for key, value in asdict(one).items() if key != "after_break" or value} for one in text.segments
    ]


def marked(episode: Episode) -> TimedText:
    """An episode's transcript with the marks of what is no content. Chapters say nothing where its times are not sure."""
    transcript = episode.transcript
    segments = tuple(Segment(**segment) for segment in transcript.segments)
    text = TimedText(segments=segments, language=transcript.language or None)
    named = [] if transcript.uncertain else [chapters.Chapter(one["start"], one["title"]) for one in episode.chapters]
    return replace(text, marks=(*chapters.marks(named, text), *repeats.marks(text, _others(episode))))


def _others(episode: Episode) -> list[bytes]:
    """What is kept of the newest episodes of the podcast that were read before this one: whoever asks again is told the same."""
    rows = Transcript.objects.filter(episode__podcast=episode.podcast_id, pk__lt=episode.transcript.pk)
    newest = rows.exclude(fingerprint=b"").order_by(F("episode__published_at").desc(nulls_last=True), "-pk")
    return [bytes(one) for one in newest.values_list("fingerprint", flat=True)[: repeats.EPISODES]]
