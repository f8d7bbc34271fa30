"""The brief as a podcast: cut from a publisher's server, read back as podcast programs read it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import timedelta

import podcastparser
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from pipeline.outlets import a_brief
from receiver import Receiver, receiver
from takefive.accounts.models import Reader
from takefive.delivery import clips, voice
from takefive.feeds.parse import parse_feed
from takefive.pipeline import recording
from takefive.pipeline.steps import post
from takefive.store import outlets
from takefive.store.models import Brief, BriefItem, Delivery, Episode, Insight, Outlet, Podcast

pytest.importorskip("av", reason="needs the extra speech")

from delivery.tones import second_of, tones

Status = Delivery.Status


@pytest.fixture
def server(settings: Settings, tmp_path: object) -> Iterator[Receiver]:
    with receiver() as served:
        settings.TRUSTED_HOSTS = served.trusted
        settings.HOME = tmp_path
        served.files["/show.mp3"] = tones(60)
        yield served


@pytest.fixture
def outlet(reader: Reader) -> Outlet:
    return outlets.open_(reader, Outlet.Kind.PODCAST)


@pytest.fixture
def brief(outlet: Outlet, server: Receiver) -> Brief:
    """Two quotes of one episode: at 12 s and at 40 s."""
    brief = a_brief(outlet.reader, audio=server.url("/show.mp3"))
    first = Insight.objects.get()
    other = Insight.objects.create(
        episode=first.episode, position=2, headline="Naps mend some of it", text="", quote="Naps mend some of it.",
        speaker="Bo Nap", start=40.0, end=43.0, kind="claim", score=0.4,
    )  # fmt: skip
    BriefItem.objects.create(brief=brief, insight=other, rank=2, score=1, reason="")
    return brief


def recorded(brief: Brief, after: timedelta = timedelta(0)) -> Delivery:
    now = timezone.now() + after
    post.begin(now)
    for delivery in post.waiting(now):
        post.run(delivery, now=now)
    return brief.deliveries.get()


def address(outlet: Outlet, name: str = "podcast.rss") -> str:
    return f"/listen/{outlets.token(outlet)}/{name}"


@pytest.fixture(autouse=True)
def no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine has, headlines are chimed in."""
    monkeypatch.setattr(voice, "speak", lambda words, *, language: None)


def test_an_episode_plays_both_quotes_in_their_order(brief: Brief, outlet: Outlet, client: Client) -> None:
    assert recorded(brief).status == Status.SENT
    audio = client.get(address(outlet, f"{brief.day}.mp3"))
    chapters = client.get(address(outlet, f"{brief.day}.json")).json()["chapters"]
    begins = [chapter["startTime"] for chapter in chapters]
    chime = clips.seconds(clips.chime())
    assert audio["Content-Type"] == "audio/mpeg"
    assert second_of(audio.content, begins[0] + chime + clips.PADDING + 0.3) == pytest.approx(12, abs=0.4)
    assert second_of(audio.content, begins[1] + chime + clips.PADDING + 0.3) == pytest.approx(40, abs=0.4)
    assert [chapter["title"] for chapter in chapters] == ["Short sleep makes surgeons slower", "Naps mend some of it"]


def test_podcast_programs_and_our_own_parser_read_the_feed(brief: Brief, outlet: Outlet, client: Client) -> None:
    recorded(brief)
    page = client.get(address(outlet)).content
    theirs = podcastparser.parse("https://takefive.example/feed", io.BytesIO(page))
    ours = parse_feed(page, source="https://takefive.example/feed")
    (episode,), (item,) = theirs["episodes"], ours.items
    (enclosure,) = episode["enclosures"]
    audio = client.get(enclosure["url"].removeprefix("http://127.0.0.1:8000"))
    assert enclosure["mime_type"] == "audio/mpeg"
    assert enclosure["file_size"] == len(audio.content)
    assert episode["total_time"] == round(clips.seconds(audio.content))
    assert (item.audio_url, item.duration) == (enclosure["url"], episode["total_time"])
    assert item.chapters_url is not None
    assert item.chapters_url.endswith(f"{brief.day}.json")
    assert ours.blocked
    assert not ours.warnings


def test_the_show_notes_link_back_to_the_publisher(
    brief: Brief, outlet: Outlet, server: Receiver, client: Client
) -> None:
    recorded(brief)
    (item,) = parse_feed(client.get(address(outlet)).content, source="https://x.example/").items
    assert f"{server.url('/show.mp3')}#t=12" in item.description
    assert "Ada Night" in item.description


