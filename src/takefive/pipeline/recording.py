"""The brief as a podcast: for each brief an episode of its quotes in the speakers' own voices.

An episode is no file: it is the clips of its insights, one after the other, which readers share. So nothing of a reader lies on
the disk, and a clip is cut once however many hear it. Headlines are read out where a voice is installed (espeak-ng); else two soft
notes stand before each quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from takefive.common.errors import MailError, TakefiveError
from takefive.delivery import clips, voice
from takefive.delivery.remote_audio import opened
from takefive.pipeline import past
from takefive.pipeline.steps import outside
from takefive.store.models import Brief, BriefItem, Insight

TRIES = 3  # then the episode comes without what could not be had


@dataclass(frozen=True, slots=True)
class Chapter:
    """One item of an episode: where it begins (s), or None where its audio could not be had."""

    item: BriefItem
    begins: float | None


@dataclass(frozen=True, slots=True)
class Recording:
    """One episode: its octets (MP3) and its chapters."""

    audio: bytes
    chapters: tuple[Chapter, ...]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return clips.seconds(self.audio)


def shelf() -> clips.Shelf:
    """Where the clips lie."""
    return clips.Shelf(settings.HOME / "clips")


def purge(now: datetime) -> int:
    """Forget old clips; how many."""
    return shelf().purge(now, keep=timedelta(days=settings.CLIP_DAYS), most=settings.CLIP_MEGABYTES * 1_000_000)


def record(brief: Brief, *, attempt: int) -> str:
    """Cut what is missing of a brief's clips; what had to be left out, in words, empty for nothing.

    Raises MailError where no clip could be had, or, in the first attempts, where another try may bring one more.
    """
    items = past.items_of([brief]).get(brief.pk, [])
    errors = [error for item in items if (error := _cut(item.insight)) is not None]
    note = f"left out {len(errors)} of {len(items)}: {'; '.join(map(str, errors))}" if errors else ""
    again = any(error.retry for error in errors) and attempt < TRIES
    if again or len(errors) == len(items):
        raise MailError(note or "nothing in it may be shown any more", retry=again)
    return note


def recording(items: list[BriefItem]) -> Recording:
    """The episode of these items, of what lies on the shelf; without audio where nothing does."""
    parts: list[bytes] = []
    chapters: list[Chapter] = []
    for item in items:
        clip = _clip(item.insight)
        chapters.append(Chapter(item, clips.seconds(b"".join(parts)) if clip else None))
        if clip:
            parts += [_read_out(item.insight) or clips.chime(), clip, clips.silence()]
    return Recording(b"".join(parts), tuple(chapters))


def _cut(insight: Insight) -> TakefiveError | None:
    """Put the clip of an insight on the shelf, unless it lies there; what went wrong."""
    path, audio = _path(insight), insight.episode.audio_url
    if path.exists():
        return None
    if insight.start is None or not audio:
        return MailError("an insight without a time or an audio", retry=False)
    try:
        with opened(audio, client=outside.client) as file:
            shelf().put(path, clips.cut(file, *clips.bounds(insight.start, insight.end)))
        _speak(insight)
    except TakefiveError as error:
        return error
    except OSError as error:
        return MailError(f"the clip cannot be written: {error.strerror}", retry=True)
    return None


def _speak(insight: Insight) -> None:
    """Put the headline, read out, on the shelf, where a voice is installed; without one, or where it fails, a chime will do."""
    path = _voice_path(insight)
    if not path.exists() and (clip := voice.speak(insight.headline, language=insight.episode.podcast.language)):
        shelf().put(path, clip)


def _read_out(insight: Insight) -> bytes:
    return _kept(_voice_path(insight))


def _voice_path(insight: Insight) -> Path:
    return shelf().path("voice", insight.public_id, insight.headline)


def _clip(insight: Insight) -> bytes:
    return _kept(_path(insight))


def _kept(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _path(insight: Insight) -> Path:
    return shelf().path(insight.public_id, insight.episode.audio_url, insight.start, insight.end)
