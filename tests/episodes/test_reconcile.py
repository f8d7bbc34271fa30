"""Knowing an episode again, whatever its publisher changes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.episodes.reconcile import Changes, KnownEpisode, digest, reconcile
from takefive.episodes.same import audio_key
from takefive.feeds.values import ParsedEpisode, ParsedFeed

START = datetime(2026, 1, 5, 7, 30, 11, tzinfo=UTC)


def episode(number: int, **more) -> ParsedEpisode:
    plain = {
        "guid": f"guid-{number}",
        "title": f"Conversation number {number}",
        "audio_url": f"https://cdn.example/show/{number}.mp3",
        "published": START + timedelta(days=7 * number),
    }
    return ParsedEpisode(**(plain | more))


def feed(*items: ParsedEpisode) -> ParsedFeed:
    return ParsedFeed(source="x", title="Show", items=items)


def known(*items: ParsedEpisode) -> list[KnownEpisode]:
    """What we keep of episodes; the id is the place, from 1."""
    return [KnownEpisode(n, i.guid, i.title, i.audio_url, i.published, digest(i)) for n, i in enumerate(items, 1)]


SHOW = tuple(episode(n) for n in range(8, 0, -1))


def guids(changes: Changes) -> list[str]:
    return [i.guid for i in changes.new]


def test_nothing_changed_is_no_change() -> None:
    assert reconcile(known(*SHOW), feed(*SHOW)) == Changes()


@pytest.mark.parametrize("window", [1, 2, 3, 10])
def test_a_show_of_every_hour_keeps_each_episode_though_its_feed_holds_few(window: int) -> None:
    hours = [
        episode(n, title=f"News: {n // 24} May {n % 24}:00", published=START + timedelta(hours=n, seconds=n))
        for n in range(72)
    ]
    heard: list[ParsedEpisode] = []
    for now in range(72):
        shown = feed(*reversed(hours[max(0, now + 1 - window) : now + 1]))
        heard += reconcile(known(*heard), shown).new
    assert len(heard) == 72


def test_of_an_unknown_feed_all_is_new_in_its_order() -> None:
    assert reconcile([], feed(*SHOW)).new == SHOW


def test_one_new_episode_is_one_new_episode() -> None:
    changes = reconcile(known(*SHOW), feed(episode(9), *SHOW))
    assert guids(changes) == ["guid-9"]
    assert changes.edited == changes.missing == ()


def test_reordered_items_are_the_same_items() -> None:
    assert reconcile(known(*SHOW), feed(*reversed(SHOW))) == Changes()


def test_an_episode_that_left_the_feed_is_missing_not_new() -> None:
    changes = reconcile(known(*SHOW), feed(*SHOW[:-2]))
    assert (changes.new, changes.missing) == ((), (7, 8))


def test_an_edited_title_is_an_edit() -> None:
    edited = replace(SHOW[0], title="A better title")
    changes = reconcile(known(*SHOW), feed(edited, *SHOW[1:]))
    assert changes == Changes(edited=((1, edited),))


TRACKED = "https://dts.podtrac.com/redirect.mp3/pdst.fm/e/cdn.example/show/{n}.mp3?updated=171"


@pytest.mark.parametrize(
    "change",
    [
        lambda i, n: replace(i, guid=f"new-{n}"),
        lambda i, n: replace(i, guid=f"new-{n}", title=f"{i.title} (remastered)"),
        lambda i, n: replace(i, guid=f"new-{n}", audio_url=f"https://other.example/a/{n}/x.mp3"),
        lambda i, n: replace(i, guid=f"new-{n}", audio_url=TRACKED.format(n=n)),
        lambda i, n: replace(i, guid=f"new-{n}", audio_url=TRACKED.format(n=n), title=f"Ep. {n}"),
        lambda i, n: replace(i, audio_url=f"https://other.example/a/{n}/x.mp3", title=f"Ep. {n}"),
        lambda i, n: replace(i, guid=f"new-{n}", audio_url=f"https://other.example/{n}", title=f"Ep. {n}: edited"),
        lambda i, n: replace(i, guid=f"new-{n}", published=None, audio_url=f"https://other.example/{n}"),
        lambda i, n: replace(i, published=None, title=f"Ep. {n}"),
        lambda i, n: replace(i, guid=f"new-{n}", published=i.published + timedelta(hours=5)),
        lambda i, n: replace(i, guid=i.audio_url),
    ],
)
def test_an_episode_survives_what_hosts_change(change) -> None:
    moved = [change(i, 8 - n) for n, i in enumerate(SHOW)]
    changes = reconcile(known(*SHOW), feed(*moved))
    assert changes.new == ()
    assert changes.missing == ()
    assert [number for number, _ in changes.edited] in ([], list(range(1, 9)))
    for number, item in changes.edited:
        assert item == moved[number - 1]


def test_a_moved_show_with_a_new_episode_has_one_new_episode() -> None:
    moved = [replace(i, guid=f"new-{n}", audio_url=f"https://other.example/{n}.mp3") for n, i in enumerate(SHOW)]
    assert guids(reconcile(known(*SHOW), feed(episode(9), *moved))) == ["guid-9"]


def test_a_tracker_in_front_of_the_audio_is_no_edit() -> None:
    tracked = [replace(i, audio_url=TRACKED.format(n=8 - n)) for n, i in enumerate(SHOW)]
    changes = reconcile(known(*SHOW), feed(*tracked))
    assert changes.edited == ()
    assert changes.audio_moved == tuple((n, i.audio_url) for n, i in enumerate(tracked, 1))


def test_one_guid_for_all_episodes_keeps_them_apart() -> None:
    same = [replace(i, guid="http://show.example/") for i in SHOW]
    first = reconcile([], feed(*same))
    assert len({i.guid for i in first.new}) == len(first.new) == 8
    assert reconcile(known(*first.new), feed(*same)) == Changes()
    changes = reconcile(known(*first.new), feed(episode(9, guid="http://show.example/"), *same))
    assert [i.title for i in changes.new] == ["Conversation number 9"]
    assert {i.guid for i in changes.new}.isdisjoint(i.guid for i in first.new)


def test_a_station_that_keeps_guid_and_address_still_has_news() -> None:
    def news(hour: int) -> ParsedEpisode:
        return ParsedEpisode(
            guid="latest",
            title=f"News of day {hour}",
            audio_url="https://radio.example/latest.mp3",
            published=START + timedelta(days=3 * hour),
        )

    have: list[ParsedEpisode] = []
    for day in range(4):
        today = replace(news(day), audio_url=f"https://radio.example/{day}.mp3")
        changes = reconcile(known(*have), feed(today))
        assert [i.title for i in changes.new] == [today.title]
        have += changes.new
    assert len({i.guid for i in have}) == 4


def test_one_guid_for_all_and_no_dates_keeps_them_apart_too() -> None:
    same = [replace(i, guid="http://show.example/", published=None) for i in SHOW]
    have = reconcile([], feed(*same)).new
    assert len(have) == 8
    assert reconcile(known(*have), feed(*same)) == Changes()


def test_an_item_that_stands_twice_is_one_episode() -> None:
    assert len(reconcile([], feed(SHOW[0], SHOW[0])).new) == 1
    twin = replace(SHOW[0], title="Conversation number 8 ")
    assert len(reconcile([], feed(SHOW[0], twin)).new) == 1


def test_a_show_with_one_title_for_all_keeps_them_apart() -> None:
    same = [replace(i, title="Daily news") for i in SHOW]
    assert reconcile(known(*same), feed(*same)) == Changes()
    assert len(reconcile(known(*same), feed(replace(episode(9), title="Daily news"), *same)).new) == 1


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (None, ""),
        ("https://cdn.example/a.mp3", "cdn.example/a.mp3"),
        ("http://www.cdn.example/a.mp3?token=1", "cdn.example/a.mp3"),
        ("https://dts.podtrac.com/redirect.mp3/cdn.example/a.mp3", "cdn.example/a.mp3"),
        ("https://pdst.fm/e/chrt.fm/track/ABC/cdn.example/x/a.mp3?b=1", "cdn.example/x/a.mp3"),
        ("https://op3.dev/e/https://cdn.example/a.mp3", "cdn.example/a.mp3"),
        (
            "https://www.podtrac.com/pts/redirect.mp3/traffic.libsyn.com/secure/show/a.mp3?dest-id=1",
            "traffic.libsyn.com/secure/show/a.mp3",
        ),
        ("https://cdn.example/download.php?file=12&utm_source=x", "cdn.example/download.php?[('file', '12')]"),
        ("https://cdn.example/listen/12345", "cdn.example/listen/12345"),
        ("https://cdn.example/v1.2/a.b.mp3/media.mp3", "cdn.example/v1.2/a.b.mp3/media.mp3"),
        ("https://cdn.example/", ""),
        ("nonsense", ""),
    ],
)
def test_the_key_of_an_audio_file_is_the_file(url: str | None, key: str) -> None:
    assert audio_key(url) == key


@given(st.text(max_size=80))
def test_any_text_has_an_audio_key(text: str) -> None:
    assert isinstance(audio_key(text), str)
    assert isinstance(audio_key(f"https://{text}"), str)


numbers = st.lists(st.integers(1, 30), unique=True, max_size=12)
spoils = st.sampled_from(["guid", "title", "audio_url", "nothing"])


@settings(max_examples=200)
@given(numbers, st.lists(st.tuples(st.integers(1, 30), spoils), max_size=14), st.randoms(use_true_random=False))
def test_every_item_is_new_or_known_and_nothing_is_both(ours: list[int], theirs, chance: random.Random) -> None:
    items = [episode(n, **({} if what == "nothing" else {what: "same for all of them"})) for n, what in theirs]
    chance.shuffle(items)
    have = known(*(episode(n) for n in ours))
    changes = reconcile(have, feed(*items))
    matched = {k.id for k in have} - set(changes.missing)
    assert len(changes.new) + len(matched) <= len(items)
    assert len({i.guid for i in changes.new}) == len(changes.new)
    after = have + [replace(k, id=100 + n) for n, k in enumerate(known(*changes.new))]
    again = reconcile([_saved(k, dict(changes.edited)) for k in after], feed(*items))
    assert again.new == ()


def _saved(one: KnownEpisode, edited: dict[int, ParsedEpisode]) -> KnownEpisode:
    return replace(known(edited[one.id])[0], id=one.id) if one.id in edited else one


def test_five_thousand_episodes_are_compared_at_once() -> None:
    many = [episode(n) for n in range(5_000)]
    assert reconcile(known(*many), feed(*many)) == Changes()
