from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.common.addresses import looks_private
from takefive.feeds.parse import parse_feed
from takefive.store import outlets
from takefive.store.models import Brief, BriefItem, Insight, Outlet, Podcast

Make = Callable[..., Any]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def ada(library: Insight) -> Reader:
    return Reader.objects.get(email="ada@example.org")


@pytest.fixture
def outlet(ada: Reader) -> Outlet:
    return outlets.open_(ada, Outlet.Kind.FEED)


def atom_of(outlet: Outlet) -> str:
    return f"/feed/{outlets.token(outlet)}/brief.atom"


def json_of(outlet: Outlet) -> str:
    return f"/feed/{outlets.token(outlet)}/brief.json"


def test_each_brief_is_an_entry_with_proof_and_play_links(outlet: Outlet, library: Insight, client: Client) -> None:
    (entry,) = ElementTree.fromstring(client.get(atom_of(outlet)).content).iter(f"{ATOM}entry")
    summary = entry.findtext(f"{ATOM}summary") or ""
    assert library.quote in summary
    assert 'href="https://audio.example/sleep.mp3#t=1421">Play from 23:41' in summary
    assert f"http://127.0.0.1:8000/i/{library.public_id}/" in summary
    assert library.headline in (entry.findtext(f"{ATOM}title") or "")


def test_the_json_feed_says_the_same_and_carries_the_data(outlet: Outlet, library: Insight, client: Client) -> None:
    feed = client.get(json_of(outlet)).json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (entry,) = feed["items"]
    item = entry["_takefive"]["items"][0]
    assert (item["quote"], item["speaker"], item["start"]) == (library.quote, library.speaker, 1421.3)
    assert library.quote in entry["content_html"]


def test_nothing_of_a_private_show_and_nothing_of_another_reader(
    outlet: Outlet, an_insight: Make, client: Client
) -> None:
    other = Brief.objects.create(reader=Reader.objects.create_user("bob@example.org"), day=date(2026, 1, 1))
    BriefItem.objects.create(brief=other, insight=an_insight(headline="Only Bob's"), rank=1, score=1, reason="")
    for address in (atom_of(outlet), json_of(outlet)):
        page = client.get(address).content.decode()
        assert "zeppelin" not in page
        assert "Only Bob" not in page
        assert "@example.org" not in page


def test_what_turned_private_since_is_gone(outlet: Outlet, library: Insight, client: Client) -> None:
    Podcast.objects.filter(pk=library.episode.podcast_id).update(private=True)
    assert library.quote not in client.get(atom_of(outlet)).content.decode()


def test_nobody_lists_it_nobody_in_between_keeps_it_and_no_referer_tells_of_it(outlet: Outlet, client: Client) -> None:
    for address in (atom_of(outlet), json_of(outlet)):
        answer = client.get(address)
        assert "private" in answer["Cache-Control"]
        assert "public" not in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies


def test_a_program_that_has_it_gets_nothing_again(outlet: Outlet, client: Client, an_insight: Make) -> None:
    first = client.get(atom_of(outlet))
    assert client.get(atom_of(outlet), headers={"if-none-match": first["ETag"]}).status_code == 304
    brief = Brief.objects.create(reader=outlet.reader, day=date(2030, 1, 1), created_at=timezone.now())
    BriefItem.objects.create(brief=brief, insight=an_insight(), rank=1, score=1, reason="")
    assert client.get(atom_of(outlet), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_new_address_closes_the_old_one_and_keeps_the_entries(outlet: Outlet, ada: Reader, client: Client) -> None:
    old = atom_of(outlet)
    before = [entry["id"] for entry in client.get(json_of(outlet)).json()["items"]]
    outlets.renew(ada, Outlet.Kind.FEED)
    outlet.refresh_from_db()
    assert client.get(old).status_code == 404
    assert [entry["id"] for entry in client.get(json_of(outlet)).json()["items"]] == before
    outlets.close(ada, Outlet.Kind.FEED)
    assert client.get(atom_of(outlet)).status_code == 404


def test_the_table_alone_opens_no_feed(outlet: Outlet, client: Client, settings: Settings) -> None:
    for forged in (outlet.key, f"{outlet.key}.", f"{outlet.key}.{'A' * 43}", atom_of(outlet).split("/")[2][:-1]):
        assert client.get(f"/feed/{forged}/brief.atom").status_code == 404
    address = atom_of(outlet)
    settings.SECRET_KEY = "another"
    assert client.get(address).status_code == 404


def test_the_address_is_taken_for_private_by_whoever_follows_it(outlet: Outlet) -> None:
    assert looks_private(f"https://takefive.example{atom_of(outlet)}")


def test_hostile_words_are_words_in_both(outlet: Outlet, an_insight: Make, client: Client) -> None:
    brief = Brief.objects.create(reader=outlet.reader, day=date(2030, 1, 1))
    hostile = an_insight(headline="</title><script>alert(1)</script>\x01\u202e", quote="]]><img src=x onerror=a()>")
    BriefItem.objects.create(brief=brief, insight=hostile, rank=1, score=1, reason="<b>")
    page = client.get(atom_of(outlet)).content
    summary = next(ElementTree.fromstring(page).iter(f"{ATOM}summary")).text or ""
    assert "<script" not in summary
    assert "<img" not in summary
    assert "<script" not in client.get(json_of(outlet)).json()["items"][0]["content_html"]


def test_our_own_parser_reads_it(outlet: Outlet, client: Client) -> None:
    feed = parse_feed(client.get(atom_of(outlet)).content, source="https://takefive.example/")
    assert feed.title == "Takefive: your brief"


def test_the_reader_opens_renews_and_closes_it_on_the_account_page(
    ada: Reader, client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://takefive.example"
    client.force_login(ada)
    assert "brief.atom" not in client.get("/account/").content.decode()
    client.post("/account/channels/feed/", {"do": "open"})
    first = outlets.token(ada.outlets.get())
    assert f"https://takefive.example/feed/{first}/brief.atom" in client.get("/account/").content.decode()
    client.post("/account/channels/feed/", {"do": "renew"})
    assert outlets.token(ada.outlets.get()) != first
    client.post("/account/channels/feed/", {"do": "close"})
    assert not ada.outlets.exists()


def test_opening_a_page_opens_no_outlet_and_strangers_open_none(ada: Reader, client: Client) -> None:
    client.force_login(ada)
    assert client.get("/account/channels/feed/").status_code == 405
    assert client.post("/account/channels/nonsense/", {"do": "open"}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    assert strict.post("/account/channels/feed/", {"do": "open"}).status_code == 403
    assert not ada.outlets.exists()


def test_the_export_tells_of_it_without_its_key(outlet: Outlet, ada: Reader, client: Client) -> None:
    client.force_login(ada)
    told = client.get("/account/export.json").json()["outlets"]
    assert [one["kind"] for one in told] == ["feed"]
    assert outlet.key not in str(told)
