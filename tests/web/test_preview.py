"""Before any address is given: last week's five by a sentence, three shows or a list of subscriptions; then it is carried along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from letters import Mailbox
from takefive.accounts.models import Challenge, Reader
from takefive.feeds.opml import OpmlFeed, write_opml
from takefive.relations.embed import default_embedder
from takefive.store.models import Podcast

Make = Callable[..., Any]
SAID = {
    "On databases": "A database that keeps its index in memory answers queries faster than one that reads it from disk.",
    "On sleep": "A surgeon who sleeps five hours a night works slower and makes more mistakes the next morning.",
    "On bread": "Sourdough bread rises slower in winter because the yeast in the kitchen is cold.",
}


@pytest.fixture
def shows(a_podcast: Make, an_episode: Make, an_insight: Make) -> dict[str, Podcast]:
    """Three shows with one insight each, found today."""
    made = {}
    for title, text in SAID.items():
        podcast = made[title] = a_podcast(title=title)
        vector = default_embedder().encode([text])[0].tolist()
        an_insight(
            episode=an_episode(podcast=podcast), headline=f"{title}: {text[:30]}", text=text, vector=vector, topics=[]
        )
    return made


def opml(*urls: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("podcasts.opml", write_opml([OpmlFeed(url, "A title") for url in urls]))


def first_and_reason(page: str) -> tuple[str, str]:
    """Which show is first of the five, and why."""
    five = page[page.index('<ol class="five">') :]
    first = min(SAID, key=five.index)
    return first, five.split('class="reason" lang="en">')[1].split("<")[0]


def nothing_told_is_kept() -> bool:
    """All that is stored is that some network asked, for the rates."""
    return all(
        (row.email, row.interests, row.wishes, row.status) == ("", "", {}, "dropped") for row in Challenge.objects.all()
    )


def test_a_sentence_is_enough(client: Client, shows: dict[str, Podcast]) -> None:
    page = client.post("/preview/", {"interests": "how databases answer queries; not bread"}).content.decode()
    assert first_and_reason(page) == ("On databases", "Close to “how databases answer queries”")
    assert 'value="how databases answer queries; not bread"' in page
    assert not Reader.objects.exists()
    assert nothing_told_is_kept()


def test_shows_are_enough_by_title_address_or_list(client: Client, shows: dict[str, Podcast]) -> None:
    address = shows["On sleep"].feed_url
    for told in (
        {"show": ["ON SLEEP", "", ""]},
        {"show": ["", address, "Never heard of it"]},
        {"show": ["On\0 sleep", "", ""]},
        {"opml": opml(address, "https://secret.example/feed?token=okapi")},
        {"known": shows["On sleep"].public_id},
    ):
        page = client.post("/preview/", told).content.decode()
        assert first_and_reason(page) == ("On sleep", "You follow On sleep")
        assert f'name="known" value="{shows["On sleep"].public_id} "' in page
        assert "okapi" not in page
        assert ("Not read here yet: Never heard of it." in page) == ("show" in told and "Never" in told["show"][2])
        assert ("Of 2 shows in your list, 1 are read here." in page) == ("opml" in told)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"opml": SimpleUploadedFile("a.opml", b"\0\1\2")}, 'id="opml-error"'),
        ({"opml": SimpleUploadedFile("a.opml", b"<opml/>" + b" " * 2_000_001)}, "longer than any list"),
        ({"interests": "x" * 501}, "Show me last week"),
    ],
)
def test_what_cannot_be_read_is_said_and_shows_the_form_again(
    told: dict[str, Any], line: str, client: Client, db: None
) -> None:
    answer = client.post("/preview/", told)
    assert answer.status_code == 422
    assert line in answer.content.decode()


def test_nothing_told_shows_the_strongest_and_says_so(client: Client, shows: dict[str, Podcast]) -> None:
    assert "the strongest of the week for anyone" in client.post("/preview/", {}).content.decode()


def test_private_shows_are_neither_found_nor_told_of(client: Client, shows: dict[str, Podcast]) -> None:
    secret = shows["On sleep"]
    Podcast.objects.filter(pk=secret.pk).update(private=True)
    page = client.post("/preview/", {"show": ["On sleep", secret.feed_url], "known": secret.public_id}).content.decode()
    assert "You follow" not in page
    assert SAID["On sleep"] not in page


def test_what_was_told_is_carried_along_to_the_account(
    client: Client, shows: dict[str, Podcast], mailbox: Mailbox
) -> None:
    told = {
        "interests": "whales",
        "known": shows["On sleep"].public_id,
        "show": ["On bread"],
        "email": "ada@example.org",
    }
    client.post("/sign-up/", told)
    client.post("/confirm/", {"code": mailbox.only().code})
    reader = Reader.objects.get()
    followed = [shows["On sleep"].feed_url, shows["On bread"].feed_url]
    assert (reader.status, reader.interests, reader.wishes) == ("active", "whales", {"follow_podcasts": followed})


def test_the_answer_says_nothing_of_an_address_and_nobody_keeps_it(client: Client, shows: dict[str, Podcast]) -> None:
    answer = client.post("/preview/", {"interests": "sleep", "email": "ada@example.org"})
    assert "no-store" in answer["Cache-Control"]
    assert nothing_told_is_kept()
    assert client.get("/preview/")["Location"] == "/"
    assert Client(enforce_csrf_checks=True).post("/preview/", {"interests": "sleep"}).status_code == 403


def test_a_network_sees_so_many_an_hour_and_may_still_sign_up(
    client: Client, shows: dict[str, Podcast], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.accounts.challenges.PREVIEWS_AN_HOUR", 2)

    def see(network: str = "192.0.2.1") -> int:
        return client.post("/preview/", {"interests": "sleep"}, REMOTE_ADDR=network).status_code

    assert [see(), see(), see()] == [200, 200, 429]
    assert see("192.0.2.2") == 200
    assert client.post("/sign-up/", {"email": "ada@example.org"}, REMOTE_ADDR="192.0.2.1").status_code == 302
    Challenge.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    assert see() == 200


def test_all_networks_together_cost_no_more_than_a_bound(
    client: Client, shows: dict[str, Podcast], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.accounts.challenges.PREVIEWS_OVER_ALL", 3)
    seen = [client.post("/preview/", {"interests": "sleep"}, REMOTE_ADDR=f"192.0.2.{n}") for n in range(5)]
    assert [answer.status_code for answer in seen] == [200, 200, 200, 429, 429]
