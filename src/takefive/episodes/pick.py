"""Which new episodes are worth transcribing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from takefive.feeds.values import ParsedEpisode

SHORTEST = 180.0  # seconds: below stand trailers, announcements and jingles
_AHEAD = timedelta(days=1)  # a date further in the future was never meant
_FLOOD = 50  # more new episodes than this in one poll is a moved or re-made archive, not news
_TALK = ("podcast", "video", "film", "audiobook", "newsletter", "blog", "course")
_NOT_HEARD = frozenset(("music", "musicl", *(f"{kind}l" for kind in _TALK)))  # music, and lists of what others publish
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def pick(
    new: Sequence[ParsedEpisode], *, first_scan: bool, now: datetime, backlog: int = 5, medium: str = "podcast"
) -> list[ParsedEpisode]:
    """The episodes to transcribe, newest first.

    Of a podcast seen for the first time only the newest `backlog`, later all new ones; of a flood of them, again only
    the newest. Nothing of a feed whose `medium` is music or a list of what others publish. Never what is blocked, a
    trailer, without audio and transcript, or shorter than three minutes. Items without a date keep their place in the
    feed, between their dated neighbours; feeds stand newest first.
    """
    if medium in _NOT_HEARD:
        return []
    ordered = _newest_first(new, now)
    worth = [item for item in ordered if _worth(item, now)]
    if first_scan:
        return worth[:backlog]
    return worth if len(worth) <= _FLOOD else worth[:backlog]


def _worth(item: ParsedEpisode, now: datetime) -> bool:
    if item.blocked or item.kind == "trailer" or not (item.audio_url or item.transcripts):
        return False
    if item.published is not None and item.published > now + _AHEAD:
        return False
    return item.duration is None or item.duration >= SHORTEST


def _newest_first(items: Sequence[ParsedEpisode], now: datetime) -> list[ParsedEpisode]:
    """By date. An undated item takes the date of the dated one before it in the feed, the first ones take `now`."""
    forward = _standing_oldest_first(items)
    seen, keys = now if not forward else _LONG_AGO, {}
    for number, item in enumerate(items):
        seen = item.published or seen
        keys[number] = (seen, number if forward else -number)
    return [items[n] for n in sorted(keys, key=keys.__getitem__, reverse=True)]


def _standing_oldest_first(items: Sequence[ParsedEpisode]) -> bool:
    dates = [item.published for item in items if item.published]
    return len(dates) > 1 and dates[0] < dates[-1]
