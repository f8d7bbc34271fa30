from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.store.models import Feedback, Insight, Podcast

Make = Callable[..., Any]


@pytest.fixture
def ada(db: None, client: Client, settings: Settings) -> Reader:
    settings.SITE_URL = "https://takefive.example"
    reader = Reader.objects.create_user("ada@example.org", status="active")
    client.force_login(reader)
    return reader


def save(reader: Reader, insight: Insight, **fields: Any) -> None:
    Feedback.objects.create(reader=reader, insight=insight, kind="save", **fields)


def test_what_was_saved_stands_there_the_latest_first(ada: Reader, an_insight: Make, client: Client) -> None:
    bob = Reader.objects.create_user("bob@example.org")
    for headline in ("First saved", "Then saved"):
        save(ada, an_insight(headline=headline))
    save(ada, an_insight(headline="Taken back"), undone_at=timezone.now())
    save(bob, an_insight(headline="Of somebody else"))
    page = client.get("/saved/").content.decode()
    assert page.index("Then saved") < page.index("First saved")
    assert "2 insights" in page
    assert "Taken back" not in page
    assert "Of somebody else" not in page
    assert page.count('value="undo save"') == 2


def test_nothing_of_a_show_that_turned_private_stays_there(ada: Reader, an_insight: Make, client: Client) -> None:
    save(ada, an_insight(headline="Once public"))
    Podcast.objects.update(private=True)
    for path in ("/saved/", "/saved.md"):
        assert "Once public" not in client.get(path).content.decode()


def test_the_markdown_has_the_proof_and_obeys_nothing_that_was_said(
    ada: Reader, an_insight: Make, client: Client
) -> None:
    insight = an_insight(headline="# [Sleep](https://evil.example)\n", quote="*One* <b>night</b>")
    save(ada, insight)
    answer = client.get("/saved.md")
    assert answer["Content-Type"].startswith("text/markdown")
    assert answer.content.decode().splitlines()[2:10:2] == [
        r"## \# \[Sleep\](https://evil.example)",
        insight.text,
        r"> “\*One\* \<b\>night\</b\>”",
        "— Ada Night, Slow Talk, On sleep, 3 May 2022, at 23:41",
    ]
    assert f"<https://takefive.example/i/{insight.public_id}/>" in answer.content.decode()


def test_only_who_saved_sees_it(ada: Reader) -> None:
    for path in ("/saved/", "/saved.md"):
        assert Client().get(path)["Location"] == "/sign-in/"
