"""Podpings: feeds that their publishers say have changed become due."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from takefive.pipeline import flow
from takefive.pipeline.steps import podping
from takefive.store.models import Podcast

from .conftest import Library


@pytest.fixture(autouse=True)
def rested(library: Library) -> None:
    """As if the last poll was an hour ago and the next one is a day away."""
    now = timezone.now()
    Podcast.objects.update(polled_at=now - timedelta(hours=1), next_poll_at=now + timedelta(days=1))


def rfc() -> Podcast:
    return Podcast.objects.get(feed_url__endswith="rfc.xml")


def due() -> set[str]:
    return {podcast.feed_url.rsplit("/", 1)[1] for podcast in Podcast.objects.due(timezone.now())}


def hear(*lines: str, **more) -> podping.Heard:
    return podping.run(io.StringIO("\n".join(lines)), now=timezone.now, then=flow.scan.defer, **more)


def ping(*urls: str) -> str:
    return json.dumps({"version": "1.1", "medium": "podcast", "reason": "update", "iris": urls})


def test_a_podping_makes_the_feeds_it_names_due(library: Library) -> None:
    heard = hear("", "junk", ping(rfc().feed_url, "https://stranger.example/feed"), ping("ftp://x/y"))

    assert due() == {"rfc.xml"}
    assert (heard.pings, heard.due) == (2, 1)
    assert ProcrastinateJob.objects.filter(task_name="scan", status="todo").count() == 1


def test_a_podping_with_the_other_scheme_means_the_same_feed(library: Library) -> None:
    hear(ping(rfc().feed_url.replace("http://", "https://")))

    assert due() == {"rfc.xml"}


def test_a_flood_of_podpings_for_one_feed_is_one_poll(library: Library) -> None:
    assert hear(*[ping(rfc().feed_url)] * 2_000).due == 1
    flow.scan()
    hear(*[ping(rfc().feed_url)] * 2_000)

    assert due() == set()
    assert rfc().next_poll_at - rfc().polled_at == timedelta(minutes=10)


def test_a_flood_of_podpings_for_all_feeds_is_bounded(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(podping, "MOST", 2)
    heard = hear(*[ping(podcast.feed_url) for podcast in Podcast.objects.all()], batch=1)

    assert (heard.due, heard.passed_over) == (2, 1)
    assert len(due()) == 2


def test_a_paused_or_retired_feed_stays_so_whatever_is_pinged(library: Library) -> None:
    Podcast.objects.filter(feed_url__endswith="rfc.xml").update(paused_at=timezone.now())
    Podcast.objects.filter(feed_url__endswith="gotime.xml").update(retired_at=timezone.now())
    hear(ping(*Podcast.objects.values_list("feed_url", flat=True)))

    assert due() == {"spotlight.xml"}


NODE = "hive.takefive.example"


@pytest.fixture
def node(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, str]]:
    """A node of Hive whose ledger has 500 blocks; the ping in each of them may be set by its number."""
    pings: dict[int, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            numbers = range(asked["params"].get("starting_block_num", 0), 501)[: asked["params"].get("count", 0)]
            operations = [{"id": "podping", "json": pings.get(number, "")} for number in numbers]
            blocks = [{"transactions": [{"operations": [["custom_json", said]]}]} for said in operations]
            body = json.dumps({"id": 1, "result": {"head_block_number": 500, "blocks": blocks}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TRUSTED_HOSTS = settings.TRUSTED_HOSTS | {NODE: f"127.0.0.1:{server.server_port}"}
    settings.PODPING_NODES = [f"http://{NODE}/"]
    monkeypatch.setattr(podping, "_read", [])
    yield pings
    server.shutdown()
    server.server_close()


def test_what_publishers_write_into_hive_is_heard_each_minute(library: Library, node: dict[int, str]) -> None:
    node[480] = ping(rfc().feed_url)
    flow.podpings()

    assert due() == {"rfc.xml"}
    assert ProcrastinateJob.objects.filter(task_name="scan", status="todo").count() == 1
    node[481] = ping(*Podcast.objects.values_list("feed_url", flat=True))
    flow.podpings()
    assert due() == {"rfc.xml"}, "a block is read once"


def test_no_node_is_asked_where_none_is_named(library: Library, node: dict[int, str], settings: Settings) -> None:
    settings.PODPING_NODES = []
    node[480] = ping(rfc().feed_url)
    flow.podpings()

    assert due() == set()


def test_a_node_that_does_not_answer_is_one_line_in_the_log(
    library: Library, node: dict[int, str], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_HOSTS = settings.TRUSTED_HOSTS | {NODE: "127.0.0.1:9"}
    flow.podpings()

    (line,) = [record.getMessage() for record in caplog.records if record.name == podping.log.name]
    assert "no podpings" in line
