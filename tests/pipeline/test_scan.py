"""The step scan, with a real publisher who moves, edits and sends more than we asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from takefive.pipeline import samples
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
    Podcast.objects.filter(pk=podcast.pk).update(title="A show of another name")
    library.scan()

    assert Podcast.objects.get(pk=podcast.pk).feed_url == podcast.feed_url


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
