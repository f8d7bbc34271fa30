"""Once, whatever the machines do: two schedulers, clocks that jump a day, and workers killed while they send."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from sink import Sink, mail_server
from takefive.accounts.models import Reader
from takefive.pipeline.steps import brief, deliver
from takefive.store.models import Brief, Delivery, Episode, Insight, Podcast

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    one = Sink()
    with mail_server(one) as settings.SMTP_URL:
        yield one


@pytest.fixture
def insights(db: None) -> None:
    """Enough for a brief of five."""
    for n in range(6):
        podcast = Podcast.objects.create(feed_url=f"https://shows.example/{n}.xml", title=f"Show {n}")
        episode = Episode.objects.create(
            podcast=podcast, guid=str(n), title=f"Episode {n}", published_at=timezone.now()
        )
        texts = {"headline": f"Claim {n}", "text": f"Text {n}.", "quote": f"Quote {n}.", "kind": "claim", "score": 0.9}
        vector = [1.0 if at == n else 0.0 for at in range(384)]
        Insight.objects.create(episode=episode, position=0, vector=vector, **texts)


def make(now: datetime) -> None:
    brief.run(now=now, then=lambda delivery: None)


def at_once(*works: object) -> None:
    def one(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(one, works))


def a_day_of_jumps() -> list[datetime]:
    """Forward by a day, back again, back by a day, and on."""
    now, day = timezone.now(), timedelta(days=1)
    return [now, now + day, now, now - day, now + timedelta(minutes=5), now + day]


def test_two_schedulers_at_once_mail_each_reader_once(sink: Sink, insights: None) -> None:
    for n in range(8):
        Reader.objects.create_user(f"reader{n}@example.org", status="active", hour=0)
    now = timezone.now()
    at_once(lambda: make(now), lambda: make(now))
    at_once(deliver.run, deliver.run)
    deliver.run()
    assert Brief.objects.count() == Delivery.objects.count() == 8
    assert len(sink.taken) == len(set(sink.recipients())) == 8


def test_a_clock_that_jumps_a_day_forth_and_back_sends_no_brief_twice(sink: Sink, insights: None) -> None:
    reader = Reader.objects.create_user("ada@example.org", status="active", hour=0)
    for now in a_day_of_jumps():
        make(now)
        deliver.run(clock=lambda now=now: now)  # type: ignore[misc]
    ids = [letter["Message-ID"] for letter in sink.letters()]
    days = list(reader.briefs.filter(deliveries__status="sent").values_list("day", flat=True))
    assert len(ids) == len(set(ids)) == len(days) == len(set(days))
    assert ids


def test_a_clock_that_jumps_while_a_mail_is_being_sent_leaves_it_to_its_sender(sink: Sink) -> None:
    reader = Reader.objects.create_user("ada@example.org", status="active")
    Delivery.objects.create(brief=Brief.objects.create(reader=reader, day=timezone.now().date()))
    tomorrow = timezone.now() + timedelta(days=1)
    sink.then = lambda mail: at_once(lambda: deliver.run(clock=lambda: tomorrow))
    deliver.run()
    deliver.run(clock=lambda: tomorrow)
    assert (len(sink.taken), Delivery.objects.get().status) == (1, "sent")


@pytest.mark.timeout(400)
def test_workers_killed_while_they_send_lose_nothing_and_double_nothing() -> None:
    command = [sys.executable, "-m", "evals.mails_killed", "--mails", "200", "--kills", "20", "--patience", "2"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=380)
    told = json.loads(done.stdout)
    assert (told["mails"], told["kills"]) == (200, 20)
    assert told["doubtful"] <= 20
    assert told["arrived twice"] == told["sent and not arrived"] == told["neither sent nor reported"] == 0
    assert told["sent"] + told["doubtful"] == 200
