from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from takefive.store.vocabulary import learn

Make = Callable[..., Any]
SECRET = "zeppelin"


def headlines(client: Client, **asked: str) -> list[str]:
    return [hit["headline"] for hit in client.get("/search/", {**asked, "format": "json"}).json()["hits"]]


@pytest.fixture
def two_shows(a_podcast: Make, an_episode: Make, an_insight: Make) -> None:
    for title, language, year, who in (("Slow Talk", "en", 2022, "Ada Night"), ("Schlafmützen", "de-AT", 2024, "Bo")):
        show = a_podcast(title=title, language=language)
        episode = an_episode(podcast=show, published_at=datetime(year, 5, 3, tzinfo=UTC))
        fields = {"speaker": who, "topics": [f"sleep {year}"], "kind": "data" if year == 2022 else "story"}
        an_insight(episode=episode, headline=f"Sleep of {year}", start=83.0, **fields)
    private = a_podcast(title="Slow Talk", private=True, language="en")
    an_insight(episode=an_episode(podcast=private), headline=f"Sleep and {SECRET}", speaker="Ada Night")


@pytest.mark.usefixtures("two_shows")
@pytest.mark.parametrize(
    "narrowed",
    [
        {"podcast": "slow talk"},
        {"person": "Ada Night"},
        {"topic": "sleep 2022"},
        {"kind": "data"},
        {"language": "en"},
        {"until": "2023-01-01"},
    ],
    ids=str,
)
def test_each_filter_works_on_the_page_and_for_machines(narrowed: dict[str, str], client: Client) -> None:
    assert headlines(client, q="sleep", **narrowed) == ["Sleep of 2022"]
    assert headlines(client, **narrowed) == ["Sleep of 2022"]
    page = client.get("/search/", {"q": "sleep", **narrowed}).content.decode()
    assert "of 2022" in page
    assert "of 2024" not in page
    assert '<details class="narrow" open>' in page
    assert SECRET not in page


@pytest.mark.usefixtures("two_shows")
def test_a_filter_of_nonsense_is_no_error(client: Client) -> None:
    assert set(headlines(client, q="sleep", since="yesterday", until="9999-12-31")) == {
        "Sleep of 2022",
        "Sleep of 2024",
    }
    assert headlines(client, q="sleep", since="9999-12-31") == []
    assert headlines(client, q="sleep", kind="\x00'", podcast="x" * 9999, person='"<b>') == []


@pytest.mark.usefixtures("two_shows")
def test_a_slip_is_corrected_and_can_be_insisted_on(client: Client) -> None:
    learn(["Sleep of"])
    page = client.get("/search/", {"q": "sleeep", "language": "de"}).content.decode()
    assert "Found for “sleep”" in page
    assert 'href="?q=sleeep&amp;language=de&amp;exactly=1"' in page
    assert "<mark>Sleep</mark> of 2024" in page
    insisted = client.get("/search/", {"q": "sleeep", "exactly": "1"}).content.decode()
    assert "Found for" not in insisted


@pytest.mark.usefixtures("two_shows")
def test_a_hit_starts_the_audio_at_its_second(client: Client) -> None:
    page = client.get("/search/", {"q": "sleep"}).content.decode()
    assert 'href="https://audio.example/sleep.mp3#t=83.0"' in page
    assert "Play from 1:23" in page


def test_pages_keep_the_filters(client: Client, an_episode: Make, an_insight: Make) -> None:
    episode = an_episode()
    for n in range(12):
        an_insight(episode=episode, headline=f"Sleep {n}", kind="data")
    page = client.get("/search/", {"q": "sleep", "kind": "data"}).content.decode()
    assert 'rel="next" href="?q=sleep&amp;kind=data&amp;page=2"' in page
    assert len(headlines(client, q="sleep", kind="data", page="2")) == 2
