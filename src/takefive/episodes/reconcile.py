"""Which episodes of a feed are new, which are edited, which are gone. Pure.

A GUID should be an episode's name for ever, and often is not: hosts change them all at once when a show moves, and
some shows give one GUID to many. So an item is the known episode that the first of these finds, if it finds just one:

    1. GUID and audio file      3. audio file, without trackers in front      5. title, where a date is missing
    2. GUID                     4. title, within a day and a half             6. second

Where no item bears a GUID that we know, and several can be found so, also by 7. day and words of the title. In 2 and 3
the item must also agree with the episode in one thing more: a radio station that serves every hour's news under one
GUID or one address still gets its new episodes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from takefive.episodes.same import MOVED, SIGNS, Episode, audio_key, twins
from takefive.feeds.values import ParsedEpisode, ParsedFeed, TranscriptLink

_LONGEST_GUID = 500  # characters; an index of PostgreSQL takes 2,704 bytes


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
    address now in use, where nothing else of an episode changed: signed addresses change at every poll. `found` holds
    our id and the item of every episode that was recognised.
    """

    new: tuple[ParsedEpisode, ...] = ()
    edited: tuple[tuple[int, ParsedEpisode], ...] = ()
    missing: tuple[int, ...] = ()
    audio_moved: tuple[tuple[int, str], ...] = ()
    found: tuple[tuple[int, ParsedEpisode], ...] = field(default=(), compare=False)


def stored_guid(guid: str) -> str:
    """The GUID as it is kept: of one too long for a database's index only its hash."""
    if len(guid) <= _LONGEST_GUID:
        return guid
    return f"sha256:{hashlib.sha256(guid.encode('utf-8', 'replace')).hexdigest()}"


def _shorter(item: ParsedEpisode) -> ParsedEpisode:
    return replace(item, guid=stored_guid(item.guid))


def reconcile(known: Sequence[KnownEpisode], feed: ParsedFeed) -> Changes:
    """Compare a feed with what we have of it. Every known episode is matched at most once, nothing is new twice.

    `known` are the episodes of this feed alone, so another feed with the same GUIDs cannot touch them.
    """
    items = _once([item if len(item.guid) <= _LONGEST_GUID else _shorter(item) for item in feed.items])
    matched = _match(known, items, in_part=bool(feed.unchanged))
    taken = {k.guid: k.id for k in known}
    edited = [(k.id, _under(k, item, taken)) for k, item in matched if _differs(k, item, taken)]
    changed = {number for number, _ in edited}
    old, found = {id(item) for _, item in matched}, {k.id for k, _ in matched}
    return Changes(
        new=tuple(_named_apart((item for item in items if id(item) not in old), taken)),
        edited=tuple(edited),
        missing=tuple(k.id for k in known if k.id not in found),
        audio_moved=tuple(
            (k.id, i.audio_url) for k, i in matched if i.audio_url and _moved(k, i) and k.id not in changed
        ),
        found=tuple((k.id, item) for k, item in matched),
    )


def still_open(
    known: Sequence[KnownEpisode], feed: ParsedFeed, seen: Mapping[int, int]
) -> Sequence[KnownEpisode] | None:
    """The known episodes that the items of a feed read in part may be: all but those whose item is unchanged.

    `seen` maps the mark of an item to our id. None where only the whole feed can tell: an unchanged item is of no
    episode that we still have, or an item bears the GUID of another.
    """
    if not feed.unchanged <= seen.keys():
        return None
    same = {seen[mark] for mark in feed.unchanged}
    settled = {k.id: k.guid for k in known if k.id in same}
    guids = [stored_guid(item.guid) for item in feed.items]
    named = {name for guid in settled.values() for name in (guid, guid.rpartition("#")[0])}
    if len(settled) < len(same) or len(set(guids)) < len(guids) or not named.isdisjoint(guids):
        return None
    return [k for k in known if k.id not in same]


