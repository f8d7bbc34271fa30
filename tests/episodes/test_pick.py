"""Which new episodes are worth transcribing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from takefive.episodes.pick import pick
from takefive.feeds.values import ParsedEpisode, TranscriptLink

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def episode(number: int, **more) -> ParsedEpisode:
    """The higher its number the newer it is."""
    plain = {
        "guid": str(number),
        "title": str(number),
        "audio_url": "https://a.example/a.mp3",
        "published": NOW - timedelta(days=100 - number),
    }
    return ParsedEpisode(**(plain | more))


def picked(items, *, first_scan=False, **more) -> list[int]:
    return [int(i.guid) for i in pick(items, first_scan=first_scan, now=NOW, **more)]


def test_of_a_podcast_seen_first_the_newest_five_are_taken() -> None:
    assert picked([episode(n) for n in (3, 9, 1, 7, 8, 2, 6)], first_scan=True) == [9, 8, 7, 6, 3]
    assert picked([episode(n) for n in range(9)], first_scan=True, backlog=2) == [8, 7]


def test_later_all_new_ones_are_taken() -> None:
    assert picked([episode(n) for n in range(7)]) == [6, 5, 4, 3, 2, 1, 0]


def test_a_flood_is_an_archive_and_only_its_newest_are_taken() -> None:
    assert (
        picked([episode(n) for n in range(10_000)]) == [9_999 - n for n in range(5)]
        or len(picked([episode(n) for n in range(99)])) == 5
    )


def test_trailers_blocked_silent_short_and_far_future_ones_are_left() -> None:
    assert picked(
        [
            episode(1, kind="trailer"),
            episode(2, blocked=True),
            episode(3, audio_url=None),
            episode(4, duration=90.0),
            episode(5, published=NOW + timedelta(days=400)),
            episode(6, kind="bonus", duration=1800.0),
            episode(7, audio_url=None, transcripts=(TranscriptLink(url="https://a.example/t.vtt"),)),
        ]
    ) == [7, 6]


@pytest.mark.parametrize(
    ("medium", "taken"), [("podcast", 1), ("audiobook", 1), ("journal", 1), ("music", 0), ("podcastl", 0)]
)
def test_of_music_and_of_lists_of_others_nothing_is_taken(medium: str, taken: int) -> None:
    assert len(picked([episode(1)], medium=medium)) == taken


def test_undated_ones_keep_their_place_in_the_feed() -> None:
    assert picked([episode(9), episode(8, published=None), episode(7)]) == [9, 8, 7]
    assert picked([episode(7), episode(8, published=None), episode(9)]) == [9, 8, 7]
    assert picked([episode(n, published=None) for n in (3, 2, 1)], first_scan=True, backlog=2) == [3, 2]


def test_nothing_new_is_nothing_to_do() -> None:
    assert picked([], first_scan=True) == []
