"""Topics and people: every name leads to the one page, counts are pictures and numbers, nothing private, a click follows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree, html

from takefive.accounts.models import Reader
from takefive.accounts.wishes import document_of
from takefive.store import entities, spoken
from takefive.store.models import Entity, Insight, Podcast

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Trends are counted anew."""
    spoken._spoken.cache_clear()
    yield
    spoken._spoken.cache_clear()


@pytest.fixture
def shows(a_podcast: Make, an_episode: Make, an_insight: Make) -> list[Podcast]:
    """Three shows on databases and caches, and a private one."""
    podcasts = [a_podcast(title=f"Show {n}") for n in range(3)]
    for n, podcast in enumerate(podcasts):
        episode = an_episode(podcast=podcast, published_at=datetime(2026, 1 + n, 3, tzinfo=UTC))
        for topics in (["Postgres", "caches"], ["PostgreSQL"], ["PostgreSQL", "<b>bold</b>"]):
            an_insight(episode=episode, topics=topics, speaker="Ada Night", headline=f"{podcast.title} {topics[0]}")
    secret = an_episode(podcast=a_podcast(title="zeppelin", private=True))
    an_insight(episode=secret, topics=["PostgreSQL", "zeppelin"], speaker="Zoe zeppelin")
    entities.rebuild()
    return podcasts


def links(page: bytes, start: str) -> list[str]:
    return [href for href in html.fromstring(page).xpath("//main//a/@href") if href.startswith(start)]