def digest(episode: ParsedEpisode) -> str:
    """16 bytes, in hex, of what we show or use of an episode; not its GUID, nor trackers before its audio file."""
    shown = (
        episode.title, episode.link, episode.raw_notes, episode.published, audio_key(episode.audio_url),
        episode.duration, episode.image, episode.season, episode.number, episode.kind, episode.explicit, episode.blocked,
        episode.chapters_url, tuple((t.url, t.type) for t in episode.transcripts),
        tuple((p.name, p.role) for p in episode.persons),
    )  # fmt: skip
    return hashlib.blake2b(repr(shown).encode("utf-8", "replace"), digest_size=16).hexdigest()


def other_transcripts(known: Iterable[TranscriptLink], item: ParsedEpisode) -> bool:
    """Whether the feed now offers a transcript that we did not know: another file, not the same one signed anew."""
    return bool({_file(link) for link in item.transcripts} - {_file(link) for link in known})


def _file(link: TranscriptLink) -> tuple[str, str | None]:
    return audio_key(link.url) or link.url, link.type


def _once(items: Sequence[ParsedEpisode]) -> list[ParsedEpisode]:
    """Each episode once. Different episodes under one GUID all get one of their own, whatever their order."""
    apart: dict[str, list[ParsedEpisode]] = defaultdict(list)
    for item in items:
        if not any(twins(item, other) for other in apart[item.guid]):
            apart[item.guid].append(item)
    keep = {id(item): item if len(group) == 1 else _own_name(item) for group in apart.values() for item in group}
    once = {kept.guid: kept for item in items if (kept := keep.get(id(item))) is not None}
    return list(once.values())


def _named_apart(items: Iterable[ParsedEpisode], taken: Mapping[str, int]) -> Iterable[ParsedEpisode]:
    """New episodes never under a GUID of one we know: a GUID used again is not the old episode's."""
    for item in items:
        own = _own_name(item) if item.guid in taken else item
        if own.guid not in taken:
            yield own


def _own_name(item: ParsedEpisode) -> ParsedEpisode:
    about = f"{audio_key(item.audio_url)} {item.title} {item.published}"
    mark = hashlib.blake2b(about.encode("utf-8", "replace"), digest_size=6).hexdigest()
    return replace(item, guid=f"{item.guid}#{mark}")


def _under(known: KnownEpisode, item: ParsedEpisode, taken: Mapping[str, int]) -> ParsedEpisode:
    """The item under the GUID it has now, or under the one we have where another episode of ours bears that."""
    return item if taken.get(item.guid, known.id) == known.id else replace(item, guid=known.guid)


def _differs(known: KnownEpisode, item: ParsedEpisode, taken: Mapping[str, int]) -> bool:
    return known.digest != digest(item) or _under(known, item, taken).guid != known.guid


def _moved(known: KnownEpisode, item: ParsedEpisode) -> bool:
    return item.audio_url != known.audio_url


def _match(
    known: Sequence[KnownEpisode], items: Sequence[ParsedEpisode], *, in_part: bool
) -> list[tuple[KnownEpisode, ParsedEpisode]]:
    """Pairs, by one sign after another; what one sign has paired the next ones do not see."""
    pairs: list[tuple[KnownEpisode, ParsedEpisode]] = []
    left, rest = list(known), list(items)
    for sign, also in SIGNS:
        if not left or not rest:
            break
        found = [(k, i) for k, i in _unique_pairs(sign, left, rest) if also(k, i)]
        pairs += found
        gone = {id(one) for pair in found for one in pair}
        left, rest = [k for k in left if id(k) not in gone], [i for i in rest if id(i) not in gone]
    named = in_part or any(k.guid == i.guid for k, i in pairs)
    return pairs if named else pairs + _moved_together(left, rest)


def _moved_together(
    left: Sequence[KnownEpisode], rest: Sequence[ParsedEpisode]
) -> list[tuple[KnownEpisode, ParsedEpisode]]:
    """Pairs by the weakest sign, where there are several: a single one may be the next hour's news."""
    sign, also = MOVED
    found = [(k, i) for k, i in _unique_pairs(sign, left, rest) if also(k, i)]
    return found if len(found) > 1 else []


def _unique_pairs(
    sign: Callable[[Episode], Hashable], known: Iterable[KnownEpisode], items: Iterable[ParsedEpisode]
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
