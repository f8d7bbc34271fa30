"""Which of the transcripts that a feed offers is the best to read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from takefive.feeds.values import TranscriptLink

_RANKS = {"json": 0, "vtt": 1, "srt": 2, "html": 3, "text": 4}
_TIMED = frozenset({"json", "vtt", "srt"})
_TYPES = {
    "application/json": "json", "text/json": "json", "text/vtt": "vtt", "application/srt": "srt", "text/srt": "srt",
    "application/x-subrip": "srt", "application/subrip": "srt", "text/html": "html", "application/xhtml+xml": "html",
    "text/plain": "text", "text/markdown": "text", "srt": "srt", "text/x-srt": "srt", "text/x-subrip": "srt",
    "vtt": "vtt", "text/webvtt": "vtt", "application/vtt": "vtt", "application/x-vtt": "vtt", "json": "json", "html": "html",
}  # fmt: skip
_UNREADABLE = frozenset({"application/pdf", "application/msword"})
_ENDINGS = {
    ".json": "json",
    ".vtt": "vtt",
    ".srt": "srt",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".md": "text",
}


def choose(links: Sequence[TranscriptLink], *, language: str | None) -> list[TranscriptLink]:
    """The links worth fetching, best first, none twice; formats we cannot read (PDF, Word) are left out.

    The episode's language goes before all; then formats with times (a link with `rel="captions"` has times, says the
    namespace); then those that name speakers: JSON and WebVTT before SRT, before HTML, before plain text.
    """
    readable: dict[str, TranscriptLink] = {}
    for link in links:
        if kind(link):
            readable.setdefault(link.url, link)
    return sorted(readable.values(), key=lambda link: _key(link, language))


def kind(link: TranscriptLink) -> str | None:
    """The format of a link by its type, else by its address; None where we cannot read it."""
    stated = (link.type or "").lower().partition(";")[0].strip()
    ending = _ENDINGS.get(PurePosixPath(urlsplit(link.url).path).suffix.lower())
    if stated in ("", "application/octet-stream", "binary/octet-stream", "text/plain"):
        return ending or ("text" if stated in ("", "text/plain") else None)
    return _TYPES.get(stated) or (None if stated in _UNREADABLE else ending)


def _key(link: TranscriptLink, language: str | None) -> tuple[int, bool, int]:
    form = kind(link) or "text"
    timed = form in _TIMED or (link.rel or "").lower() == "captions"
    return _strangeness(link.language, language), not timed, _RANKS[form]


def _strangeness(offered: str | None, wanted: str | None) -> int:
    """0 the same language, 1 a cousin (en-GB for en-US), 2 not said, 3 another."""
    if not offered or not wanted:
        return 2
    one, other = offered.lower().replace("_", "-"), wanted.lower().replace("_", "-")
    if one == other:
        return 0
    return 1 if one.split("-")[0] == other.split("-")[0] else 3
