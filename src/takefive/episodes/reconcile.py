"""Which episodes of a feed are new, which are edited, which are gone. Pure.

A GUID should be an episode's name for ever, and often is not: hosts change them all at once when a show moves, and
some shows give one GUID to many. So an item is the known episode that the first of these finds, if it finds just one:

    1. GUID and audio file        3. audio file, without the trackers in front      5. title alone, where a date is missing
    2. GUID                       4. title, published within a day and a half       6. the very second of publication

In 2 and 3 the item must also agree with the episode in one thing more: a radio station that serves every hour's news
under one GUID or one address still gets its new episodes.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

from takefive.feeds.values import ParsedEpisode, ParsedFeed

_NEAR = timedelta(hours=36)  # time zones and "published tomorrow" move a date by so much
_SHORT_TITLE = 4
_MIDNIGHT = time()
_HOST = re.compile(
    r"(?!redirect\.)(?!.*\.(?:mp3|m4a|m4b|mp4|ogg|wav|aac|opus)$)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,12}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class KnownEpisode:
    """What we keep of an episode to recognise it. `digest` is `digest(parsed)` of when it was last saved."""

    id: int
    guid: str
    title: str
    audio_url: str | None
    published: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Changes:
    """New episodes in the feed's order, edited ones with our id, and ids that the feed no longer has.

    Missing is no order to delete: most feeds show only their newest episodes. `audio_moved` holds our id and the
    address now in use, where nothing else of an episode changed: signed addresses change at every poll.
    """

    new: tuple[ParsedEpisode, ...] = ()
    edited: tuple[tuple[int, ParsedEpisode], ...] = ()
    missing: tuple[int, ...] = ()
    audio_moved: tuple[tuple[int, str], ...] = ()


def reconcile(known: Sequence[KnownEpisode], feed: ParsedFeed) -> Changes:
    """Compare a feed with what we have of it. Every known episode is matched at most once, nothing is new twice.

    `known` are the episodes of this feed alone, so another feed with the same GUIDs cannot touch them.
    """
    items = _once(feed.items)
    matched = _match(known, items)
    here = {id(item): episode for episode, item in matched}
    edited = [(k.id, item) for k, item in matched if k.digest != digest(item)]
    changed = {number for number, _ in edited}
    moved = [
        (k.id, item.audio_url)
        for k, item in matched
        if item.audio_url and item.audio_url != k.audio_url and k.id not in changed
    ]
    found = {k.id for k, _ in matched}
    return Changes(
        new=tuple(item for item in items if id(item) not in here),
        edited=tuple(edited),
        missing=tuple(k.id for k in known if k.id not in found),
        audio_moved=tuple(moved),
    )


def digest(episode: ParsedEpisode) -> str:
    """16 bytes, in hex, of what we show or use of an episode. Trackers and tokens in its audio address do not count."""
    shown = (
        episode.guid, episode.title, episode.link, episode.raw_notes, episode.published, audio_key(episode.audio_url),
        episode.duration, episode.image, episode.season, episode.number, episode.kind, episode.explicit, episode.blocked,
        episode.chapters_url, tuple((t.url, t.type) for t in episode.transcripts),
        tuple((p.name, p.role) for p in episode.persons),
    )  # fmt: skip
    return hashlib.blake2b(repr(shown).encode("utf-8", "replace"), digest_size=16).hexdigest()


def audio_key(url: str | None) -> str:
    """The audio file itself: without scheme, trackers, query; "" where the address tells no file apart.

    "https://dts.podtrac.com/redirect.mp3/pdst.fm/e/cdn.example/GLT1.mp3?u=1" gives "cdn.example/GLT1.mp3".
    """
    if not url:
        return ""
    parts = urlsplit(_behind_trackers(url))
    name = f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path)}"
    if re.search(r"\.\w{2,4}$", parts.path) and not re.search(r"\.(php|aspx?|cgi|jsp)$", parts.path, re.IGNORECASE):
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


def _once(items: Iterable[ParsedEpisode]) -> list[ParsedEpisode]:
    """Each episode once. Of two items with one GUID the second is dropped if it is the same episode, renamed if not."""
    seen: dict[str, ParsedEpisode] = {}
    for item in items:
        first = seen.setdefault(item.guid, item)
        if first is not item and not _agree(first, item):
            own = f"{item.guid}#{_short(audio_key(item.audio_url) or item.title)}"
            seen.setdefault(own, replace(item, guid=own))
    return list(seen.values())


Either = KnownEpisode | ParsedEpisode


def _match(known: Sequence[KnownEpisode], items: Sequence[ParsedEpisode]) -> list[tuple[KnownEpisode, ParsedEpisode]]:
    """Pairs, by one sign after another; what one sign has paired the next ones do not see."""
    pairs: list[tuple[KnownEpisode, ParsedEpisode]] = []
    left, rest = list(known), list(items)
    for sign, also in _SIGNS:
        found = [(k, i) for k, i in _unique_pairs(sign, left, rest) if also(k, i)]
        pairs += found
        gone = {id(one) for pair in found for one in pair}
        left, rest = [k for k in left if id(k) not in gone], [i for i in rest if id(i) not in gone]
    return pairs


def _unique_pairs(
    sign: Callable[[Either], Hashable], known: Iterable[KnownEpisode], items: Iterable[ParsedEpisode]
) -> Iterable[tuple[KnownEpisode, ParsedEpisode]]:
    """Those who bear a sign that exactly one on each side bears."""
    ours: dict[Hashable, list[KnownEpisode]] = defaultdict(list)
    theirs: dict[Hashable, list[ParsedEpisode]] = defaultdict(list)
    for episode in known:
        ours[sign(episode)].append(episode)
    for item in items:
        theirs[sign(item)].append(item)
    for what, (item, *others) in theirs.items():
        if what and not others and len(ours.get(what, ())) == 1:
            yield ours[what][0], item


def _agree(one: Either, other: Either) -> bool:
    """Whether title, audio file or date say that the two may be one; also where there is nothing to compare."""
    same_audio = audio_key(one.audio_url) == audio_key(other.audio_url)
    return same_audio or _title(one) == _title(other) or _near(one, other)


def _near(one: Either, other: Either) -> bool:
    return one.published is None or other.published is None or abs(one.published - other.published) <= _NEAR


def _undated(one: Either, other: Either) -> bool:
    return one.published is None or other.published is None


def _always(_one: Either, _other: Either) -> bool:
    return True


def _title(one: Either) -> str:
    """Letters and digits alone; "" for a title that names nothing."""
    text = "".join(c for c in one.title.casefold() if c.isalnum())
    return text if len(text) >= _SHORT_TITLE or any(c.isdigit() for c in text) else ""


def _second(one: Either) -> datetime | None:
    """The second of publication; None for a bare day, which many episodes share."""
    return one.published if one.published and one.published.time() != _MIDNIGHT else None


def _guid_and_audio(one: Either) -> tuple[str, str] | None:
    key = audio_key(one.audio_url)
    return (one.guid, key) if key else None


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


_SIGNS: tuple[tuple[Callable[[Either], Hashable], Callable[[Either, Either], bool]], ...] = (
    (_guid_and_audio, _always),
    (lambda one: one.guid, _agree),
    (lambda one: audio_key(one.audio_url), lambda a, b: _near(a, b) or _title(a) == _title(b)),
    (_title, _near),
    (_title, _undated),
    (_second, _always),
)