def test_every_way_to_write_a_topic_leads_to_its_one_page(shows: list[Podcast], client: Client) -> None:
    answer = client.get("/topic/postgresql/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "9 insights on 3 shows" in text
    assert "Also said as Postgres" in text
    assert "zeppelin" not in text
    for other in ("postgres", "Postgres", "postgre-sql", "PostgreSQL"):
        moved = client.get(f"/topic/{other}/")
        assert (moved.status_code, moved["Location"]) == (301, "/topic/postgresql/"), other
    assert client.get("/topic/postgresql/").status_code == 200


def test_a_merged_topic_keeps_its_old_address(shows: list[Podcast], client: Client) -> None:
    entities.merge(Entity.objects.get(key="cache"), Entity.objects.get(key="postgresql"))
    assert client.get("/topic/cache/")["Location"] == "/topic/postgresql/"


def test_a_topic_shows_who_speaks_of_it_where_and_beside_what(shows: list[Podcast], client: Client) -> None:
    page = client.get("/topic/postgresql/").content
    assert "/person/ada-night/" in links(page, "/person/")
    assert "/topic/cache/" in links(page, "/topic/")
    assert {f"/p/{show.public_id}/" for show in shows} <= set(links(page, "/p/"))


def test_a_point_that_several_make_is_listed_once(an_insight: Make, an_episode: Make, client: Client) -> None:
    elsewhere = an_insight(headline="Naps help", topics=["naps"], score=0.9)
    for n in range(3):
        an_insight(episode=an_episode(), headline=f"Sleep, said {n}", score=n / 10, same_as=elsewhere)
    best = an_insight(headline="Surgeons need sleep", score=0.1)
    an_insight(episode=an_episode(), headline="Surgeons need it too", score=0.8, same_as=best)
    entities.rebuild()
    for by in ("newest", "best", "first"):
        page = html.fromstring(client.get(f"/topic/sleep/?by={by}").content)
        assert sorted(page.xpath("//h3/a/text()")) == ["Sleep, said 2", "Surgeons need sleep"], by
    told = [item["title"] for item in client.get("/topic/sleep/feed.json").json()["items"]]
    assert sorted(told) == ["Sleep, said 2", "Surgeons need sleep"]
    assert client.get("/topic/sleep/feed.atom").content.count(b"<entry>") == 2


def test_orders_are_kept_on_later_pages(an_insight: Make, an_episode: Make, client: Client) -> None:
    for n in range(25):
        an_insight(episode=an_episode(), headline=f"Said {n}", score=n / 25)
    entities.rebuild()
    best = html.fromstring(client.get("/topic/sleep/?by=best").content).xpath("//h3/a/text()")
    assert best[0] == "Said 24"
    second = client.get("/topic/sleep/?by=best&page=2").content
    assert html.fromstring(second).xpath("//h3/a/text()")[-1] == "Said 0"
    assert "?by=best&page=1" in links(second, "?")
    assert client.get("/topic/sleep/?by=nonsense&page=nonsense").status_code == 200


def test_a_chart_is_also_told_in_numbers(shows: list[Podcast], client: Client) -> None:
    page = html.fromstring(client.get("/person/ada-night/").content)
    (picture,) = page.xpath("//figure/*[@role='img']")
    for id_ in picture.get("aria-labelledby").split():
        assert page.get_element_by_id(id_).text
    cells = page.xpath("//details[@class='numbers']//tbody/tr")
    assert [row.xpath("string(th)") for row in cells] == ["January 2026", "February 2026", "March 2026"]
    assert [row.xpath("string(td)") for row in cells] == ["3", "3", "3"]


def test_what_podcasts_call_things_becomes_no_markup(shows: list[Podcast], client: Client) -> None:
    for address in ("/topics/?q=bold", "/topic/b-bold-b/", "/topic/b-bold-b/feed.atom"):
        assert "<b>bold</b>" not in client.get(address).content.decode(), address


def test_topics_stand_out_when_several_shows_take_them_up(
    an_episode: Make, an_insight: Make, a_podcast: Make, client: Client
) -> None:
    now, podcasts = timezone.now(), [a_podcast(title=f"Show {n}") for n in range(4)]
    for week in range(12):
        for podcast in podcasts:
            episode = an_episode(podcast=podcast, published_at=now - timedelta(weeks=week, days=1))
            an_insight(episode=episode, topics=["sleep", "surgery"] if week else ["sleep", "robots"])
    entities.rebuild()
    page = client.get("/topics/").content.decode()
    trends = html.fromstring(page).xpath("//section[@class='trends']//h3//text()")
    assert trends == ["robots"]
    assert "4 episodes on 4 shows" in page
    assert "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4" in page
    Podcast.objects.update(private=True)
    assert "robots" not in client.get("/topics/").content.decode()


def test_lists_go_by_letter_and_by_words(shows: list[Podcast], client: Client) -> None:
    assert links(client.get("/topics/?letter=p").content, "/topic/") == ["/topic/postgresql/"]
    assert links(client.get("/topics/?q=gres").content, "/topic/") == ["/topic/postgresql/"]
    assert links(client.get("/people/?q=Nígh").content, "/person/") == ["/person/ada-night/"]
    assert "No topic has these words" in client.get("/topics/?q=%22%3Cnothing").content.decode()
    for odd in ("?page=99999", "?page=x", "?letter=%00", "?q=%00%25", "?letter=%C3%9F"):
        assert client.get(f"/topics/{odd}").status_code == 200, odd
        assert client.get(f"/people/{odd}").status_code == 200, odd


def test_namesakes_are_told_apart(an_episode: Make, an_insight: Make, client: Client) -> None:
    for n in range(2):
        persons = [{"name": "Ada Night", "href": f"https://x.com/ada{n}"}]
        an_insight(episode=an_episode(persons=persons))
    entities.rebuild()
    answer = client.get("/person/ada-night/")
    assert "Several people are called Ada Night" in answer.content.decode()
    found = set(links(answer.content, "/person/"))
    assert len(found) == 2
    assert all(client.get(address).status_code == 200 for address in found)


def test_insights_lead_to_their_topics_and_their_speaker(
    an_insight: Make, client: Client, django_assert_max_num_queries: Any
) -> None:
    one = an_insight(topics=["LLMs", "Open-Source"])
    nobody = an_insight(speaker="Speaker 1")
    entities.rebuild()
    page = client.get(f"/i/{one.public_id}/").content
    for address in [*links(page, "/topic/"), *links(page, "/person/")]:
        assert client.get(address).status_code == 200, address
    assert links(page, "/topic/") == ["/topic/large-language-model/", "/topic/open-source/"]
    assert links(client.get(f"/i/{nobody.public_id}/").content, "/person/") == []
    first_name = an_insight(speaker="Ada")
    entities.rebuild()
    (address,) = links(client.get(f"/i/{first_name.public_id}/").content, "/person/")
    assert client.get(address).status_code == 200


def test_both_feeds_have_the_newest_insights_and_can_be_asked_again(shows: list[Podcast], client: Client) -> None:
    atom = client.get("/topic/postgresql/feed.atom")
    entries = etree.fromstring(atom.content).findall("{http://www.w3.org/2005/Atom}entry")
    feed = json.loads(client.get("/person/ada-night/feed.json").content)
    assert len(entries) == len(feed["items"]) == 9
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["id"] for item in feed["items"]} == {entry[1].get("href") for entry in entries} or entries
    again = client.get(
        "/person/ada-night/feed.json", headers={"if-none-match": client.get("/person/ada-night/feed.json")["ETag"]}
    )
    assert again.status_code == 304
    assert client.get("/topic/nothing/feed.atom").status_code == 404
    assert client.get("/person/nobody/feed.json").status_code == 404


