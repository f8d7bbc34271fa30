"""A feed read in part gives the same episodes as the same feed read whole."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from takefive.episodes.reconcile import Changes, KnownEpisode, digest, reconcile, still_open
from takefive.feeds.parse import parse_feed
from takefive.feeds.slices import mark_items, read_changes
from takefive.feeds.values import ParsedEpisode, ParsedFeed

SOURCE = "https://show.example/feed.xml"


class Shelf:
    """What the scanner keeps of one show: its episodes, and which item of the feed is which."""

    def __init__(self) -> None:
        self.known: dict[int, KnownEpisode] = {}
        self.seen: dict[int, int] = {}

    def take(self, data: bytes, *, in_part: bool) -> bool:
        """Poll; whether it was enough to read a part."""
        feed = read_changes(data, self.seen, source=SOURCE) if in_part else None
        rest = still_open(list(self.known.values()), feed, self.seen) if feed is not None else None
        if feed is None or rest is None:
            feed, rest = whole(data), list(self.known.values())
        self._keep(feed, reconcile(rest, feed))
        return bool(feed.unchanged)

    def _keep(self, feed: ParsedFeed, changes: Changes) -> None:
        ids = {item.mark: number for number, item in changes.found}
        for number, item in changes.edited:
            self.known[number] = as_known(number, item)
        for item in changes.new:
            number = max(self.known, default=-1) + 1
            self.known[number], ids[item.mark] = as_known(number, item), number
        self.seen = {mark: self.seen[mark] for mark in feed.unchanged} | {m: number for m, number in ids.items() if m}

    def shown(self) -> set[tuple[str, str, str | None, str]]:
        return {(k.guid, k.title, k.audio_url, k.digest) for k in self.known.values()}


def as_known(number: int, item: ParsedEpisode) -> KnownEpisode:
    return KnownEpisode(number, item.guid, item.title, item.audio_url, item.published, digest(item))


def whole(data: bytes) -> ParsedFeed:
    feed = parse_feed(data, source=SOURCE)
    mark_items(feed, data)
    return feed


def rss(items: Sequence[str]) -> bytes:
    return f"<rss><channel><title>Show</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, title: str = "") -> str:
    audio = f"<enclosure url='https://cdn.example/{number}.mp3' type='audio/mpeg'/>"
    return f"<item><guid>g{number}</guid><title>{title or f'Talk {number}'}</title>{audio}</item>"


def test_a_new_episode_an_edit_and_a_lost_one_are_each_told_from_the_rest() -> None:
    shelf = Shelf()
    shelf.take(rss([item(n) for n in range(1, 20)]), in_part=True)
    assert shelf.take(rss([item(0), *(item(n) for n in range(1, 18)), item(18, "Renamed")]), in_part=True)
    assert len(shelf.known) == 20
    assert {k.title for k in shelf.known.values()} >= {"Talk 0", "Renamed", "Talk 19"}
    assert "Talk 18" not in {k.title for k in shelf.known.values()}


def test_a_second_episode_under_a_known_guid_needs_the_whole_feed() -> None:
    shelf = Shelf()
    shelf.take(rss([item(n) for n in range(1, 20)]), in_part=True)
    other = item(99).replace("g99", "g5")
    assert not shelf.take(rss([other, *(item(n) for n in range(1, 20))]), in_part=True)
    assert len(shelf.known) == 20


def test_an_episode_that_was_deleted_here_comes_back() -> None:
    shelf = Shelf()
    data = rss([item(n) for n in range(1, 20)])
    shelf.take(data, in_part=True)
    del shelf.known[3]
    assert not shelf.take(data, in_part=True)
    assert len(shelf.known) == 19


def versions(data: bytes, chance: random.Random) -> list[bytes]:
    """The feed as it was some episodes ago, then step by step as it is, with edits that are taken back."""
    pieces = [b"<item>" + piece for piece in data.split(b"<item>")[1:]]
    head = data[: data.index(b"<item>")]
    tail = pieces[-1][pieces[-1].rindex(b"</item>") + 7 :]
    pieces[-1] = pieces[-1][: -len(tail)] if tail else pieces[-1]
    found = []
    for start in sorted(chance.sample(range(min(len(pieces), 8)), 3), reverse=True):
        now = pieces[start:]
        at = chance.randrange(len(now))
        now[at] = now[at].replace(b"<title>", b"<title>Again: ", chance.choice([0, 1]))
        if chance.random() < 0.3:
            del now[chance.randrange(len(now))]
        if chance.random() < 0.2:
            now.insert(0, now[-1])
        found.append(head + b"".join(now) + tail)
    return [*found, data]


def test_real_feeds_come_to_the_same_episodes_either_way(shared_data: Path) -> None:
    chance, in_part = random.Random(11), 0
    for path in sorted((shared_data / "feeds" / "real").glob("*")):
        data = path.read_bytes()
        if data.count(b"<item>") < 10 or len(data) > 250_000:
            continue
        ours, theirs = Shelf(), Shelf()
        for version in versions(data, chance):
            in_part += ours.take(version, in_part=True)
            theirs.take(version, in_part=False)
            assert ours.shown() == theirs.shown(), path.name
    assert in_part > 20


@pytest.mark.parametrize("seed", range(20))
def test_shows_that_use_guids_twice_come_to_the_same_episodes_either_way(seed: int) -> None:
    chance = random.Random(seed)
    ours, theirs, items = Shelf(), Shelf(), [item(n) for n in range(12)]
    for _ in range(12):
        change = chance.randrange(4)
        if change == 0:
            items.insert(0, item(chance.randrange(30)).replace("<guid>g", chance.choice(["<guid>g", "<guid>g1"])))
        elif change == 1:
            items[chance.randrange(len(items))] = item(chance.randrange(30), chance.choice(["", "Same title"]))
        elif change == 2:
            del items[chance.randrange(len(items))]
        else:
            chance.shuffle(items)
        ours.take(rss(items), in_part=True)
        theirs.take(rss(items), in_part=False)
        assert ours.shown() == theirs.shown()
