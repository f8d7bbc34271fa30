"""`takefive search` and `takefive reembed`, called in this process on the tables of the test."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from takefive.cli import reembed, search
from takefive.common.errors import UsageError
from takefive.pipeline.steps import reembed as step
from takefive.store.models import Episode, Insight, Neighbourhood, Podcast, Relation
from takefive.store.vocabulary import learn


def call(command: Any, *words: str) -> Any:
    app = typer.Typer(add_completion=False)
    app.command()(command.run)
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def library(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "boot", lambda: None)
    monkeypatch.setattr(reembed, "boot", lambda: None)
    for year, kind, hidden in ((2022, "data", False), (2024, "story", False), (2024, "data", True)):
        show = Podcast.objects.create(
            feed_url=f"https://feeds.example/{year}{kind}", title=f"Show {year}", private=hidden
        )
        published = datetime(year, 5, 3, tzinfo=UTC)
        episode = Episode.objects.create(podcast=show, guid="1", title="On sleep", published_at=published)
        texts = {"headline": f"Sleep of {year} as {kind}", "text": "Plain words.", "quote": f"{year}", "score": 0.5}
        vector = np.eye(384, dtype=np.float32)[0]
        Insight.objects.create(
            episode=episode, position=0, kind=kind, speaker="Ada", start=83.0, vector=vector, **texts
        )
    learn(["Sleep of"])


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    "narrowed", [("--kind", "data"), ("--until", "2023-01-01"), ("--podcast", "show 2022")], ids=" ".join
)
def test_a_search_is_narrowed_down_and_nothing_private_is_found(narrowed: tuple[str, str]) -> None:
    hits = json.loads(call(search, "sleep", *narrowed, "--json").stdout)
    assert [hit["headline"] for hit in hits] == ["Sleep of 2022 as data"]
    assert hits[0]["found"]
    assert "Sleep of 2022 as data" in call(search, *narrowed).stdout


@pytest.mark.usefixtures("library")
def test_a_slip_is_corrected_and_said_so() -> None:
    answer = call(search, "sleeep", "--since", "2023-06-01")
    assert "Sleep of 2024 as story" in answer.stdout
    assert "Found for “sleep”" in answer.output
    assert "Found for" not in call(search, "sleeep", "--exactly").output
    assert call(search, "--since", "yesterday").exit_code == 2


@pytest.mark.usefixtures("library")
def test_a_kind_that_there_is_not_is_answered_with_those_there_are() -> None:
    answer = call(search, "sleep", "--kind", "bogus")
    assert isinstance(answer.exception, UsageError)
    assert "bogus" in str(answer.exception)
    assert "claim, data, story, how-to, prediction, contrarian" in str(answer.exception)
    assert "Sleep of 2022 as data" in call(search, "sleep", "--kind", "Data").stdout


@pytest.mark.usefixtures("library")
def test_a_dry_run_of_making_vectors_anew_says_how_many_and_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Small:
        name, dimension, steady = "small-1", 8, True

    monkeypatch.setattr(step, "named", lambda source: Small())
    answer = call(reembed, "--to", "/models/small", "--dry-run", "--json")
    assert "3 of 3 insights would get vectors of small-1 (8 wide)" in answer.output
    assert not step.waiting()


@pytest.mark.usefixtures("library")
def test_all_links_can_be_made_anew_and_vectors_that_are_not_there_cannot_be_gone_back_to() -> None:
    Neighbourhood.objects.bulk_create(Neighbourhood(insight=one) for one in Insight.objects.all())
    assert call(reembed, "--links").exit_code == 0
    assert Relation.objects.filter(source__headline="Sleep of 2022 as data").exists()
    assert not Neighbourhood.objects.filter(stale=True).exists()
    assert isinstance(call(reembed, "--back").exception, UsageError)
    assert isinstance(call(reembed, "--back", "--links").exception, UsageError)
