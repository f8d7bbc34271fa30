"""Podpings: feeds that their publishers say have changed become due."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

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
