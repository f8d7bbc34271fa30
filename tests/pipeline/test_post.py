"""A reader's own webhook: signed, sent again while that can help, never to where we do not go."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from pipeline.outlets import a_brief
from receiver import Got, Receiver, receiver
from takefive.accounts.models import Reader
from takefive.pipeline import flow, queue
from takefive.pipeline.steps import post
from takefive.store import outlets
from takefive.store.models import Brief, Delivery, Outlet, Podcast

Status = Delivery.Status


@pytest.fixture
def server(settings: Settings) -> Iterator[Receiver]:
    with receiver() as served:
        settings.WEBHOOK_HOSTS = served.trusted
        yield served


@pytest.fixture
def outlet(reader: Reader, server: Receiver) -> Outlet:
    return outlets.open_(reader, Outlet.Kind.WEBHOOK, address=server.url("/hook"))


@pytest.fixture
def brief(outlet: Outlet) -> Brief:
    return a_brief(outlet.reader)


def posted(brief: Brief, after: timedelta = timedelta(0)) -> Delivery:
    now = timezone.now() + after
    post.begin(now)
    for delivery in post.waiting(now):
        post.run(delivery, now=now)
    return brief.deliveries.get()


def verified(got: Got, secret: str) -> bool:
    """As a receiver does it by the text of the standard."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    digest = hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
    return got.headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"


def test_a_brief_arrives_whole_and_signed(brief: Brief, outlet: Outlet, server: Receiver) -> None:
    assert posted(brief).status == Status.SENT
    (got,) = server.got
    assert (got.method, got.path) == ("POST", "/hook")
    assert verified(got, outlets.secret(outlet))
    assert got.headers["content-type"].startswith("application/json")
    said = json.loads(got.body)
    (item,) = said["data"]["items"]
    assert said["type"] == "brief.made"
    assert item["quote"] == "One short night, and you are a fifth slower."
    assert item["play_url"] == "https://audio.example/sleep.mp3#t=12"
    assert "you@example.org" not in got.body.decode()


def test_a_changed_body_or_another_secret_does_not_verify(brief: Brief, outlet: Outlet, server: Receiver) -> None:
    posted(brief)
    (got,) = server.got
    outlets.renew(outlet.reader, Outlet.Kind.WEBHOOK)
    outlet.refresh_from_db()
    assert not verified(got, outlets.secret(outlet))
    assert not verified(Got(got.method, got.path, got.headers, got.body + b" "), outlets.secret(outlet))


def test_it_is_sent_once_however_often_the_sweep_comes(brief: Brief, server: Receiver) -> None:
    posted(brief)
    assert posted(brief).status == Status.SENT
    assert len(server.got) == 1


@pytest.mark.parametrize("first", [500, 503, 429, 404, 0])
def test_what_goes_wrong_is_tried_again_with_the_same_id(brief: Brief, server: Receiver, first: int) -> None:
    server.statuses = [first]
    assert posted(brief).status == Status.WAITING
    assert posted(brief).attempts == 1  # not at once
    assert posted(brief, timedelta(minutes=3)).status == Status.SENT
    assert len({got.headers["webhook-id"] for got in server.got}) == 1
    assert len(server.got) >= 2


def test_it_is_given_up_after_eight_tries(brief: Brief, server: Receiver) -> None:
    server.statuses = [500] * 99
    for hours in range(1, 20):
        delivery = posted(brief, timedelta(days=hours) if hours > 1 else timedelta(0))
    assert (delivery.status, delivery.attempts) == (Status.FAILED, 8)
    assert "500" in delivery.error
    assert "/hook" not in delivery.error


def test_who_says_gone_is_asked_no_more(brief: Brief, outlet: Outlet, server: Receiver) -> None:
    server.statuses = [410]
    assert posted(brief).status == Status.FAILED
    assert not Outlet.objects.exists()


def test_a_redirect_is_not_followed(brief: Brief, server: Receiver) -> None:
    server.statuses, server.headers = [302], {"Location": server.url("/elsewhere")}
    assert posted(brief).status == Status.WAITING
    assert [got.path for got in server.got] == ["/hook"]


def test_a_name_that_leads_inside_is_never_connected_to(brief: Brief, outlet: Outlet, server: Receiver) -> None:
    Outlet.objects.update(address=f"https://127.0.0.1:{server.port + 1}/hook")
    assert posted(brief).status == Status.FAILED
    assert server.got == []


def test_a_sender_that_died_is_made_good_with_the_same_id(brief: Brief, server: Receiver) -> None:
    posted(brief)
    Delivery.objects.update(status=Status.SENDING, claimed_at=timezone.now())
    assert posted(brief).status == Status.SENDING  # somebody may still be at it
    assert posted(brief, timedelta(minutes=6)).status == Status.SENT
    assert len({got.headers["webhook-id"] for got in server.got}) == 1


