"""Hubs: a real one on loopback, the page it calls, and feeds that become due."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from takefive.feeds.schedule import WITH_HUB
from takefive.pipeline import flow, samples
from takefive.pipeline.steps import settle
from takefive.store.models import Episode, Podcast, Subscription

from .conftest import Library

HUB, TOPIC = "hub.takefive.example", f"http://{samples.HOST}/feeds/rfc.xml"  # as the feed names itself
LINKS = f'<atom:link rel="hub" href="http://{HUB}/"/><item>'


class Hub:
    """Keeps the forms that it is sent; answers with `status`."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.status = 202


@pytest.fixture
def hub(library: Library, settings: Settings) -> Iterator[Hub]:
    """A hub that the show "rfc" names in its feed, and a site of ours that it can reach."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            hub.forms.append({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(hub.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TRUSTED_HOSTS = settings.TRUSTED_HOSTS | {HUB: f"127.0.0.1:{server.server_port}"}
    settings.SITE_URL = "https://takefive.example"
    settings.ALLOWED_HOSTS = ["takefive.example"]
    name_hub(library)
    yield hub
    server.shutdown()
    server.server_close()


def name_hub(library: Library, links: str = LINKS) -> None:
    feed = library.folder / "feeds/rfc.xml"
    feed.write_text(feed.read_text().replace("<item>", links, 1))
    Podcast.objects.update(last_modified="")


@pytest.fixture
def web() -> Client:
    return Client(headers={"host": "takefive.example"})


def rfc() -> Podcast:
    return Podcast.objects.get(feed_url__endswith="rfc.xml")


def path(form: dict[str, str]) -> str:
    return form["hub.callback"].removeprefix("https://takefive.example")


def verify(web: Client, form: dict[str, str], **change: str):
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": form["hub.topic"],
        "hub.challenge": "chestnut",
        "hub.lease_seconds": "86400",
    }
    return web.get(path(form), asked | {f"hub.{name}": value for name, value in change.items()})


def push(web: Client, form: dict[str, str], body: bytes = b"<rss/>", signature: str | None = None):
    ours = "sha256=" + hmac.new(form["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
    return web.post(
        path(form), body, content_type="application/rss+xml", headers={"X-Hub-Signature": signature or ours}
    )


def subscribed(library: Library, hub: Hub, web: Client) -> dict[str, str]:
    library.scan()
    flow.subscribe()
    (form,) = hub.forms
    verify(web, form)
    return form


def rested(**more) -> None:
    """As if the last poll was an hour ago and the next one is a day away."""
    now = timezone.now()
    Podcast.objects.update(polled_at=now - timedelta(hours=1), next_poll_at=now + timedelta(days=1), **more)


def due() -> set[str]:
    return {podcast.feed_url.rsplit("/", 1)[1] for podcast in Podcast.objects.due(timezone.now())}


def test_a_hub_that_a_feed_names_is_asked_once_with_a_secret_of_its_own(library: Library, hub: Hub) -> None:
    library.scan()
    flow.subscribe()
    flow.subscribe()

    (form,) = hub.forms
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", TOPIC)
    assert form["hub.callback"].startswith("https://takefive.example/hub/")
    assert len(form["hub.secret"]) >= 40
    assert form["hub.secret"] not in form["hub.callback"]


def test_nobody_is_asked_where_hubs_cannot_reach_us(library: Library, hub: Hub, settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    library.scan()
    flow.subscribe()

    assert hub.forms == []


def test_a_private_feed_is_named_to_no_hub(library: Library, hub: Hub) -> None:
    Podcast.objects.update(private=True)
    library.scan()
    flow.subscribe()

    assert hub.forms == []
    assert not Subscription.objects.exists()


def test_a_hub_that_refuses_is_one_line_and_asked_again_half_a_day_later(library: Library, hub: Hub) -> None:
    hub.status = 500
    library.scan()
    flow.subscribe()
    assert "answered 500" in Subscription.objects.get().error

    Subscription.objects.update(asked_at=timezone.now() - timedelta(hours=13))
    hub.status = 202
    flow.subscribe()
    assert len(hub.forms) == 2
    assert Subscription.objects.get().error == ""


def test_a_lease_begins_with_the_hubs_question_and_is_renewed_before_it_ends(
    library: Library, hub: Hub, web: Client
) -> None:
    library.scan()
    flow.subscribe()
    answer = verify(web, hub.forms[0], lease_seconds="864000")
    assert (answer.status_code, answer.content) == (200, b"chestnut")
    assert answer["Content-Type"].startswith("text/plain")

    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=8))
    flow.subscribe()
    assert len(hub.forms) == 1
    Subscription.objects.update(leased_until=timezone.now() + timedelta(hours=20))
    flow.subscribe()
    assert len(hub.forms) == 2


@pytest.mark.parametrize("change", [{"mode": "unsubscribe"}, {"topic": "https://other.example/"}, {"challenge": ""}])
def test_a_question_about_anything_else_gets_404_and_changes_nothing(
    library: Library, hub: Hub, web: Client, change: dict[str, str]
) -> None:
    form = subscribed(library, hub, web)
    before = Subscription.objects.get().leased_until

    assert verify(web, form, **change).status_code == 404
    assert Subscription.objects.get().leased_until == before


def test_an_address_that_we_never_gave_is_404(library: Library, hub: Hub, web: Client) -> None:
    form = subscribed(library, hub, web)
    elsewhere = form | {"hub.callback": "https://takefive.example/hub/guessed/"}

    assert verify(web, elsewhere).status_code == push(web, elsewhere).status_code == 404


def test_a_hub_that_says_no_is_noted(library: Library, hub: Hub, web: Client) -> None:
    form = subscribed(library, hub, web)
    assert verify(web, form, mode="denied").status_code == 200
    assert Subscription.objects.get().leased_until is None
    assert "will not push" in Subscription.objects.get().error


def test_a_push_makes_the_feed_due_at_once_and_asks_for_a_scan(library: Library, hub: Hub, web: Client) -> None:
    form = subscribed(library, hub, web)
    rested()

    assert push(web, form).status_code == 202
    assert due() == {"rfc.xml"}
    assert ProcrastinateJob.objects.filter(task_name="scan", status="todo").count() == 1


@pytest.mark.parametrize("signature", ["", "sha256=00", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709"])
def test_a_push_that_is_not_signed_with_our_secret_does_nothing(
    library: Library, hub: Hub, web: Client, signature: str
) -> None:
    form = subscribed(library, hub, web)
    rested()

    assert push(web, form, signature=signature or "none").status_code == 202
    assert due() == set()


def test_what_a_push_says_is_never_read_as_the_feed(library: Library, hub: Hub, web: Client) -> None:
    form = subscribed(library, hub, web)
    before = Episode.objects.count()
    forged = b"<rss><channel><title>Other</title><item><title>Forged</title><guid>f</guid></item></channel></rss>"
    rested()
    push(web, form, body=forged)
    flow.scan()

    assert Episode.objects.count() == before
    assert rfc().title != "Other"


def test_pushes_one_after_another_cost_one_poll_in_ten_minutes(library: Library, hub: Hub, web: Client) -> None:
    form = subscribed(library, hub, web)
    rested()
    Podcast.objects.update(polled_at=timezone.now())
    push(web, form)

    assert due() == set()
    wait = rfc().next_poll_at - timezone.now()
    assert timedelta(minutes=9) < wait <= timedelta(minutes=10)


def test_a_push_never_hurries_a_feed_whose_server_fails(library: Library, hub: Hub, web: Client) -> None:
    form = subscribed(library, hub, web)
    rested(failures=1)
    push(web, form)

    assert due() == set()


def test_a_push_too_large_is_refused(library: Library, hub: Hub, web: Client) -> None:
    assert push(web, subscribed(library, hub, web), body=b"x" * 10_000_001).status_code == 413


def publishes_often() -> None:
    for n in range(settle.RECENT):  # so that its old one counts no more
        published = timezone.now() - timedelta(hours=n)
        Episode.objects.create(podcast=rfc(), guid=f"often-{n}", published_at=published)


def test_a_feed_that_its_hub_pushes_is_polled_seldom(library: Library, hub: Hub, web: Client) -> None:
    subscribed(library, hub, web)
    publishes_often()
    library.scan()

    assert rfc().next_poll_at - timezone.now() > WITH_HUB * 0.8


def name_another(library: Library, links: str) -> None:
    feed = library.folder / "feeds/rfc.xml"
    feed.write_text(feed.read_text().replace(LINKS, links))
    Podcast.objects.update(last_modified="", full_fetch_at=None)
    library.scan()


def ended(web: Client, hub: Hub) -> bool:
    """Whether the hub, asked for no more pushes, hears from us that we mean it."""
    form = hub.forms[-1]
    return form["hub.mode"] == "unsubscribe" and verify(web, form, mode="unsubscribe").content == b"chestnut"


def test_a_hub_that_the_feed_no_longer_names_is_told_so_and_forgotten(library: Library, hub: Hub, web: Client) -> None:
    form = subscribed(library, hub, web)
    publishes_often()
    name_another(library, "<item>")
    assert rfc().next_poll_at - timezone.now() < WITH_HUB * 0.8, "it is polled as often as before again"
    flow.subscribe()
    flow.subscribe()

    assert [form["hub.mode"] for form in hub.forms] == ["subscribe", "unsubscribe"]
    assert hub.forms[-1]["hub.callback"] == form["hub.callback"]
    assert ended(web, hub)
    assert not Subscription.objects.exists()


def test_a_hub_that_never_pushed_needs_no_word(library: Library, hub: Hub, web: Client) -> None:
    library.scan()
    flow.subscribe()
    name_another(library, "<item>")

    assert not Subscription.objects.exists()


def test_a_feed_with_another_hub_ends_the_old_lease_and_begins_one_there(
    library: Library, hub: Hub, web: Client
) -> None:
    form = subscribed(library, hub, web)
    name_another(library, LINKS.replace(f"{HUB}/", f"{HUB}/other"))
    flow.subscribe()

    assert sorted(form["hub.mode"] for form in hub.forms[1:]) == ["subscribe", "unsubscribe"]
    old = next(form for form in hub.forms if form["hub.mode"] == "unsubscribe")
    new = hub.forms[1] if hub.forms[2] is old else hub.forms[2]
    assert old["hub.callback"] == form["hub.callback"] != new["hub.callback"]
    assert verify(web, old, mode="unsubscribe").status_code == verify(web, new).status_code == 200
    assert Subscription.objects.get().podcast == rfc()


@pytest.mark.parametrize("why", ["removed", "retired", "paused", "private"])
def test_a_podcast_that_is_given_up_is_pushed_no_more(library: Library, hub: Hub, web: Client, why: str) -> None:
    subscribed(library, hub, web)
    podcast = rfc()
    if why == "removed":
        podcast.delete()
    else:
        Podcast.objects.filter(pk=podcast.pk).update(
            **{"private": True} if why == "private" else {f"{why}_at": timezone.now()}
        )
    Subscription.objects.update(asked_at=timezone.now() - timedelta(hours=13))
    flow.subscribe()

    assert ended(web, hub)
    assert not Subscription.objects.live(timezone.now()).exists()


def test_a_hub_that_does_not_listen_is_forgotten_when_its_lease_ends(library: Library, hub: Hub, web: Client) -> None:
    subscribed(library, hub, web)
    rfc().delete()
    Subscription.objects.update(leased_until=timezone.now())
    flow.subscribe()

    assert not Subscription.objects.exists()
