from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from django.core.exceptions import ValidationError
from django.db.models.signals import post_init
from django.utils import timezone
from pytest_django import Settings
from rich.console import Console

from takefive.accounts.models import Reader
from takefive.cli import brief
from takefive.common.errors import UsageError
from takefive.pipeline.progress import complaints
from takefive.store.models import Brief, Delivery, Episode, Insight, Podcast


@pytest.fixture
def stopped_meanwhile(db: None) -> Iterator[None]:
    """Right after the row is read, its reader stops the mail."""

    def stop(instance: Reader, **_signal: Any) -> None:
        Reader.objects.filter(pk=instance.pk).update(status="stopped")

    Reader.objects.create_user("ada@example.org", status="active", interests="old")
    post_init.connect(stop, sender=Reader)
    yield
    post_init.disconnect(stop, sender=Reader)


def test_a_stop_that_comes_in_between_stays(stopped_meanwhile: None) -> None:
    brief._reader("ada@example.org", "new", save=True)

    assert Reader.objects.values_list("status", flat=True).get() == "stopped"


def test_interests_are_kept_and_a_new_reader_is_made(db: None) -> None:
    for interests in ("sleep", ""):
        brief._reader("Ada@example.org", interests, save=True)

    assert Reader.objects.values_list("email", "interests", "status").get() == ("ada@example.org", "sleep", "active")


@pytest.mark.parametrize(
    "bad", ["x@exa mple.org", "a@b", "bad@example.org\nBcc: z", "nobody", "Ada <ada@example.org>", '"a b"@c.org']
)
def test_what_is_no_address_is_refused_on_one_line_before_anything_is_stored(db: None, bad: str) -> None:
    with pytest.raises(UsageError, match="is no mail address") as caught:
        brief._reader(bad, "sleep", save=True)

    with pytest.raises(ValidationError):
        Reader.objects.create_user(bad)
    assert "\n" not in str(caught.value)
    assert not Reader.objects.exists()


@pytest.fixture
def two_mails(db: None, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """Ada's brief, just made; Bob's mail, in trouble since yesterday."""
    briefs = [
        Brief.objects.create(reader=Reader.objects.create_user(f"{name}@example.org", status="active"), day=day)
        for name, day in [("ada", date(2026, 11, 24)), ("bob", date(2026, 11, 23))]
    ]
    Delivery.objects.create(brief=briefs[1], channel="smtp", error="cannot reach the mail server")
    monkeypatch.setattr(brief, "boot", lambda: None)
    monkeypatch.setattr(brief, "brief_of_today", lambda reader: briefs[0])
    return Delivery.objects.create(brief=briefs[0], channel="outbox")


def test_a_reader_hears_nothing_of_another_readers_mail(
    two_mails: Delivery, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.OUTBOX = tmp_path
    brief.run(to="ada@example.org")

    told = capsys.readouterr().err
    assert told.startswith(f"mail for ada@example.org in {tmp_path}")
    assert len(told.splitlines()) == 1


def test_a_dead_mail_server_is_told_once_and_is_a_failure(
    two_mails: Delivery,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    with pytest.raises(typer.Exit) as left:
        brief.run(to="ada@example.org")

    assert left.value.exit_code == 1
    assert (capsys.readouterr().err + caplog.text).count("cannot reach the mail server") == 1


def test_a_mail_bound_for_a_server_that_this_process_does_not_know_waits(
    two_mails: Delivery, capsys: pytest.CaptureFixture[str]
) -> None:
    Delivery.objects.update(channel="smtp", error="")
    brief.run(to="ada@example.org")

    assert "it waits for a process that knows the mail server" in capsys.readouterr().err
    assert set(Delivery.objects.values_list("status", flat=True)) == {"waiting"}


def test_complaints_name_the_kind_of_mail_and_no_address(two_mails: Delivery) -> None:
    assert complaints() == ["mail of a brief of 2026-11-23: cannot reach the mail server"]


def test_explain_shows_the_numbers_and_the_next_and_changes_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(brief, "boot", lambda: None)
    monkeypatch.setattr(brief, "say", Console(stderr=True, highlight=False, width=80))
    for number, vector in enumerate(np.eye(384)[:8]):
        podcast = Podcast.objects.create(feed_url=f"https://feeds.example/{number}")
        episode = Episode.objects.create(podcast=podcast, guid="1", title="One", published_at=timezone.now())
        words = {"headline": f"[/red] [music] {number}", "text": "Text.", "quote": "q", "kind": "data"}
        Insight.objects.create(episode=episode, position=1, score=0.9, vector=vector.tolist(), **words)
    Reader.objects.create_user("ada@example.org", interests="sleep")
    for address in ("ada@example.org", "new@example.org"):
        brief.run(to=address, explain=True)
        told = capsys.readouterr().err
        assert all(f"[/red] [music] {number}" in told for number in range(8))
        assert {"score", "chance", "strength"} <= set(re.findall(r"\w+", told))
        assert max(map(len, told.splitlines())) <= 80
    assert Reader.objects.values_list("email", "status").get() == ("ada@example.org", "pending")
    assert not Brief.objects.exists()


def test_explain_tells_the_numbers_of_a_brief_that_was_made_already(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(brief, "boot", lambda: None)
    podcast = Podcast.objects.create(feed_url="https://feeds.example/1")
    episode = Episode.objects.create(podcast=podcast, guid="1", title="One", published_at=timezone.now())
    words = {"headline": "Sent", "text": "Text.", "quote": "q", "kind": "data"}
    row = Insight.objects.create(episode=episode, position=1, score=0.9, **words)
    made = Brief.objects.create(reader=Reader.objects.create_user("ada@example.org"), day=timezone.localdate())
    made.items.create(insight=row, rank=1, score=0.61, propensity=0.25, reason="", parts={"strength": 0.61})
    brief.run(to="ada@example.org", explain=True)
    told = capsys.readouterr().err
    assert "1. Sent" in told
    assert {"0.61", "0.25"} <= set(told.split())
