"""When a point already sent is worth sending again: once many more say it. Pure."""

from __future__ import annotations

from takefive.briefs.values import Candidate, Profile

MANY = 4  # voices; then at each doubling
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def is_news(candidate: Candidate, profile: Profile) -> bool:
    """Whether its point was sent when few had made it, and this is a new voice with which four, eight, sixteen... are reached."""
    point = candidate.id if candidate.point is None else candidate.point
    before = profile.sent_points.get(point)
    return before is not None and candidate.voice.bit_length() > before.bit_length() and candidate.voice >= MANY


def reason(candidate: Candidate) -> str:
    """What is new about it."""
    return f"a {_ordinal(candidate.voice)} voice: {candidate.speaker or candidate.podcast_title}"


def _ordinal(number: int) -> str:
    if number < len(_ORDINALS):
        return _ORDINALS[number]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
