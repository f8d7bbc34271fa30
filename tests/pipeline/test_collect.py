"""Asking by batch: an episode waits for its answers, and whatever becomes of the batch it gets its insights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from django.conf import settings as current
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from scripted_batches import BatchServer, batches
from scripted_model import Reply, honest
from takefive.insights import local
from takefive.pipeline import flow, queue, samples
from takefive.pipeline.steps import collect, extract
from takefive.store import embedded
from takefive.store.models import Episode, Extraction, ModelAnswer, ModelBatch, Podcast, Spending, Transcript
from takefive.transcripts import read

ENGINE = "tiny prompts 1.1"


@pytest.fixture(scope="module", autouse=True)
def once() -> Iterator[None]:
    """The local engine says the same each time; here it is asked once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "extract", cache(local.extract))
        yield


@pytest.fixture
def episode(transactional_db: None) -> Episode:
    file = samples.folder() / "transcripts" / "shipit-77.vtt"
    segments = read(file.read_bytes(), name=file.name).segments
    podcast = Podcast.objects.create(feed_url="https://shows.example/rss", title="Ship It!")
    row = Episode.objects.create(podcast=podcast, guid="77", title="Cloud", stage=Episode.Stage.TRANSCRIBED)
    Transcript.objects.create(
        episode=row, language="en", segments=[asdict(one) for one in segments[: len(segments) // 3]]
    )
    return row


@pytest.fixture
def serve(settings: Settings) -> Iterator[Callable[..., BatchServer]]:
    """`serve(**script)`: the operator asks a model by batch, which reads the episode in three parts."""
    with ExitStack() as stack:

        def choose(**script: Any) -> BatchServer:
            server = stack.enter_context(batches(**script))
            settings.LLM, settings.LLM_URL, settings.LLM_TIMEOUT, settings.LLM_BATCH = "tiny", server.url, 5, True
            settings.LLM_PRICE, settings.LLM_CONTEXT = (Decimal(1), Decimal(10)), 11_000
            return server

        yield choose


def hand_over(episode: Episode) -> None:
    extract.run(episode.pk, now=timezone.now(), then=lambda: None)


def fetch(after: timedelta = timedelta(0)) -> list[int]:
    """Look after the batches; the episodes that need not wait any more."""
    ready: list[int] = []
    collect.run(now=timezone.now() + after, then=lambda pk: ready.append(pk if connection.in_atomic_block else -1))
    return ready


def read_on(episode: Episode) -> Extraction:
    """What the step makes of an episode that need not wait."""
    extract.run(episode.pk, now=timezone.now(), then=lambda: None)
    episode.refresh_from_db()
    assert episode.stage == Episode.Stage.EXTRACTED, episode.error
    return Extraction.objects.get(episode=episode)


def by_model(episode: Episode) -> int:
    return episode.insights.filter(engine=ENGINE).count()


def test_an_episode_waits_for_its_batch_and_then_costs_half(
    episode: Episode, serve: Callable[..., BatchServer]
) -> None:
    server = serve(by_batch=lambda request: replace(honest(request), tokens=(9000, 600)))
    hand_over(episode)
    parts = len(server.asked)
    assert parts > 1
    worst = [row.dollars for row in Spending.objects.all()]
    assert extract.waiting(timezone.now()) == []
    assert fetch() == []
    hand_over(episode)
    assert (server.created, server.direct) == (1, [])

    server.status = "completed"
    assert fetch() == [episode.pk]
    assert extract.waiting(timezone.now()) == [episode.pk]
    found = read_on(episode)

    assert (found.note, server.direct) == (f"read in {parts} parts", [])
    assert by_model(episode) >= 2
    assert ModelAnswer.objects.filter(episode=episode).count() == parts
    rows = [(row.tokens_in, row.tokens_out, row.dollars, row.settled) for row in Spending.objects.all()]
    assert rows == [(9000, 600, Decimal("0.0075"), True)] * parts
    assert len(worst) == parts
    assert all(dollars > 0 for dollars in worst)
    assert fetch() == []


def test_what_a_claim_lacks_is_mended_directly(episode: Episode, serve: Callable[..., BatchServer]) -> None:
    def liar(request: dict[str, Any]) -> Reply:
        reply = honest(request)
        return replace(reply, content=(reply.content or "").replace('"text": "', '"text": "Exactly 7919 agreed. '))

    server = serve(by_batch=liar, status="completed")
    hand_over(episode)
    fetch()
    read_on(episode)

    assert len(server.direct) == len(server.asked)
    assert all("a number in it is not said near the quote" in str(request) for request in server.direct)


def test_an_expired_batch_keeps_what_was_answered_and_the_rest_is_asked_directly(
    episode: Episode, serve: Callable[..., BatchServer]
) -> None:
    server = serve(status="expired", left_out=lambda n: n > 0)
    hand_over(episode)
    assert fetch() == [episode.pk]
    read_on(episode)

    assert len(server.direct) == len(server.asked) - 1
    assert by_model(episode) >= 2
    assert f"{len(server.asked) - 1} of {len(server.asked)} without an answer" in ModelBatch.objects.get().note
    assert Spending.objects.filter(tokens_in=0, tokens_out=0, settled=True).count() == len(server.asked) - 1


@pytest.mark.parametrize("useless", [Reply(status=500), Reply('{"insights": [{"pass'), Reply(None)])
def test_answers_of_no_use_are_asked_for_directly(
    episode: Episode, serve: Callable[..., BatchServer], useless: Reply
) -> None:
    answered: list[dict[str, Any]] = []

    def half(request: dict[str, Any]) -> Reply:
        answered.append(request)
        return useless if len(answered) % 2 else honest(request)

    server = serve(by_batch=half, status="completed")
    hand_over(episode)
    fetch()
    read_on(episode)

    assert len(server.direct) == (len(server.asked) + 1) // 2
    assert by_model(episode) >= 2


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_batch_that_fails_costs_nothing_and_all_is_asked_directly(
    episode: Episode, serve: Callable[..., BatchServer], status: str
) -> None:
    server = serve(status=status)
    hand_over(episode)
    fetch()
    assert not Spending.objects.filter(settled=False).exists()
    assert sum(row.tokens_in for row in Spending.objects.all()) == 0
    read_on(episode)

    assert len(server.direct) == len(server.asked)
    assert by_model(episode) >= 2


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_a_provider_that_takes_no_batch_is_asked_directly(
    episode: Episode, serve: Callable[..., BatchServer], status: int
) -> None:
    server = serve(refuse=status)
    found = read_on(episode)

    assert server.direct
    assert by_model(episode) >= 2
    assert "local engine" not in found.note
    # a server's fault may have come after it took the batch: then its worst stays counted
    assert Spending.objects.filter(settled=False).exists() == (status == 500)


def test_where_the_money_is_not_enough_nothing_is_handed_over(
    episode: Episode, serve: Callable[..., BatchServer], settings: Settings
) -> None:
    server = serve()
    settings.LLM_DAY_TOKENS = 12_000
    read_on(episode)

    assert server.created == 0
    assert server.direct, "one question after the other there may be money for"
    assert sum(row.tokens_in + row.tokens_out for row in Spending.objects.all()) <= 12_000


def test_a_provider_that_forgets_the_batch_or_never_ends_it_is_waited_for_a_day(
    episode: Episode, serve: Callable[..., BatchServer]
) -> None:
    serve()
    hand_over(episode)

    assert fetch(timedelta(hours=25)) == []
    assert fetch(timedelta(hours=27)) == [episode.pk]
    assert Spending.objects.filter(settled=False).exists(), "it may still cost"
    read_on(episode)


def test_an_operator_who_takes_the_model_away_gets_the_local_engine(
    episode: Episode, serve: Callable[..., BatchServer], settings: Settings
) -> None:
    serve()
    hand_over(episode)
    settings.LLM = settings.LLM_URL = ""

    assert fetch() == [episode.pk]
    assert read_on(episode).engine == local.ENGINE


def test_two_that_fetch_the_same_answers_book_them_once(episode: Episode, serve: Callable[..., BatchServer]) -> None:
    server = serve(status="completed")
    hand_over(episode)
    batch = ModelBatch.objects.get()
    outcome = collect._outcome(batch, timezone.now())
    assert outcome is not None
    assert fetch() == [episode.pk]
    again: list[int] = []
    collect._close(batch, *outcome, again.append)

    assert again == []
    assert ModelAnswer.objects.count() == len(server.asked)


def test_the_flow_fetches_and_asks_for_the_extraction(episode: Episode, serve: Callable[..., BatchServer]) -> None:
    serve(status="completed")
    hand_over(episode)
    flow.collect()

    assert queue.alive("extract") == {episode.pk}


KILLED = """
import django; django.setup()
from django.utils import timezone
from takefive.pipeline.steps import extract
extract.run({episode}, now=timezone.now(), then=lambda: None)
"""


@pytest.mark.timeout(180)
def test_kill_9_while_a_batch_is_handed_over_loses_nothing_and_is_counted(
    episode: Episode, serve: Callable[..., BatchServer]
) -> None:
    worker: list[subprocess.Popen[bytes]] = []
    server = serve(on_create=lambda: os.kill(worker[0].pid, signal.SIGKILL))  # the provider has it, we have no handle
    database = connection.settings_dict["NAME"]
    environment = {
        "PATH": os.environ["PATH"],
        "TAKEFIVE_HOME": str(current.HOME),
        "DATABASE_URL": f"postgresql:///{database}?user=takefive&host={embedded.socket_folder(current.HOME)}",
        "DJANGO_SETTINGS_MODULE": "takefive.settings",
        "TAKEFIVE_LLM": "tiny",
        "TAKEFIVE_LLM_URL": server.url,
        "TAKEFIVE_LLM_BATCH": "1",
    }
    worker.append(subprocess.Popen([sys.executable, "-c", KILLED.format(episode=episode.pk)], env=environment))
    assert worker[0].wait() == -signal.SIGKILL
    server.on_create = lambda: None

    hand_over(episode)  # the job of the dead worker, given to another
    assert (server.created, server.direct) == (1, [])
    assert fetch(timedelta(minutes=10)) == []
    assert fetch(timedelta(minutes=20)) == [episode.pk]
    found = read_on(episode)

    assert by_model(episode) >= 2
    assert "local engine" not in found.note
    assert Spending.objects.filter(settled=False).count() == len(server.asked), "what may have been run stays counted"
