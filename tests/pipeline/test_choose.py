"""Audio within the day's budget, from a feed to the row that speech recognition takes."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.pipeline import flow
from takefive.pipeline.steps import choose
from takefive.store.models import Episode, Podcast

from .conftest import Library

NOTES = " ".join(f"subject{n}" for n in range(90))


@pytest.fixture
def two_shows(settings: Settings) -> tuple[Podcast, Podcast]:
    settings.SPEECH, settings.AUDIO_MINUTES, settings.AUDIO_MINUTES_EACH = "base", 60, 60
    one, two = (Podcast.objects.create(feed_url=f"https://{n}.example/f", title=n) for n in ("one", "two"))
    return one, two


def offered(podcast: Podcast, name: str, *, minutes: float = 30, **more) -> Episode:
    plain = {"summary": NOTES, "published_at": timezone.now(), "audio_url": "https://a.example/a.mp3"}
    stage = Episode.Stage.OFFERED
    return Episode.objects.create(
        podcast=podcast, guid=name, title=name, stage=stage, duration=minutes * 60, **(plain | more)
    )


def chosen(now: datetime | None = None) -> list[str]:
    ids: list[int] = []
    choose.run(now=now or timezone.now(), then=ids.append)
    assert set(Episode.objects.filter(pk__in=ids).values_list("stage", flat=True)) <= {"picked"}
    return [Episode.objects.get(pk=pk).title for pk in ids]


def test_an_episode_with_only_audio_waits_for_the_budget_and_one_with_a_transcript_does_not(
    library: Library, settings: Settings
) -> None:
    settings.AUDIO_MINUTES = 0
    feed = library.folder / "feeds/rfc.xml"
    feed.write_text(re.sub(r"<podcast:transcript[^>]*>", "", feed.read_text()))
    library.scan()

    only_audio = Episode.objects.get(podcast__feed_url__endswith="rfc.xml")
    assert only_audio.stage == Episode.Stage.OFFERED
    assert set(Episode.objects.exclude(pk=only_audio.pk).values_list("stage", flat=True)) == {"picked"}
    assert not ProcrastinateJob.objects.filter(task_name="transcribe", args__episode=only_audio.pk).exists()

    settings.SPEECH, settings.AUDIO_MINUTES = "base", 600
    flow.scan()
    only_audio.refresh_from_db()
    assert only_audio.stage == Episode.Stage.PICKED
    assert only_audio.chosen_at is not None
    assert ProcrastinateJob.objects.filter(task_name="recognise", args__episode=only_audio.pk).count() == 1


def test_a_transcript_that_comes_while_an_episode_waits_ends_the_wait(library: Library, settings: Settings) -> None:
    settings.AUDIO_MINUTES = 0
    feed = library.folder / "feeds/rfc.xml"
    whole = feed.read_text()
    feed.write_text(re.sub(r"<podcast:transcript[^>]*>", "", whole))
    library.scan()
    feed.write_text(whole)
    Podcast.objects.update(last_modified="")
    library.scan()

    episode = Episode.objects.get(podcast__feed_url__endswith="rfc.xml")
    assert (episode.stage, episode.chosen_at) == (Episode.Stage.PICKED, None)


def test_show_notes_are_weighed_before_audio_is_spent(two_shows: tuple[Podcast, Podcast]) -> None:
    offered(two_shows[0], "empty", minutes=60, summary="")
    offered(two_shows[1], "rich", minutes=60)

    assert chosen() == ["rich"]


def test_the_budget_holds_over_the_last_day_and_opens_again_after_it(two_shows: tuple[Podcast, Podcast]) -> None:
    for number in range(5):
        offered(two_shows[number % 2], f"e{number}")
    now = timezone.now()

    assert len(chosen(now)) == 2
    assert chosen(now + timedelta(hours=23)) == []
    assert len(chosen(now + timedelta(hours=25))) == 2


def test_no_podcast_takes_more_than_its_share(two_shows: tuple[Podcast, Podcast], settings: Settings) -> None:
    settings.AUDIO_MINUTES, settings.AUDIO_MINUTES_EACH = 600, 60
    for number in range(5):
        offered(two_shows[0], f"e{number}")

    assert len(chosen()) == 2
    assert chosen() == []


@pytest.mark.parametrize(
    ("caps", "many"),
    [({"AUDIO_MEGABYTES": 30}, 1), ({"AUDIO_CENTS": 10, "AUDIO_CENTS_PER_HOUR": 20}, 1), ({"AUDIO_MINUTES": 0}, 0)],
)
def test_bytes_and_money_are_capped_too(
    two_shows: tuple[Podcast, Podcast], settings: Settings, caps: dict[str, int], many: int
) -> None:
    for name, value in caps.items():
        setattr(settings, name, value)
    offered(two_shows[0], "one", audio_bytes=28_000_000)
    offered(two_shows[1], "two", audio_bytes=28_000_000)

    assert len(chosen()) == many


@pytest.mark.parametrize("named", ["https://two.example/f", "TWO"])
def test_what_readers_follow_comes_first(two_shows: tuple[Podcast, Podcast], named: str) -> None:
    Reader.objects.create(email="a@example.org", status="active", wishes={"follow_podcasts": [named]})
    offered(two_shows[0], "rich", minutes=60)
    offered(two_shows[1], "followed", minutes=60, summary="")

    assert chosen() == ["followed"]


def test_a_reader_who_stopped_counts_no_more(two_shows: tuple[Podcast, Podcast]) -> None:
    Reader.objects.create(email="a@example.org", status="stopped", wishes={"follow_podcasts": ["two"]})
    offered(two_shows[0], "rich", minutes=60)
    offered(two_shows[1], "followed", minutes=60, summary="")

    assert chosen() == ["rich"]


def test_a_private_feed_is_followed_by_whoever_added_it(two_shows: tuple[Podcast, Podcast]) -> None:
    Podcast.objects.filter(title="two").update(private=True)
    offered(two_shows[0], "rich", minutes=60)
    offered(two_shows[1], "paid for", minutes=60, summary="")

    assert chosen() == ["paid for"]


def test_what_found_no_room_for_two_weeks_is_passed_over(two_shows: tuple[Podcast, Podcast]) -> None:
    offered(two_shows[0], "long", minutes=600)

    assert chosen() == []
    assert chosen(timezone.now() + timedelta(days=15)) == []
    assert Episode.objects.get().stage == Episode.Stage.SKIPPED


def test_two_who_choose_at_once_spend_the_budget_once(two_shows: tuple[Podcast, Podcast]) -> None:
    for number in range(8):
        offered(two_shows[number % 2], f"e{number}")
    together = threading.Barrier(4)

    def one() -> None:
        try:
            together.wait()
            choose.run(now=timezone.now(), then=lambda _: None)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Episode.objects.filter(stage=Episode.Stage.PICKED).count() == 2
