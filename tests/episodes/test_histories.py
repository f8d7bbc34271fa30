"""Whole histories of a show, poll after poll, against what truly is one episode: property tests of identity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.episodes.reconcile import KnownEpisode, digest, reconcile
from takefive.feeds.values import ParsedEpisode, ParsedFeed

START = datetime(2026, 1, 5, 7, 30, 11, tzinfo=UTC)
WORDS = [
    "engine",
    "river",
    "paper",
    "cloud",
    "garden",
    "winter",
    "signal",
    "harbour",
    "copper",
    "meadow",
    "lantern",
    "orbit",
]
TRACKER = "https://dts.podtrac.com/redirect.mp3/pdst.fm/e/"


def truth(number: int) -> ParsedEpisode:
    """The episode of this number as its publisher first sent it."""
    return ParsedEpisode(
        guid=f"guid-{number}",
        title=f"{WORDS[number % len(WORDS)]} and {WORDS[number * 5 % 11]}, part {number}",
        audio_url=f"https://cdn.example/show/{number}.mp3",
        published=START + timedelta(days=3 * number, minutes=7 * number),
        raw_notes=f"Notes on {number}.",
    )


Change = Callable[[int, ParsedEpisode], ParsedEpisode]
# What hosts and publishers do to all items at once, one at a time between two polls.
CHANGES: dict[str, Change] = {
    "new GUIDs": lambda n, i: replace(i, guid=f"{i.guid}-again"),
    "GUIDs become addresses": lambda n, i: replace(i, guid=f"https://show.example/?p={n}"),
    "edited titles": lambda n, i: replace(i, title=f"#{n}: {i.title}"),
    "edited notes": lambda n, i: replace(i, raw_notes=i.raw_notes + " More."),
    "a tracker in front": lambda n, i: replace(i, audio_url=TRACKER + str(i.audio_url).split("://", 1)[1]),
    "signed addresses": lambda n, i: replace(i, audio_url=f"{str(i.audio_url).split('?')[0]}?sig={n * 7919}"),
    "another host": lambda n, i: replace(i, audio_url=f"https://media{len(str(i.audio_url))}.example/{n}/audio.mp3"),
    "dates moved by a zone": lambda n, i: replace(i, published=i.published and i.published + timedelta(hours=2)),
    "dates lost": lambda n, i: replace(i, published=None),
    "a host move: new GUIDs and addresses": lambda n, i: replace(
        i, guid=f"host2-{n}", audio_url=f"https://host2.example/{n}.mp3"
    ),
}
OF_WHAT = {
    "GUID": ("new GUIDs", "GUIDs become addresses"),
    "title": ("edited titles",),
    "file": ("another host",),
    "date": ("dates moved by a zone", "dates lost"),
}


def both(one: Change, other: Change) -> Change:
    return lambda n, i: other(n, one(n, i))


# Two of an episode's four signs at once: the other two must be enough.
CHANGES |= {
    f"{a} and {b}": both(CHANGES[a], CHANGES[b])
    for first, second in combinations(OF_WHAT.values(), 2)
    for a in first
    for b in second
}
HARMLESS = {"a tracker in front", "signed addresses"}  # no edit of what we show

steps = st.sampled_from([*sorted(CHANGES), *["publish"] * 4, "cut", "reverse", "poll"])


@dataclass
class Show:
    """A publisher's side (`items`, by true number) and ours (`known`, with the true number of each by our id)."""

    items: dict[int, ParsedEpisode] = field(default_factory=dict)
    known: list[KnownEpisode] = field(default_factory=list)
    true: dict[int, int] = field(default_factory=dict)
    published: int = 0
    reverse: bool = False

    def publish(self) -> None:
        self.items[self.published] = truth(self.published)
        self.published += 1

    def feed(self) -> ParsedFeed:
        order = sorted(self.items, reverse=not self.reverse)
        return ParsedFeed(source="x", title="Show", items=tuple(self.items[n] for n in order))

    def number_of(self, item: ParsedEpisode) -> int:
        """Which episode an item truly is: the notes, which no step takes away, say so."""
        return int(item.raw_notes.split()[2].rstrip("."))

    def poll(self) -> tuple[set[int], set[int]]:
        """True numbers of the episodes that we take for new and for edited; our side is saved as the step scan saves it."""
        changes = reconcile(self.known, self.feed())
        by_id = {k.id: k for k in self.known}
        for number, item in changes.edited:
            assert self.number_of(item) == self.true[number], "an edit went to another episode"
            by_id[number] = _kept(number, item)
        for number, url in changes.audio_moved:
            by_id[number] = replace(by_id[number], audio_url=url)
        for item in changes.new:
            number = len(self.true) + 1
            self.true[number] = self.number_of(item)
            by_id[number] = _kept(number, item)
        self.known = list(by_id.values())
        return {self.number_of(i) for i in changes.new}, {self.number_of(i) for _, i in changes.edited}


def _kept(number: int, item: ParsedEpisode) -> KnownEpisode:
    return KnownEpisode(number, item.guid, item.title, item.audio_url, item.published, digest(item))


def live(show: Show, history: list[str]) -> None:
    """Live through it, with a poll after every change, as scans come many times between two changes of a host."""
    for step in history:
        if step == "publish":
            show.publish()
        elif step == "cut":
            show.items = {n: show.items[n] for n in sorted(show.items)[-4:]}
        elif step == "reverse":
            show.reverse = not show.reverse
        elif step in CHANGES:
            show.items = {n: CHANGES[step](n, item) for n, item in show.items.items()}
        fresh, edited = show.poll()
        assert fresh <= {show.published - 1} if step == "publish" else not fresh, f"{step} made episodes new: {fresh}"
        assert not edited or step in CHANGES.keys() - HARMLESS, f"{step} was taken for an edit of {edited}"


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 8), st.lists(steps, max_size=14))
def test_through_any_history_each_episode_stays_one_and_only_new_ones_are_new(first: int, history: list[str]) -> None:
    show = Show()
    for _ in range(first):
        show.publish()
    show.poll()
    live(show, history)
    assert sorted(show.true.values()) == list(range(show.published))
    assert len({k.guid for k in show.known}) == len(show.known)


@settings(max_examples=100, deadline=None)
@given(st.lists(steps, max_size=10), st.lists(steps, max_size=10))
def test_two_feeds_with_the_same_guids_live_their_own_histories(one: list[str], other: list[str]) -> None:
    shows = Show(), Show()
    for show, history in zip(shows, (one, other), strict=True):
        show.publish()
        show.poll()
        live(show, history)
    for show in shows:
        assert sorted(show.true.values()) == list(range(show.published))


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 8), st.lists(steps, max_size=10))
def test_a_poll_of_what_we_know_changes_nothing(first: int, history: list[str]) -> None:
    show = Show()
    for _ in range(first):
        show.publish()
    show.poll()
    live(show, history)
    assert show.poll() == (set(), set())
