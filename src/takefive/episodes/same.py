"""By what two items may be one episode: the signs, from the surest to the weakest. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from datetime import date, datetime, time, timedelta
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

_NEAR = timedelta(hours=36)  # time zones and "published tomorrow" move a date by so much
_SHORT_TITLE = 4
_MIDNIGHT = time()
_FILE = re.compile(r"\.(?!(?:php|aspx?|cgi|jsp)$)\w{2,4}$", re.IGNORECASE)
_HOST = re.compile(
    r"(?!redirect\.)(?!.*\.(?:mp3|m4a|m4b|mp4|ogg|wav|aac|opus)$)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,12}", re.IGNORECASE
)


class Episode(Protocol):
    """What a known episode and an item of a feed have in common."""

    @property
    def guid(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def audio_url(self) -> str | None: ...  # noqa: D102
    @property
    def published(self) -> datetime | None: ...  # noqa: D102


def audio_key(url: str | None) -> str:
    """The audio file itself: without scheme, trackers, query; "" where the address tells no file apart.

    "https://dts.podtrac.com/redirect.mp3/pdst.fm/e/cdn.example/GLT1.mp3?u=1" gives "cdn.example/GLT1.mp3".
    """
    if not url:
        return ""
    try:
        parts = urlsplit(_behind_trackers(url))
        host = parts.hostname
    except ValueError:
        return ""
    if not host:
        return ""
    name = f"{host.removeprefix('www.')}{unquote(parts.path)}"
    if _FILE.search(parts.path):
        return name
    # "download.php?file=12": there the query names the file.
    query = sorted((k, v) for k, v in parse_qsl(parts.query) if not k.startswith(("utm_", "aw_", "awCollection")))
    return f"{name}?{query}" if query else name if len(parts.path) > 1 else ""


def _behind_trackers(url: str) -> str:
    """Trackers put their own address before the real one: "https://tracker/x/https://host/file" or "/x/host.tld/file"."""
    path, mark, query = url.split("://", 1)[-1].partition("?")
    if "://" in path:
        return "https://" + path.rsplit("://", 1)[1]
    segments = path.split("/")
    for number in range(len(segments) - 2, 0, -1):
        if _HOST.fullmatch(segments[number]):
            return "https://" + "/".join(segments[number:]) + mark + query
    return url


def title_key(one: Episode) -> str:
    """Letters and digits alone; "" for a title that names nothing."""
    text = "".join(c for c in one.title.casefold() if c.isalnum())
    return text if len(text) >= _SHORT_TITLE or any(c.isdigit() for c in text) else ""


def twins(one: Episode, other: Episode) -> bool:
    """Whether two items under one GUID are one episode listed twice."""
    file, title = audio_key(one.audio_url), title_key(one)
    if file and file == audio_key(other.audio_url):
        return True
    return title == title_key(other) and (bool(title) or not file) and _near(one, other)


def _agree(one: Episode, other: Episode) -> bool:
    """Whether title, audio file or date say that the two may be one; also where there is nothing to compare."""
    same_file = audio_key(one.audio_url) == audio_key(other.audio_url)
    return same_file or title_key(one) == title_key(other) or _near(one, other)


def _near(one: Episode, other: Episode) -> bool:
    return one.published is None or other.published is None or abs(one.published - other.published) <= _NEAR


def _undated(one: Episode, other: Episode) -> bool:
    return one.published is None or other.published is None


def _near_or_named_alike(one: Episode, other: Episode) -> bool:
    return _near(one, other) or title_key(one) == title_key(other)


def _always(_one: Episode, _other: Episode) -> bool:
    return True


def _guid_and_file(one: Episode) -> tuple[str, str] | None:
    file = audio_key(one.audio_url)
    return (one.guid, file) if file else None


def _guid(one: Episode) -> str:
    return one.guid


def _file(one: Episode) -> str:
    return audio_key(one.audio_url)


def _second(one: Episode) -> datetime | None:
    """The second of publication; None for a bare day, which many episodes share."""
    return one.published if one.published and one.published.time() != _MIDNIGHT else None


def _day(one: Episode) -> date | None:
    return one.published.date() if one.published else None


def _alike(one: Episode, other: Episode) -> bool:
    """Whether half of the words of two titles are the same: "12: The Engine" and "The engine (updated)"."""
    mine, yours = (set(re.findall(r"\w+", e.title.casefold())) for e in (one, other))
    return 2 * len(mine & yours) >= len(mine | yours) > 0


# What must be equal, and what must hold besides. Empty means: bears no such sign.
SIGNS: tuple[tuple[Callable[[Episode], Hashable], Callable[[Episode, Episode], bool]], ...] = (
    (_guid_and_file, _always),
    (_guid, _agree),
    (_file, _near_or_named_alike),
    (title_key, _near),
    (title_key, _undated),
    (_second, _always),
)
# Only where a whole feed was named anew: of a show of every hour it would take the next episode for the last one.
MOVED = (_day, _alike)