def test_a_program_may_ask_for_a_part(brief: Brief, outlet: Outlet, client: Client) -> None:
    recorded(brief)
    where = address(outlet, f"{brief.day}.mp3")
    whole = client.get(where)
    part = client.get(where, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(whole.content)}"
    assert part["ETag"] == whole["ETag"]
    assert client.get(where, headers={"range": "bytes=-50"}).content == whole.content[-50:]
    assert client.get(where, headers={"range": "bytes=99999999-"}).status_code == 416
    assert client.get(where, headers={"range": "bytes=0-9", "if-range": '"other"'}).status_code == 200
    for odd in ("bytes=-", "bytes=5-1", "bytes=1-2,5-6", "lines=1-2"):
        assert client.get(where, headers={"range": odd}).status_code in {200, 416}


def test_a_missing_audio_is_tried_again_and_then_told_of(
    brief: Brief, outlet: Outlet, server: Receiver, client: Client
) -> None:
    second = Insight.objects.get(position=2)
    gone = Episode.objects.create(
        podcast=second.episode.podcast, guid="gone", title="Gone", audio_url=server.url("/x.mp3")
    )
    Insight.objects.filter(pk=second.pk).update(episode=gone)
    delivery = recorded(brief)
    assert delivery.status == Status.SENT
    assert "left out 1 of 2" in delivery.error
    notes = parse_feed(client.get(address(outlet)).content, source="https://x.example/").items[0].description
    assert "Left out, since its audio could not be had" in notes
    assert "Naps mend some of it" in notes


def test_a_server_that_is_down_is_asked_three_times(brief: Brief) -> None:
    Episode.objects.update(audio_url="https://no-such-host.invalid/a.mp3")
    tries = [recorded(brief, timedelta(hours=hours)) for hours in range(3)]
    assert [one.status for one in tries] == [Status.WAITING, Status.WAITING, Status.FAILED]
    assert "left out 2 of 2" in tries[-1].error


def test_an_audio_that_is_gone_for_good_is_not_asked_for_again(brief: Brief, server: Receiver) -> None:
    server.files.clear()
    assert recorded(brief).status == Status.FAILED


def test_clips_are_shared_and_cut_once(brief: Brief, outlet: Outlet, server: Receiver) -> None:
    recorded(brief)
    asked = len(server.got)
    bob = Reader.objects.create_user("bob@example.org", status="active")
    outlets.open_(bob, Outlet.Kind.PODCAST)
    other = Brief.objects.create(reader=bob, day=brief.day, created_at=timezone.now())
    BriefItem.objects.create(brief=other, insight=Insight.objects.get(position=1), rank=1, score=1, reason="")
    recorded(other)
    assert len(server.got) == asked
    assert len(list((recording.shelf().folder).glob("*"))) == 2


def test_old_clips_go_and_their_episodes_with_them(brief: Brief, outlet: Outlet, client: Client) -> None:
    recorded(brief)
    for clip in recording.shelf().folder.glob("*"):
        os.utime(clip, (0, 0))
    assert recording.purge(timezone.now()) == 2
    assert not parse_feed(client.get(address(outlet)).content, source="https://x.example/").items
    assert client.get(address(outlet, f"{brief.day}.mp3")).status_code == 404


def test_nobody_hears_it_without_the_address_and_nothing_private_is_heard(
    brief: Brief, outlet: Outlet, client: Client
) -> None:
    recorded(brief)
    where = address(outlet, f"{brief.day}.mp3")
    assert client.get(where)["Cache-Control"].startswith("private")
    assert client.get(address(outlet, "not-a-day.mp3")).status_code == 404
    feed = outlets.open_(outlet.reader, Outlet.Kind.FEED)
    assert client.get(f"/listen/{outlets.token(feed)}/podcast.rss").status_code == 404
    Podcast.objects.update(private=True)
    assert client.get(where).status_code == 404
    Podcast.objects.update(private=False)
    outlets.renew(outlet.reader, Outlet.Kind.PODCAST)
    assert client.get(where).status_code == 404


def test_an_installed_voice_reads_the_headlines(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str] = []

    def speak(words: str, *, language: str) -> bytes:
        spoken.append(words)
        return clips.chime() + clips.silence()

    monkeypatch.setattr(voice, "speak", speak)
    recorded(brief)
    items = list(brief.items.select_related("insight__episode"))

    with_voice = recording.recording(items).seconds
    for item in items:
        recording._voice_path(item.insight).unlink()
    assert recording.recording(items).seconds < with_voice
    assert sorted(spoken) == sorted(item.insight.headline for item in items)
