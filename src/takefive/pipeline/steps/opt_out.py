"""Publishers who ask machines to stay away: nothing of theirs is read until they ask so no more."""

from __future__ import annotations

from datetime import datetime

from takefive.store.models import Episode, Podcast

HEEDED = "its publisher asks machines to stay away"  # why an episode is skipped that else would be read
_NOT_READ_YET = (Episode.Stage.OFFERED, Episode.Stage.PICKED, Episode.Stage.TRANSCRIBED)


def heed(podcast: Podcast, *, asked: bool, now: datetime) -> None:
    """Skip what waits where the feed asks for it; where it asks no more, let what was skipped for it wait again."""
    if asked:
        podcast.episodes.filter(stage__in=_NOT_READ_YET).update(stage=Episode.Stage.SKIPPED, error=HEEDED)
    elif podcast.opt_out:
        _release(podcast, now)
    podcast.opt_out = asked


def _release(podcast: Podcast, now: datetime) -> None:
    """Each to where it would stand; the sweep asks for its next step."""
    skipped = podcast.episodes.filter(stage=Episode.Stage.SKIPPED, error=HEEDED)
    again = {"error": "", "attempts": 0, "next_try_at": now}
    skipped.filter(transcript__isnull=False).update(stage=Episode.Stage.TRANSCRIBED, **again)
    skipped.exclude(transcripts=[]).update(stage=Episode.Stage.PICKED, **again)
    skipped.update(stage=Episode.Stage.OFFERED, **again)
