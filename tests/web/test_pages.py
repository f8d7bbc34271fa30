"""Every page: it shows what it should, nothing private, escapes everything, asks the database little."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from takefive.store.models import Insight, Podcast, Relation

Make = Callable[..., Any]


PAGES = ["home", "brief", "insight", "episode", "podcast", "search", "json", "feed", "podcast-feed"]
PAGES += ["sitemap", "sitemap-shows", "sitemap-insights", "about", "proof", "thanks", "robots", "healthz"]
PAGES += ["topics", "people", "topic", "person", "topic-feed", "person-feed"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_shows_nothing_private_and_asks_little(
    page: str, addresses: dict[str, str], client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(
        12 if page in ("search", "json") else 9
    ):  # a search asks the planner, looks for slips
        answer = client.get(addresses[page])
    assert answer.status_code == 200
    assert "zeppelin" not in answer.content.decode()
    assert answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "page", ["home", "insight", "episode", "podcast", "feed", "search", "topic", "person", "topics"]
)
def test_more_rows_ask_no_more_queries(
    page: str, library: Insight, addresses: dict[str, str], client: Client, an_insight: Make
) -> None:
    client.get(addresses[page])
    with CaptureQueriesContext(connection) as few:
        client.get(addresses[page])
    for n in range(5):
        an_insight(episode=library.episode, headline=f"Sleep once more {n}")
        an_insight(headline=f"Sleep elsewhere {n}", score=0.9, same_as=library)
    with CaptureQueriesContext(connection) as many:
        client.get(addresses[page])
    assert len(many) == len(few)


def test_what_turns_private_has_no_page(addresses: dict[str, str], client: Client) -> None:
    Podcast.objects.update(private=True)
    for page in ("insight", "episode", "podcast", "podcast-feed"):
        assert client.get(addresses[page]).status_code == 404, page


def test_what_is_not_there_is_said_in_our_own_face(client: Client, db: None) -> None:
    for address in ("/i/nothinghere/", "/e/nothinghere/", "/p/nothinghere/", "/p/x/feed.atom", "/nope"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "There is nothing here" in answer.content.decode()


def test_a_fault_of_ours_is_said_in_our_own_face(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("deliberate")

    monkeypatch.setattr("takefive.store.shown.points", fail)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "deliberate" not in answer.content.decode()


def test_pages_are_only_for_reading(addresses: dict[str, str], client: Client) -> None:
    for page, address in addresses.items():
        assert client.post(address).status_code == 405, page
        assert client.head(address).status_code == 200, page


def test_what_is_made_for_one_visitor_is_kept_by_nobody(addresses: dict[str, str], client: Client) -> None:
    for page in ("home", "brief", "healthz"):
        kept = client.get(addresses[page])["Cache-Control"]
        assert "no-store" in kept, page
        assert "private" in kept, page


def test_what_is_the_same_for_all_may_be_kept_and_sets_no_cookie(addresses: dict[str, str], client: Client) -> None:
    for page in ("insight", "episode", "podcast", "search", "feed", "about", "sitemap"):
        answer = client.get(addresses[page])
        assert "public" in answer["Cache-Control"], page
        assert not answer.cookies, page
        assert "Cookie" not in answer.get("Vary", ""), page


def test_no_address_is_made_from_the_host_header(addresses: dict[str, str], client: Client) -> None:
    for page, address in addresses.items():
        assert client.get(address, headers={"host": "evil.example"}).status_code == 400, page
        answer = client.get(address, headers={"host": "localhost", "x-forwarded-host": "evil.example"})
        assert b"evil.example" not in answer.content, page
        assert b"//localhost" not in answer.content, page


def test_an_insight_shows_its_proof_and_plays_from_its_second(
    addresses: dict[str, str], library: Insight, client: Client
) -> None:
    page = client.get(addresses["insight"]).content.decode()
    for shown in ("Sleep is when surgeons learn", library.text, library.quote, "Ada Night", "3 May 2022", "at 23:41"):
        assert shown in page
    assert 'preload="none" src="https://audio.example/sleep.mp3#t=1421.3"' in page
    assert "Play from 23:41" in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/i/{library.public_id}/">' in page


def test_a_text_that_only_repeats_the_quote_is_not_shown_beside_it(library: Insight, client: Client) -> None:
    library.text = library.quote.replace("you are ", "")
    library.save()
    page = client.get(f"/i/{library.public_id}/").content.decode()
    assert 'class="lead"' not in page
    assert library.quote in page


def test_an_insight_shows_who_else_says_it_what_is_related_and_its_neighbours(
    addresses: dict[str, str], client: Client
) -> None:
    page = client.get(addresses["insight"]).content.decode()
    assert "Also said on 1 show" in page
    assert "Another Voice" in page
    assert page.count("Related number") == page.count("Also on sleep") == 10
    assert page.index("Related number 0") < page.index("Related number 9")
    assert re.search(r'rel="prev".*The earlier one.*rel="next".*The later one', page, re.DOTALL)


def test_a_linked_same_point_is_another_voice_and_not_related_as_well(an_insight: Make, client: Client) -> None:
    one, other = an_insight(), an_insight(headline="Said elsewhere")
    Relation.objects.create(source=one, target=other, kind="same point", score=0.9, rank=1)
    page = client.get(f"/i/{one.public_id}/").content.decode()
    assert "Also said on 1 show" in page
    assert page.count("Said elsewhere") == 1


def test_an_insight_without_time_speaker_or_audio_is_shown_without_them(
    an_insight: Make, an_episode: Make, client: Client
) -> None:
    bare = an_insight(episode=an_episode(audio_url="", published_at=None), speaker="", start=None, end=None, topics=[])
    page = client.get(f"/i/{bare.public_id}/").content.decode()
    assert bare.quote in page
    assert "<audio" not in page
    assert " at " not in page.split('class="source"')[1].split("</figcaption>")[0]


def test_machines_can_read_an_insight(addresses: dict[str, str], library: Insight, client: Client) -> None:
    page = client.get(addresses["insight"]).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert data["headline"] == library.headline
    assert data["citation"]["text"] == library.quote
    assert data["citation"]["isPartOf"]["startOffset"] == 1421.3


def test_an_episode_lists_its_insights_as_they_were_said(addresses: dict[str, str], client: Client) -> None:
    page = client.get(addresses["episode"]).content.decode()
    assert page.index("The earlier one") < page.index("Sleep is when surgeons learn") < page.index("The later one")
    assert "A talk &amp; a half" in page
    assert "1:02:05 long" in page


def test_an_episode_has_its_chapters_as_jump_marks(an_episode: Make, an_insight: Make, client: Client) -> None:
    chapters = [{"start": 0.0, "title": "Hello"}, {"start": 3661.5, "title": "<b>Sleep</b> & work"}]
    episode = an_episode(chapters=chapters, audio_url="https://audio.example/sleep.mp3#t=5")
    an_insight(episode=episode)
    silent = an_episode(chapters=chapters, audio_url="javascript:alert(1)")
    an_insight(episode=silent)

    page = client.get(f"/e/{episode.public_id}/").content.decode()
    without = client.get(f"/e/{silent.public_id}/").content.decode()

    assert '<a href="https://audio.example/sleep.mp3#t=3661.5" rel="noreferrer nofollow">Sleep &amp; work</a>' in page
    assert "1:01:01" in page
    assert "Its chapters" in without
    assert "javascript:" not in without


def test_a_podcast_lists_its_episodes_that_were_read(
    a_podcast: Make, an_episode: Make, an_insight: Make, client: Client
) -> None:
    podcast = a_podcast()
    an_insight(episode=an_episode(podcast=podcast, title="Read"))
    an_episode(podcast=podcast, title="Unread")
    page = client.get(f"/p/{podcast.public_id}/").content.decode()
    assert "Read" in page
    assert "Unread" not in page


def test_a_page_number_out_of_this_world_is_no_fault(addresses: dict[str, str], client: Client) -> None:
    for number in ("-1", "0", "1e9", "999999999999999", "9" * 5000, "٣", "x", "", "1;drop"):
        for page in ("podcast", "search"):
            address = addresses[page].split("?")[0]
            assert client.get(address, {"page": number, "q": "sleep"}).status_code == 200, (page, number)


def test_home_says_what_it_is_when_nothing_has_been_read_yet(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert "Takefive reads the world’s new podcasts" in page
    assert "Nothing has been read yet" in page


def test_the_brief_shows_its_reasons_in_order(addresses: dict[str, str], client: Client) -> None:
    page = client.get(addresses["brief"]).content.decode()
    assert page.index("Sleep is when surgeons learn") < page.index("Related number 0") < page.index("Related number 2")
    assert page.count("You asked for sleep") == 4


def test_the_five_show_the_whole_quote_and_never_the_same_words_twice(an_insight: Make, client: Client) -> None:
    quote = "They bought the whole chain of hotels, all of it, " * 5 + "to the tune of $100 billion."
    an_insight(text=quote, quote=quote)
    for address in ("/", "/brief/"):
        assert client.get(address).content.decode().count("to the tune of $100 billion.") == 1


def test_a_visitor_who_is_not_signed_in_reads_todays_brief(addresses: dict[str, str], client: Client) -> None:
    page = client.get("/brief/").content.decode()
    assert "Today’s brief" in page
    assert "Your brief" not in page
