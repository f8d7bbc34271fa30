"""The step "extract" with a language model: what it costs is counted and capped, and no failure of it loses an insight."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from scripted_model import Line, Reply, ScriptedModel, honest, scripted
from takefive.accounts.models import Reader
from takefive.common.errors import BudgetError
from takefive.common.llm import LONGEST_ANSWER, Spend
from takefive.insights import local
from takefive.pipeline import samples
from takefive.pipeline.steps import extract
from takefive.pipeline.steps.language_model import Budget, purge
from takefive.store.models import (
    Brief,
    BriefItem,
    Episode,
    Extraction,
    Feedback,
    Insight,
    ModelAnswer,
    Podcast,
    Spending,
    Transcript,
)
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
def says(settings: Settings) -> Iterator[object]:
    """`says(*script)`: the operator chose a model that speaks so."""
    opened = []

    def choose(*script: Line) -> ScriptedModel:
        opened.append(scripted(*script))
        server: ScriptedModel = opened[-1].__enter__()
        settings.LLM, settings.LLM_URL, settings.LLM_TIMEOUT = "tiny", server.url, 5
        settings.LLM_PRICE = Decimal(1), Decimal(10)
        return server

    yield choose
    for one in opened:
        one.__exit__(None, None, None)


def run(episode: Episode) -> Extraction:
    then: list[bool] = []
    extract.run(episode.pk, now=timezone.now(), then=lambda: then.append(connection.in_atomic_block))
    episode.refresh_from_db()
    assert episode.stage == Episode.Stage.EXTRACTED, episode.error
    assert then == [True]
    return Extraction.objects.get(episode=episode)


def engines(episode: Episode) -> set[str]:
    return set(Insight.objects.filter(episode=episode).values_list("engine", flat=True))


def test_without_a_model_the_local_engine_reads_and_nothing_is_spent(episode: Episode) -> None:
    found = run(episode)

    assert (found.engine, found.note) == (local.ENGINE, "")
    assert found.tally["published"] == episode.insights.count()
    assert engines(episode) == {local.ENGINE}
    assert not Spending.objects.exists()


def test_each_insight_keeps_who_wrote_it_and_what_it_cost_is_counted(episode: Episode, says: object) -> None:
    says(lambda request: replace(honest(request), tokens=(9000, 600)))
    found = run(episode)

    assert found.engine == ENGINE
    assert engines(episode) == {ENGINE, local.ENGINE}
    row = Spending.objects.get()
    assert (row.tokens_in, row.tokens_out, row.settled) == (9000, 600, True)
    assert row.dollars == Decimal("0.015")
    assert row.episode == episode


def test_a_step_done_again_asks_nothing_again(episode: Episode, says: object) -> None:
    server = says(honest)
    run(episode)
    before = list(episode.insights.order_by("position").values_list("headline", "public_id"))
    Episode.objects.update(stage=Episode.Stage.TRANSCRIBED)
    run(episode)

    assert len(server.asked) == 1
    assert list(episode.insights.order_by("position").values_list("headline", "public_id")) == before


@pytest.mark.parametrize("line", [Reply(status=401), Reply('{"ins')], ids=["refused", "half JSON"])
def test_a_provider_that_fails_is_noted_on_the_episode(episode: Episode, says: object, line: Reply) -> None:
    says(line)
    found = run(episode)

    assert "the local engine" in found.note
    assert engines(episode) == {local.ENGINE}
    assert episode.error == ""


HOUR = timedelta(hours=1)


def tried_again(episode: Episode, after: timedelta) -> bool:
    """Whether an episode whose relations are done is sent back before this step."""
    Episode.objects.filter(stage=Episode.Stage.EXTRACTED).update(stage=Episode.Stage.RELATED)
    extract.again(timezone.now() + after)
    return extract.waiting(timezone.now()) == [episode.pk]


def test_where_the_provider_was_down_it_is_asked_once_more_after_an_hour(episode: Episode, says: object) -> None:
    says(Reply(status=401), Reply(status=503, headers={"Retry-After": "0"}))
    run(episode)
    assert not tried_again(episode, 2 * HOUR), "a wrong key does not pass"

    Extraction.objects.all().delete()
    Episode.objects.update(stage=Episode.Stage.TRANSCRIBED)
    run(episode)
    assert not tried_again(episode, HOUR / 2)
    assert tried_again(episode, 2 * HOUR)
    says(honest)
    run(episode)
    assert engines(episode) == {ENGINE, local.ENGINE}
    assert not tried_again(episode, 99 * HOUR)


def test_what_fails_again_is_left_as_it_is(episode: Episode, says: object) -> None:
    says(Reply(status=503, headers={"Retry-After": "0"}))
    run(episode)
    assert tried_again(episode, 2 * HOUR)
    run(episode)
    assert not tried_again(episode, 99 * HOUR)


def test_where_the_days_money_is_spent_the_next_days_is_for_the_next_episodes(
    episode: Episode, says: object, settings: Settings
) -> None:
    says(honest)
    settings.LLM_DAY_TOKENS = 0
    run(episode)

    assert not tried_again(episode, 99 * HOUR)


@pytest.mark.parametrize("when", ["before it is due", "while it is read"])
@pytest.mark.parametrize("given", ["a brief", "feedback"])
def test_what_a_reader_was_sent_or_spoke_of_never_changes(
    episode: Episode, says: object, when: str, given: str
) -> None:
    def give() -> None:
        insight, reader = episode.insights.first(), Reader.objects.create(email="r@example.org")
        if given == "feedback":
            Feedback.objects.create(reader=reader, insight=insight, kind=Feedback.Kind.MORE)
        else:
            brief = Brief.objects.create(reader=reader, day=timezone.now().date())
            BriefItem.objects.create(brief=brief, insight=insight, rank=1, score=1, reason="")

    says(Reply(status=503, headers={"Retry-After": "0"}))
    run(episode)
    before = list(episode.insights.values())
    if when == "before it is due":
        give()
        assert not tried_again(episode, 2 * HOUR)
        return
    assert tried_again(episode, 2 * HOUR)
    says(honest)
    give()
    run(episode)
    assert list(episode.insights.values()) == before


def test_answers_are_forgotten_after_a_month_also_those_about_files(episode: Episode) -> None:
    for key, owner, days in [("a", episode, 31), ("b", None, 31), ("c", episode, 29), ("d", None, 29)]:
        ModelAnswer.objects.create(
            key=key, episode=owner, answer="{}", created_at=timezone.now() - timedelta(days=days)
        )

    assert purge(timezone.now()) == 2
    assert sorted(ModelAnswer.objects.values_list("key", flat=True)) == ["c", "d"]


@pytest.mark.parametrize(
    "cap", [{"LLM_DAY_TOKENS": 0}, {"LLM_EPISODE_TOKENS": 10_000}, {"LLM_DAY_DOLLARS": Decimal(0)}]
)
def test_what_would_pass_a_cap_is_never_sent(
    episode: Episode, says: object, settings: Settings, cap: dict[str, object]
) -> None:
    server = says(honest)
    for name, value in cap.items():
        setattr(settings, name, value)
    found = run(episode)

    assert server.asked == []
    assert "are spent" in found.note
    assert engines(episode) == {local.ENGINE}


def test_a_setting_that_is_wrong_is_noted_and_the_local_engine_goes_on(episode: Episode, settings: Settings) -> None:
    settings.LLM = "nobody:any"
    found = run(episode)

    assert "nobody:any" in found.note
    assert engines(episode) == {local.ENGINE}


def test_many_workers_together_never_pass_the_days_cap(transactional_db: None, settings: Settings) -> None:
    settings.LLM_DAY_TOKENS, settings.LLM_EPISODE_TOKENS = 10_000, 10**9
    most, refused = Spend(700, 300, Decimal("0.001")), []

    def worker() -> None:
        budget = Budget("tiny", None)
        for _ in range(5):
            try:
                budget.reserve(most)
            except BudgetError:
                refused.append(1)
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Spending.objects.count() == 10
    assert len(refused) == 10


def test_what_a_dead_worker_had_reserved_stays_counted(episode: Episode, settings: Settings) -> None:
    settings.LLM_EPISODE_TOKENS = LONGEST_ANSWER + 2000
    Budget("tiny", episode).reserve(Spend(1000, LONGEST_ANSWER))  # and then kill -9

    with pytest.raises(BudgetError, match="the episode's"):
        Budget("tiny", episode).reserve(Spend(1000, LONGEST_ANSWER))


def test_answers_go_with_their_episode_and_what_was_spent_stays(episode: Episode, says: object) -> None:
    says(honest)
    run(episode)
    assert ModelAnswer.objects.count() == 1
    episode.delete()

    assert not ModelAnswer.objects.exists()
    assert Spending.objects.get().episode is None
