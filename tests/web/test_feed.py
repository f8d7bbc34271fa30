from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from django.test import Client

from takefive.store.models import Insight

Make = Callable[..., Any]
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_feed_carries_the_proof_and_whole_addresses(library: Insight, client: Client) -> None:
    feed = ElementTree.fromstring(client.get("/feed.atom").content)
    entry = next(e for e in feed.iter(f"{ATOM}entry") if e.findtext(f"{ATOM}title") == library.headline)
    assert entry.findtext(f"{ATOM}id") == f"http://127.0.0.1:8000/i/{library.public_id}/"
    assert library.quote in (entry.findtext(f"{ATOM}summary") or "")
    assert "at 23:41" in (entry.findtext(f"{ATOM}summary") or "")
    addresses = [link.get("href", "") for link in feed.iter(f"{ATOM}link") if link.get("rel") != "enclosure"]
    assert all(address.startswith("http://127.0.0.1:8000/") for address in addresses)


def test_a_reader_who_has_it_gets_nothing_again(library: Insight, client: Client, an_insight: Make) -> None:
    first = client.get("/feed.atom")
    again = client.get("/feed.atom", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/feed.atom", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    an_insight()
    assert client.get("/feed.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_point_is_made_once_in_the_feed_of_all(an_insight: Make, client: Client) -> None:
    best = an_insight(headline="Said best")
    other = an_insight(headline="Said also", same_as=best)
    assert b"Said also" not in client.get("/feed.atom").content
    assert b"Said also" in client.get(f"/p/{other.episode.podcast.public_id}/feed.atom").content


def test_an_empty_feed_is_a_feed(client: Client, db: None) -> None:
    assert ElementTree.fromstring(client.get("/feed.atom").content).tag == f"{ATOM}feed"


def test_the_sitemap_lists_its_parts_and_they_list_the_pages(library: Insight, client: Client) -> None:
    index = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://127.0.0.1:8000/sitemap-1.xml</loc>" in index
    part = client.get("/sitemap-1.xml").content.decode()
    assert f"<loc>http://127.0.0.1:8000/i/{library.public_id}/</loc><lastmod>" in part
    for number in (2, 99_999, 10**30):
        assert client.get(f"/sitemap-{number}.xml").status_code in (200, 404)


def test_an_entry_has_the_date_of_its_episode_and_its_audio(an_insight: Make, client: Client) -> None:
    insight = an_insight()
    entry = ElementTree.fromstring(client.get("/feed.atom").content).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}published") == "2022-05-03T00:00:00+00:00"
    assert (entry.findtext(f"{ATOM}updated") or "")[:10] == insight.created_at.date().isoformat()
    audio = [link.attrib for link in entry.iter(f"{ATOM}link") if link.get("rel") == "enclosure"]
    href = "https://audio.example/sleep.mp3"
    assert audio == [{"rel": "enclosure", "href": href, "length": "0", "type": "audio/mpeg"}]


def test_audio_without_a_web_address_is_no_enclosure(an_insight: Make, an_episode: Make, client: Client) -> None:
    an_insight(episode=an_episode(audio_url="file:///tape.mp3"))
    assert b"enclosure" not in client.get("/feed.atom").content


def test_one_episode_gives_three_entries_at_most(an_insight: Make, an_episode: Make, client: Client) -> None:
    episode = an_episode()
    an_insight(headline="Of another one")
    for _ in range(5):
        an_insight(episode=episode)
    page = client.get("/feed.atom").content
    assert page.count(b"<entry>") == 4
    assert b"Of another one" in page
