from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django import Settings
from typer.testing import CliRunner

from scripted_model import Reply, honest, scripted
from takefive.cli import doctor, extract
from takefive.common.errors import UsageError
from takefive.store.models import Spending

TALK = """**Ada Lovelace:** \\[00:10\\] We launched with no tests at all, and within two weeks 40 customers had left because every
release broke their invoices. What we learned is that speed without a safety net is slower: the repair cost us four months."""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    (tmp_path / "talk.md").write_text(TALK)
    return tmp_path / "talk.md"


@pytest.fixture(autouse=True)
def booted(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.cli.boot.boot", lambda: None)  # the tables are there


def test_extract_asks_no_model_unless_told_to(
    talk: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(honest) as server:
        settings.LLM, settings.LLM_URL = "tiny", server.url
        extract.run([talk], top=2)

    assert server.asked == []
    assert json.loads(capsys.readouterr().out)[0]["insights"]


def test_extract_with_llm_writes_by_the_model_and_counts_it(
    talk: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(honest) as server:
        settings.LLM, settings.LLM_URL = "tiny", server.url
        extract.run([talk], top=2, llm=True)

    (document,) = json.loads(capsys.readouterr().out)
    first = document["insights"][0]
    assert first["headline"] == "We launched with no tests at all, and within"
    assert first["quote"] in " ".join(TALK.split())
    assert Spending.objects.get().episode is None


def test_extract_with_llm_says_what_is_not_set(talk: Path, settings: Settings) -> None:
    settings.LLM = settings.LLM_URL = ""
    with pytest.raises(UsageError, match="TAKEFIVE_LLM"):
        extract.run([talk], top=2, llm=True)


def test_a_model_that_is_down_costs_one_line_and_no_insight(
    talk: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(Reply(status=401)) as server:
        settings.LLM, settings.LLM_URL = "tiny", server.url
        extract.run([talk], top=2, llm=True)

    out = capsys.readouterr()
    assert json.loads(out.out)[0]["insights"]
    assert "the local engine went on alone" in " ".join(out.err.split())


def findings(settings: Settings, *script: Reply) -> list[doctor.Finding]:
    with scripted(*script) as server:
        settings.LLM, settings.LLM_URL = "tiny", server.url
        return list(doctor._language_model())


def test_doctor_says_that_the_model_answers_and_what_it_cost(settings: Settings) -> None:
    (finding,) = findings(settings, Reply('{"here": true}', tokens=(50, 5)))

    assert finding.well
    assert "tiny answers" in finding.says
    assert "today 55 of 5,000,000 tokens" in finding.says
    assert "price is not known" in finding.says


def test_doctor_says_how_many_wait_for_a_batch(settings: Settings) -> None:
    settings.LLM_BATCH = True
    (finding,) = findings(settings, Reply('{"here": true}'))

    assert "by batch, 0 wait" in finding.says


def test_doctor_says_what_is_wrong_and_how_to_mend_it(settings: Settings) -> None:
    (finding,) = findings(settings, Reply(status=401))

    assert not finding.well
    assert not finding.needed
    assert "401" in finding.says
    assert "TAKEFIVE_LLM" in finding.mend


def test_the_command_line_offers_it() -> None:
    from takefive.__main__ import app

    assert "--llm" in CliRunner().invoke(app, ["extract", "--help"], env={"COLUMNS": "200"}).output