def test_who_stopped_or_closed_it_gets_nothing(brief: Brief, outlet: Outlet, server: Receiver) -> None:
    post.begin(timezone.now())
    outlets.close(outlet.reader, Outlet.Kind.WEBHOOK)
    assert posted(brief).status == Status.FAILED
    assert server.got == []


def test_nothing_that_turned_private_leaves(brief: Brief, server: Receiver) -> None:
    Podcast.objects.update(private=True)
    assert posted(brief).status == Status.FAILED
    assert server.got == []


def test_a_brief_older_than_the_outlet_or_than_a_day_stays(reader: Reader, server: Receiver) -> None:
    old = a_brief(reader)
    outlets.open_(reader, Outlet.Kind.WEBHOOK, address=server.url())
    assert post.begin(timezone.now()) == 0
    Outlet.objects.update(created_at=timezone.now() - timedelta(days=9))
    Brief.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert post.begin(timezone.now()) == 0


def test_the_sweep_asks_for_it_and_the_mails_step_leaves_it_alone(brief: Brief, server: Receiver) -> None:
    flow.sweep()
    queue.drain(queues=["deliver"])
    assert len(server.got) == 1
    assert brief.deliveries.get().channel == "webhook"


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://hooks.example:25/",
        "ftp://hooks.example/",
        "javascript:alert(1)",
        "",
        "https://hooks.example/" + "a" * 1_000,
    ],
)
def test_the_account_page_refuses_an_address_that_we_never_send_to(
    reader: Reader, client: Client, address: str
) -> None:
    client.force_login(reader)
    page = client.post("/account/channels/webhook/", {"do": "open", "address": address}, follow=True)
    assert not Outlet.objects.exists()
    assert "notice" in page.content.decode()


def test_the_account_page_shows_where_to_the_secret_and_how_it_went(
    reader: Reader, client: Client, server: Receiver
) -> None:
    client.force_login(reader)
    client.post("/account/channels/webhook/", {"do": "open", "address": server.url("/hook")})
    server.statuses = [500]
    posted(a_brief(reader))
    page = client.get("/account/").content.decode()
    assert server.url("/hook") in page
    assert outlets.secret(Outlet.objects.get()) in page.replace("&#43;", "+")
    assert "waiting" in page


@pytest.fixture
def in_chat(reader: Reader, server: Receiver, settings: Settings) -> Brief:
    pytest.importorskip("apprise", reason="needs the extra chat")
    settings.CHAT_HOSTS = server.trusted
    outlets.open_(reader, Outlet.Kind.CHAT, address=f"ntfy://127.0.0.1:{server.port}/mine")
    return a_brief(reader)


def test_a_brief_goes_to_the_chat_once(in_chat: Brief, server: Receiver) -> None:
    assert posted(in_chat).status == Status.SENT
    assert posted(in_chat).status == Status.SENT
    (got,) = server.got
    assert "Short sleep makes surgeons slower" in json.loads(got.body)["message"]


def test_a_doubtful_message_to_a_chat_is_never_sent_again_by_itself(in_chat: Brief, server: Receiver) -> None:
    server.statuses = [0]
    assert posted(in_chat).status == Status.DOUBTFUL
    assert posted(in_chat, timedelta(hours=1)).status == Status.DOUBTFUL
    assert len(server.got) == 1


def test_of_a_sender_that_died_at_a_chat_nobody_knows(in_chat: Brief, server: Receiver) -> None:
    posted(in_chat)
    Delivery.objects.update(status=Status.SENDING, claimed_at=timezone.now())
    assert posted(in_chat, timedelta(minutes=6)).status == Status.DOUBTFUL
    assert len(server.got) == 1


def test_a_host_no_longer_allowed_gets_nothing(in_chat: Brief, server: Receiver, settings: Settings) -> None:
    settings.CHAT_HOSTS = {}
    assert posted(in_chat).status == Status.FAILED
    assert server.got == []


def test_the_account_page_takes_a_chat_and_refuses_one_inside(reader: Reader, client: Client) -> None:
    pytest.importorskip("apprise", reason="needs the extra chat")
    client.force_login(reader)
    client.post("/account/channels/chat/", {"do": "open", "address": "ntfy://127.0.0.1:9/mine"})
    assert not Outlet.objects.exists()
    client.post("/account/channels/chat/", {"do": "open", "address": "ntfy://a-topic-of-mine"})
    assert Outlet.objects.get().address == "ntfy://a-topic-of-mine"
