"""A private feed's secret never reaches a log, a row that is shown, or another server, whatever goes wrong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from pytest_django import Settings

from takefive.feeds.search import Listing
from takefive.pipeline import flow, following
from takefive.pipeline.progress import complaints
from takefive.store.models import Episode, Podcast, Subscription

HOST, SECRET = "members.example", "Zk93hfB27sKqPw81mXc64tRyLd05vNeJ"
URL = f"http://{HOST}/private/{SECRET}/feed.xml"


@pytest.fixture
def member(settings: Settings, transactional_db: None) -> Iterator[dict[str, object]]:
    """A paid feed; what its server says is set by "status" and "body", what it was sent stands in "asked"."""
    said: dict[str, object] = {"status": 200, "body": _feed(), "asked": []}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said["asked"].append((self.path, self.headers["User-Agent"]))  # type: ignore[attr-defined]
            body = str(said["body"]).encode()
            self.send_response(int(str(said["status"])))
            self.send_header("Location", f"http://{HOST}/elsewhere/{SECRET}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TRUSTED_HOSTS = {HOST: f"127.0.0.1:{server.server_port}"}
    settings.SITE_URL = "https://takefive.example"
    yield said
    server.shutdown()
    server.server_close()


def _feed() -> str:
    return f"""<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0">
    <channel><title>Members only</title><atom:link rel="hub" href="http://{HOST}/hub"/>
    <atom:link rel="self" href="{URL}"/>
    <item><guid>{SECRET}</guid><title>First</title><pubDate>{timezone.now():%a, %d %b %Y %H:%M:%S} +0000</pubDate>
    <enclosure url="http://{HOST}/a/{SECRET}.mp3" type="audio/mpeg" length="1"/>
    <podcast:transcript url="http://{HOST}/t/{SECRET}.vtt" type="text/vtt"/></item></channel></rss>"""


def scan() -> None:
    Podcast.objects.update(next_poll_at=timezone.now(), full_fetch_at=None)
    flow.scan()


TROUBLES = [(500, "no"), (404, "gone?"), (410, "gone"), (302, ""), (301, ""), (200, "<html>sign in</html>"), (200, "")]


@pytest.mark.parametrize(("status", "body"), TROUBLES)
def test_no_log_and_no_complaint_holds_the_secret(
    member: dict[str, object], caplog: pytest.LogCaptureFixture, status: int, body: str
) -> None:
    caplog.set_level(logging.DEBUG)
    following.follow([Listing(URL, "")])
    scan()
    member["status"], member["body"] = status, body
    for _ in range(3):
        scan()
    flow.subscribe()
    for episode in Episode.objects.all():
        flow.transcribe(episode=episode.pk)

    assert Podcast.objects.get().private
    assert len(caplog.records) > 0
    assert any(HOST in line for line in complaints())
    for line in (caplog.text, *complaints(), *map(str, Podcast.objects.all()), *map(str, Episode.objects.all())):
        assert SECRET not in line


def test_a_private_feed_makes_no_hub_and_follows_no_move(member: dict[str, object]) -> None:
    following.follow([Listing(URL, "")])
    scan()
    member["status"], member["body"] = 301, ""
    scan()

    assert not Subscription.objects.exists()
    assert Podcast.objects.get().feed_url == URL


def test_every_server_reads_who_asks_and_where_to_complain(member: dict[str, object]) -> None:
    following.follow([Listing(URL, "")])
    scan()
    ((_, agent),) = {(path, agent) for path, agent in member["asked"]}  # type: ignore[attr-defined]

    assert agent.startswith("Takefive/")
    assert "/about" in agent
