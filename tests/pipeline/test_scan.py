"""The step scan, with a real publisher who moves, edits and sends more than we asked for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from takefive.feeds.item import ItemReader
from takefive.feeds.values import ParsedEpisode
from takefive.pipeline import flow, samples
from takefive.pipeline.progress import complaints
from takefive.pipeline.steps import scan, settle, take
from takefive.store.models import Episode, Podcast

from .conftest import Library

OLD = "old.takefive.example"


class _Moved(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(301)
        self.send_header("Location", f"http://{samples.HOST}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class _Gone(_Moved):
    def do_GET(self) -> None:
        self.send_error(410)


@pytest.fixture
def gone_host(settings: Settings, library: Library) -> Iterator[None]:
    with_server = ThreadingHTTPServer(("127.0.0.1", 0), _Gone)
    threading.Thread(target=with_server.serve_forever, daemon=True).start()
    settings.TRUSTED_HOSTS = settings.TRUSTED_HOSTS | {OLD: f"127.0.0.1:{with_server.server_port}"}
    yield
    with_server.shutdown()
    with_server.server_close()


@pytest.fixture
def old_host(settings: Settings, library: Library) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Moved)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TRUSTED_HOSTS = settings.TRUSTED_HOSTS | {OLD: f"127.0.0.1:{server.server_port}"}
    yield
    server.shutdown()
    server.server_close()


def lives_at_the_old_address(show: str) -> Podcast:
    podcast = Podcast.objects.get(feed_url__endswith=f"{show}.xml")
    podcast.feed_url = f"http://{OLD}/feeds/{show}.xml"
    podcast.etag = podcast.last_modified = ""
    podcast.save()
    return podcast


def test_a_show_that_moved_for_good_is_followed_and_keeps_its_episodes_and_pages(
    library: Library, old_host: None
) -> None:
    library.scan()
    podcast = lives_at_the_old_address("rfc")
    episodes = set(podcast.episodes.values_list("pk", "public_id"))
    library.scan()

    moved = Podcast.objects.get(pk=podcast.pk)
    assert moved.feed_url == f"http://{samples.HOST}/feeds/rfc.xml"
    assert moved.public_id == podcast.public_id
    assert set(moved.episodes.values_list("pk", "public_id")) == episodes


def test_a_redirect_to_another_show_is_not_believed(library: Library, old_host: None) -> None:
    library.scan()
    podcast = lives_at_the_old_address("rfc")
    Podcast.objects.filter(pk=podcast.pk).update(title="A show of another name", guid="")
    library.scan()

    assert Podcast.objects.get(pk=podcast.pk).feed_url == podcast.feed_url


def test_a_rhythm_is_learnt_from_the_episodes_of_that_show_alone(library: Library) -> None:
    times = [timezone.now().replace(microsecond=0) - timedelta(hours=n) for n in range(3)]
    shows = list(Podcast.objects.order_by("-pk"))
    for show, time in zip(shows, times, strict=False):
        Episode.objects.create(podcast=show, guid="one", published_at=time)

    assert settle.published(shows) == {show.pk: [time] for show, time in zip(shows, times, strict=True)}


def test_an_edited_episode_is_an_edit_and_not_a_new_one(library: Library) -> None:
    library.scan()
    before = Episode.objects.count()
    feed = library.folder / "feeds/rfc.xml"
    feed.write_text(feed.read_text().replace("<title>Finale, thank you!", "<title>Finale, and thank you all!"))
    Podcast.objects.update(last_modified="")
    library.scan()

    assert Episode.objects.count() == before
    assert Episode.objects.filter(title="Finale, and thank you all!").exists()


def test_only_the_newest_of_a_new_show_are_picked(library: Library, settings: Settings) -> None:
    settings.BACKLOG = 1
    library.scan()

    picked = Episode.objects.filter(stage=Episode.Stage.PICKED, podcast__feed_url__endswith="gotime.xml")
    skipped = Episode.objects.get(stage=Episode.Stage.SKIPPED)
    assert picked.count() == 1
    assert picked.get().published_at > skipped.published_at


def edit_the_feed(library: Library, old: str, new: str) -> None:
    feed = library.folder / "feeds/rfc.xml"
    assert old in feed.read_text()
    feed.write_text(feed.read_text().replace(old, new))
    Podcast.objects.update(last_modified="")


GUID = '<guid isPermaLink="true">https://changelog.com/rfc/20</guid>'
TRANSCRIPT = '<podcast:transcript url="http://samples.takefive.example/transcripts/rfc-20.srt"'


def test_a_fault_of_ours_with_one_feed_is_one_line_on_it_and_the_others_are_saved(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = take._plan

    def breaks(podcast: Podcast, *rest: object) -> object:
        if podcast.feed_url.endswith("rfc.xml"):
            connection.cursor().execute("SELECT 1 / 0")
        return plans(podcast, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(take, "_plan", breaks)
    library.scan()

    assert Episode.objects.count() == 3
    broken = Podcast.objects.get(feed_url__endswith="rfc.xml")
    assert broken.error == "DataError: a fault of ours; the log says more"
    assert broken.failures == 1
    assert broken.next_poll_at > timezone.now() + timedelta(minutes=30)


def test_a_podcast_that_is_removed_while_it_is_asked_is_passed_over(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    saves = scan._save

    def removed_meanwhile(*told: object) -> None:
        Podcast.objects.filter(feed_url__endswith="rfc.xml").delete()
        saves(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(scan, "_save", removed_meanwhile)
    library.scan()

    assert Episode.objects.count() == 3
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_guid_too_long_for_an_index_is_kept_as_its_hash_and_found_again(library: Library) -> None:
    endless = "".join(f"{number * 7919:x}" for number in range(20_000))
    edit_the_feed(library, GUID, f"<guid>{endless}</guid>")
    library.scan()
    edit_the_feed(library, "<title>Finale", "<title>The Finale")
    library.scan()

    assert complaints() == []
    assert Episode.objects.get(podcast__feed_url__endswith="rfc.xml").guid.startswith("sha256:")


def test_a_guid_that_an_episode_bore_once_may_name_another(library: Library) -> None:
    library.scan()
    first = Episode.objects.get(guid="https://changelog.com/rfc/20")
    edit_the_feed(library, GUID, "<guid>renamed</guid>")
    library.scan()
    new = """<item><title>Quite another thing</title><guid>https://changelog.com/rfc/20</guid>
      <pubDate>Fri, 20 Apr 2018 20:00:00 +0000</pubDate>
      <enclosure url="https://cdn.changelog.com/another.mp3" type="audio/mpeg" length="0"/></item></channel>"""
    edit_the_feed(library, "</channel>", new)
    library.scan()

    assert complaints() == []
    second = Episode.objects.get(title="Quite another thing")
    assert second.guid == first.guid
    assert second.public_id != first.public_id


def test_a_feed_is_given_up_when_it_is_said_to_be_gone_three_times_in_a_row(
    library: Library, gone_host: None, caplog: pytest.LogCaptureFixture
) -> None:
    library.scan()
    podcast = lives_at_the_old_address("rfc")
    said = []
    for _ in range(3):
        caplog.clear()
        library.scan()
        said.append((Podcast.objects.get(pk=podcast.pk).retired_at is not None, "will be tried again" in caplog.text))

    assert said == [(False, True), (False, True), (True, False)]


def test_failures_of_another_kind_do_not_count_towards_gone(library: Library, gone_host: None) -> None:
    podcast = lives_at_the_old_address("rfc")
    Podcast.objects.filter(pk=podcast.pk).update(failures=7, error="no answer in time")
    library.scan()

    assert Podcast.objects.get(pk=podcast.pk).retired_at is None


def days_old(days: int) -> str:
    return (timezone.now() - timedelta(days=days)).strftime("%a, %d %b %Y %H:%M:%S +0000")


@pytest.mark.parametrize(
    ("stage", "error", "days", "picked"),
    [
        (Episode.Stage.FAILED, "no transcript", 2, True),
        (Episode.Stage.FAILED, "no transcript", 60, False),
        (Episode.Stage.PICKED, "no transcript", 60, True),
        (Episode.Stage.SKIPPED, "", 2, False),
        (Episode.Stage.RELATED, "", 2, False),
    ],
)
def test_a_transcript_that_comes_late_gives_its_episode_another_chance(
    library: Library, stage: str, error: str, days: int, picked: bool
) -> None:
    edit_the_feed(library, "Fri, 23 Mar 2018 20:18:39 +0000", days_old(days))
    edit_the_feed(library, TRANSCRIPT, TRANSCRIPT.replace("rfc-20", "to-come"))
    library.scan()
    episode = Episode.objects.get(podcast__feed_url__endswith="rfc.xml")
    later = timezone.now() + timedelta(days=1)
    Episode.objects.filter(pk=episode.pk).update(stage=stage, error=error, attempts=5, next_try_at=later)
    edit_the_feed(library, TRANSCRIPT.replace("rfc-20", "to-come"), TRANSCRIPT)
    asked: list[int] = []
    Podcast.objects.update(next_poll_at=timezone.now())
    scan.run(now=timezone.now(), then=asked.append)

    episode.refresh_from_db()
    assert (episode.pk in asked) == picked
    assert (episode.stage, episode.attempts, episode.error) == (
        (Episode.Stage.PICKED, 0, "") if picked else (stage, 5, error)
    )
    assert (episode.next_try_at <= timezone.now()) == picked


def test_a_transcript_signed_anew_is_no_other_transcript(library: Library) -> None:
    library.scan()
    Episode.objects.update(stage=Episode.Stage.PICKED, error="no transcript", attempts=5)
    edit_the_feed(library, "rfc-20.srt", "rfc-20.srt?signed=2")
    library.scan()

    assert Episode.objects.get(podcast__feed_url__endswith="rfc.xml").attempts == 5


def test_of_a_private_podcast_only_the_host_is_named_in_errors_and_logs(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    library.scan()
    Podcast.objects.update(private=True)
    for transcript in library.folder.glob("transcripts/*"):
        transcript.unlink()
    library.lose_file("feeds/rfc.xml")
    library.scan()
    for episode in Episode.objects.all():
        flow.transcribe(episode=episode.pk)

    assert len(complaints()) == 5
    for line in [*complaints(), caplog.text]:
        assert "samples.takefive.example/…" in line
        assert "feeds" not in line
        assert "/transcripts/" not in line


def test_a_show_that_says_its_new_address_is_followed_there_once_it_is_proven(
    library: Library, old_host: None, settings: Settings
) -> None:
    library.scan()
    podcast = Podcast.objects.get(feed_url__endswith="rfc.xml")
    episodes = set(podcast.episodes.values_list("pk", "public_id"))
    old, new = library.folder / "feeds/rfc.xml", library.folder / "feeds/new.xml"
    there = f"http://{samples.HOST}/feeds/new.xml"
    new.write_text(old.read_text())
    edit_the_feed(library, "<channel>", f"<channel><itunes:new-feed-url>{there}</itunes:new-feed-url>")
    library.scan()

    moved = Podcast.objects.get(pk=podcast.pk)
    assert (moved.feed_url, moved.public_id) == (there, podcast.public_id)
    assert set(moved.episodes.values_list("pk", "public_id")) == episodes


def test_a_show_that_moved_to_an_address_already_followed_is_given_up_with_a_word(
    library: Library, old_host: None
) -> None:
    library.scan()
    podcast = lives_at_the_old_address("rfc")
    Podcast.objects.filter(pk=podcast.pk).update(public_id="its-own")
    Podcast.objects.create(feed_url=f"http://{samples.HOST}/feeds/rfc.xml")
    library.scan()

    assert Podcast.objects.get(pk=podcast.pk).retired_at is not None
    assert any("which is followed already" in line for line in complaints())


def test_two_shows_that_share_their_guids_keep_their_own_episodes(library: Library) -> None:
    copy = (library.folder / "feeds/rfc.xml").read_text().replace("<title>", "<title>Copy of ")
    (library.folder / "feeds/copy.xml").write_text(copy)
    library.scan()
    before = list(Episode.objects.filter(podcast__title="Request For Commits").values())
    Podcast.objects.create(feed_url=f"http://{samples.HOST}/feeds/copy.xml")
    library.scan()
    (library.folder / "feeds/copy.xml").write_text(copy.replace("Copy of ", "Poisoned "))
    Podcast.objects.update(last_modified="")
    library.scan()

    assert list(Episode.objects.filter(podcast__title="Request For Commits").values()) == before
    theirs = Episode.objects.filter(podcast__feed_url__endswith="copy.xml")
    assert {episode.title.split()[0] for episode in theirs} == {"Poisoned"}
    assert {e["guid"] for e in before} == set(theirs.values_list("guid", flat=True))


def test_only_what_changed_in_a_feed_is_read_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.scan()
    feed = library.folder / "feeds/rfc.xml"
    first = feed.read_text().index("<item>")
    new = "<item><title>New</title><guid>new</guid><enclosure url='http://a.example/n.mp3' type='audio/mpeg'/></item>\n"
    names = [(f"older-{n}", f"Talk {n}", f"/{n}.mp3") for n in range(9)]
    items = "".join(new.replace("new", a).replace("New", b).replace("/n.mp3", c) for a, b, c in names)
    feed.write_text(feed.read_text()[:first] + items + feed.read_text()[first:])
    poll_anew(library)
    count, read = Episode.objects.count(), []
    feed.write_text(feed.read_text()[:first] + new + feed.read_text()[first:])
    monkeypatch.setattr(ItemReader, "read", _telling(read, ItemReader.read))
    poll_anew(library)

    assert [item.guid for item in read] == ["new"]
    assert Episode.objects.count() == count + 1
    assert Podcast.objects.get(feed_url__endswith="rfc.xml").marks.episodes.keys() >= {item.mark for item in read}


def _telling(read: list[ParsedEpisode], way: Callable[..., ParsedEpisode]) -> Callable[..., ParsedEpisode]:
    def told(*args: object) -> ParsedEpisode:
        read.append(way(*args))
        return read[-1]

    return told


def poll_anew(library: Library) -> None:
    """Poll the one show, whatever its server says of changes."""
    Podcast.objects.exclude(feed_url__endswith="rfc.xml").delete()
    Podcast.objects.update(last_modified="", etag="")
    library.scan()


def test_many_new_feeds_are_read_beside_and_one_that_fails_is_the_only_one_not_saved(
    library: Library, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.FEED_READERS = 1
    monkeypatch.setattr(scan, "_MANY_NEW", 1)
    test_a_fault_of_ours_with_one_feed_is_one_line_on_it_and_the_others_are_saved(library, monkeypatch)
    assert all(episode.description for episode in Episode.objects.exclude(summary=""))