def test_what_is_hidden_has_no_page(shows: list[Podcast], client: Client) -> None:
    for address in ("/topic/zeppelin/", "/person/zoe-zeppelin/", "/topic/zeppelin/feed.atom"):
        assert client.get(address).status_code == 404, address
    for address in ("/topics/?q=zeppelin", "/people/?q=zeppelin"):
        assert links(client.get(address).content, "/topic/") + links(client.get(address).content, "/person/") == []


def test_one_click_follows_a_topic_however_it_is_written_and_one_takes_it_back(
    shows: list[Podcast], client: Client
) -> None:
    reader = Reader.objects.create_user("ada@example.org", status="active")
    reader.wishes = {"mute_topics": ["Postgres"], "follow_people": ["someone"]}
    reader.save()
    client.force_login(reader)
    client.post("/topic/postgresql/follow/", {"do": "follow"})
    reader.refresh_from_db()
    assert document_of(reader).follow_topics == ("PostgreSQL",)
    assert document_of(reader).mute_topics == ()
    page = client.get("/topic/postgresql/follow/").content.decode()
    assert "You follow PostgreSQL." in page
    assert re.search(r'value="undo" aria-pressed="true">Undo: Follow', page)
    client.post("/person/ada-night/follow/", {"do": "mute"})
    client.post("/topic/postgresql/follow/", {"do": "undo"})
    reader.refresh_from_db()
    assert document_of(reader).follow_topics == ()
    assert document_of(reader).mute_people == ("Ada Night",)
    assert document_of(reader).follow_people == ("someone",)


def test_following_asks_strangers_to_sign_in(shows: list[Podcast]) -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.1", enforce_csrf_checks=True)
    assert stranger.get("/topic/postgresql/follow/")["Location"] == "/sign-in/"


def test_a_long_list_asks_no_more_than_a_short_one(shows: list[Podcast], client: Client, an_insight: Make) -> None:
    with CaptureQueriesContext(connection) as few:
        client.get("/topic/postgresql/")
    for _ in range(10):
        an_insight(topics=["Postgres", "more", "and more"], speaker="Some One")
    entities.rebuild()
    with CaptureQueriesContext(connection) as many:
        client.get("/topic/postgresql/")
    assert len(many) == len(few) <= 12
    assert Insight.objects.count() == 20


def test_search_engines_find_topics_and_people_but_nothing_hidden(shows: list[Podcast], client: Client) -> None:
    listed = client.get("/sitemap-0.xml").content.decode()
    assert "/topic/postgresql/</loc>" in listed
    assert "/person/ada-night/</loc>" in listed
    assert "zeppelin" not in listed
