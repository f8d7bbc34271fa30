"""The page to add podcasts: who may, what is found, what is told."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.common.errors import FeedError
from takefive.feeds.search import Listing
from takefive.pipeline import following
from takefive.store.models import Podcast

FOUND = (Listing("https://a.example/f", "A <b>show</b>", "Ada", 7), Listing("https://b.example/f", "B", "", None))
OPML = b"""<opml><body><outline text="A" xmlUrl="https://a.example/f"/><outline text="Inside" xmlUrl="http://127.0.0.1/f"/>
<outline text="No address"/></body></opml>"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking itself is tested where it lives (tests/feeds/test_find.py): here is what the page makes of its answers."""

    async def search(what: str) -> tuple[Listing, ...]:
        if what == "nothing":
            raise FeedError("there is no feed.")
        return FOUND

    monkeypatch.setattr(following, "search", search)


def test_what_is_found_is_shown_and_followed_when_it_is_chosen(client: Client) -> None:
    page = client.post("/add/", {"what": "a show"}).content.decode()
    assert "A &lt;b&gt;show&lt;/b&gt;" in page
    assert "7 episodes" in page
    assert not Podcast.objects.exists()

    answer = client.post("/add/", {"take": ["https://a.example/f"]}, follow=True).content.decode()
    assert "1 added." in answer
    assert Podcast.objects.get().feed_url == "https://a.example/f"
    assert "followed already" in client.post("/add/", {"what": "a show"}).content.decode()


def test_what_leads_nowhere_is_told_beside_the_field(client: Client) -> None:
    answer = client.post("/add/", {"what": "nothing"})
    assert answer.status_code == 422
    assert "there is no feed." in answer.content.decode()


def test_a_list_is_taken_and_what_was_left_out_is_told_with_its_reason(client: Client) -> None:
    answer = client.post("/add/", {"list": SimpleUploadedFile("a.opml", OPML)}, follow=True).content.decode()
    assert "1 added." in answer
    assert "127.0.0.1 is not a public address" in answer
    assert "No address: it has no address of a feed" in answer
    assert [p.feed_url for p in Podcast.objects.all()] == ["https://a.example/f"]


def test_a_file_that_is_no_list_is_told_in_words(client: Client) -> None:
    assert client.post("/add/", {"list": SimpleUploadedFile("a.opml", b"<html>")}).status_code == 422


def test_addresses_inside_are_refused_also_when_the_form_is_made_up(client: Client) -> None:
    client.post("/add/", {"take": ["http://169.254.169.254/latest", "javascript:alert(1)"]})
    assert not Podcast.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "a reader", "a looker"])
def test_on_a_public_service_only_the_operator_adds_podcasts(client: Client, settings: Settings, who: str) -> None:
    settings.SITE_URL = "https://takefive.example"
    settings.ALLOWED_HOSTS = ["testserver"]
    if who != "nobody":
        client.force_login(Reader.objects.create_user("r@example.org", is_staff=who == "a looker"))

    for answer in (client.get("/add/"), client.post("/add/", {"take": ["https://a.example/f"]})):
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert not Podcast.objects.exists()

    client.force_login(Reader.objects.create_superuser("op@example.org", "x"))
    assert client.get("/add/").status_code == 200


def test_a_stranger_page_cannot_make_the_browser_add_anything() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/add/", {"take": ["https://a.example/f"]}).status_code == 403
    assert not Podcast.objects.exists()


def test_the_account_page_leads_there_for_whoever_may(client: Client, settings: Settings) -> None:
    reader = Reader.objects.create_user("r@example.org", status="active")
    assert 'href="/add/"' in client.get("/account/").content.decode()

    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://takefive.example", ["testserver"]
    client.force_login(reader)
    assert 'href="/add/"' not in client.get("/account/").content.decode()
