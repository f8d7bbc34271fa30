"""Opening an insight teaches something only to who asked for that, by clicks on our own page, until they end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.profile import dumps, loads
from takefive.pipeline.tastes import history
from takefive.store.models import Brief, BriefItem, Insight

Make = Callable[..., Any]
CLICK = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active", wishes={"openings": True})


@pytest.fixture
def rows(an_insight: Make, ada: Reader) -> list[Insight]:
    rows = [an_insight(headline=f"Point {n}", vector=[1.0] + [0.0] * 383) for n in range(2)]
    brief = Brief.objects.create(reader=ada, day=timezone.localdate())
    for rank, row in enumerate(rows, 1):
        BriefItem.objects.create(brief=brief, insight=row, rank=rank, score=1)
    return rows


def path(insight: Insight) -> str:
    return f"/i/{insight.public_id}/open/"


def learnt(reader: Reader) -> list[tuple[str, int]]:
    return [(told.signal, told.insight) for told in history(Reader.objects.get(pk=reader.pk))]


def test_a_click_on_the_page_of_the_brief_counts_once_and_shows_the_insight(
    client: Client, ada: Reader, rows: list[Insight]
) -> None:
    client.force_login(ada)
    assert path(rows[0]) in client.get("/brief/").content.decode()
    for _ in range(2):
        answer = client.get(path(rows[0]), headers=CLICK)
        assert (answer.status_code, answer["Location"]) == (302, f"/i/{rows[0].public_id}/")
        assert "no-store" in answer["Cache-Control"]
    assert learnt(ada) == [("skip", rows[1].pk), ("open", rows[0].pk)]


def test_who_did_not_ask_for_it_is_not_watched(client: Client, ada: Reader, rows: list[Insight]) -> None:
    change(ada.pk, lambda document: loads(dumps(document).replace("openings = true", "openings = false")))
    client.force_login(ada)
    assert "/open/" not in client.get("/brief/").content.decode()
    assert client.get(path(rows[0]), headers=CLICK).status_code == 302
    assert not rows[0].feedback.exists()


def test_what_ends_it_takes_back_what_was_noted(client: Client, ada: Reader, rows: list[Insight]) -> None:
    client.force_login(ada)
    client.get(path(rows[0]), headers=CLICK)
    assert learnt(ada)
    client.post("/profile/", {"do": "keep", "openings": "no"})
    assert not document_of(Reader.objects.get()).openings
    assert learnt(ada) == []


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, CLICK | {"Sec-Purpose": "prefetch"}]
)
def test_what_no_click_on_our_page_opened_counts_nothing(
    headers: dict[str, str], client: Client, ada: Reader, rows: list[Insight]
) -> None:
    client.force_login(ada)
    client.get(path(rows[0]), headers=headers)
    client.head(path(rows[0]), headers=CLICK)
    Client().get(path(rows[0]), headers=CLICK | {"X-Forwarded-For": "203.0.113.9"})
    assert learnt(ada) == []


def test_what_was_never_sent_to_the_reader_counts_nothing(client: Client, ada: Reader, an_insight: Make) -> None:
    client.force_login(ada)
    client.get(path(an_insight()), headers=CLICK)
    assert learnt(ada) == []
