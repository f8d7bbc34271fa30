from __future__ import annotations

import re
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters import Mailbox
from takefive.accounts.consent import CONSENT
from takefive.accounts.models import Challenge, Reader

FORM = {"email": "Ada@Example.org", "interests": "sleep; surgeons", "zone": "Europe/Vienna"}


def test_who_signs_up_waits_until_the_address_is_confirmed(client: Client, mailbox: Mailbox) -> None:
    answer = client.post("/sign-up/", FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/thanks/")
    mailbox.fetch()
    reader = Reader.objects.get()
    assert (reader.email, reader.status, reader.interests) == ("ada@example.org", "pending", "sleep; surgeons")
    assert reader.zone == "Europe/Vienna"
    assert (reader.consented_at, reader.consent) == (None, "")
    assert not reader.has_usable_password()


def test_one_click_in_the_same_browser_confirms_and_keeps_what_was_agreed_to(client: Client, mailbox: Mailbox) -> None:
    client.post("/sign-up/", FORM)
    page = client.get(mailbox.only().path, follow=True).content.decode()
    assert "Confirm my address" in page
    assert CONSENT.split(",")[0] in page
    before = timezone.now()
    assert client.post("/confirm/")["Location"] == "/account/"
    reader = Reader.objects.get()
    assert (reader.status, reader.consent) == ("active", CONSENT)
    assert reader.consented_at is not None
    assert before <= reader.consented_at <= timezone.now()
    assert "ada@example.org" in client.get("/account/").content.decode()


def test_the_code_confirms_on_the_page_that_says_thanks(client: Client, mailbox: Mailbox) -> None:
    client.post("/sign-up/", FORM)
    assert 'action="/confirm/"' in client.get("/thanks/").content.decode()
    assert client.post("/confirm/", {"code": f" {mailbox.only().code} "})["Location"] == "/account/"
    assert Reader.objects.get().status == "active"


def test_what_was_asked_last_is_what_is_confirmed(client: Client, mailbox: Mailbox) -> None:
    client.post("/sign-up/", FORM)
    mailbox.fetch()
    Challenge.objects.update(mailed_at=timezone.now() - timedelta(minutes=11))
    client.post("/sign-up/", FORM | {"interests": "whales", "zone": "Asia/Tokyo"})
    client.get(mailbox.only().path)
    client.post("/confirm/")
    assert Reader.objects.values_list("interests", "zone").get() == ("whales", "Asia/Tokyo")


def test_a_known_address_gets_the_same_answer_stays_as_it_is_and_is_offered_to_sign_in(
    client: Client, mailbox: Mailbox
) -> None:
    Reader.objects.create_user("ada@example.org", status="active", interests="mine")
    known, new = client.post("/sign-up/", FORM), client.post("/sign-up/", FORM | {"email": "bob@example.org"})
    assert (known.status_code, known.content, _timeless(known)) == (new.status_code, new.content, _timeless(new))
    assert [letter.message["Subject"] for letter in mailbox.fetch()] == [
        "Sign in to Takefive",
        "Confirm your address for Takefive",
    ]
    assert Reader.objects.values_list("status", "interests").get(email="ada@example.org") == ("active", "mine")


def test_every_address_costs_the_same_statements(client: Client, db: None) -> None:
    Reader.objects.create_user("ada@example.org", status="active")
    Reader.objects.create_user("stopped@example.org", status="stopped")
    asked = []
    for path in ("/sign-up/", "/sign-in/"):
        for email in ("new@example.org", "ada@example.org", "stopped@example.org"):
            with CaptureQueriesContext(connection) as queries:
                client.post(path, FORM | {"email": email})
            asked.append([_told(query["sql"]) for query in queries])
    for statements in asked:
        assert statements == asked[0]
    assert not any("accounts_reader" in statement for statement in asked[0])


def _timeless(answer: Any) -> dict[str, str]:
    """The headers but those that tell the second."""
    return {name: value for name, value in answer.headers.items() if name not in ("Date", "Expires", "Last-Modified")}


def _told(sql: str) -> str:
    """A statement without its values and without the numbers of savepoints."""
    return re.sub(r"'[^']*'|\b\d+\b|\"\w*x\d+\"", "", sql)


def test_known_and_unknown_addresses_take_the_same_time(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.accounts.challenges.ASKED_AN_HOUR", 10_000)
    Reader.objects.create_user("ada@example.org", status="active")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for n in range(60):
        for who, email in (("known", "ada@example.org"), ("unknown", f"nobody-{n}@example.org")):
            began = perf_counter()
            client.post("/sign-in/", {"email": email})
            times[who].append(perf_counter() - began)
    known, unknown = (median(times[who]) for who in ("known", "unknown"))
    assert 0.7 < known / unknown < 1.4


def test_who_had_stopped_the_mail_may_come_back_but_nobody_brings_an_operator_back(
    client: Client, mailbox: Mailbox
) -> None:
    Reader.objects.create_user("ada@example.org", status="stopped", interests="mine")
    Reader.objects.create_superuser("root@example.org", "x")
    Reader.objects.filter(is_staff=True).update(status="stopped")
    for email in ("ada@example.org", "root@example.org"):
        client.post("/sign-up/", FORM | {"email": email, "interests": ""})
    letter = mailbox.only()
    assert set(Reader.objects.values_list("status", flat=True)) == {"stopped"}  # as long as only somebody asked
    client.get(letter.path)
    client.post("/confirm/")
    assert Reader.objects.values_list("status", "interests").get(is_staff=False) == ("active", "mine")


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "a@b@c.org", "ada@example.org\nBcc: x@y.org", "x" * 250 + "@y.org", "<a@b.org>"]
)
def test_what_is_no_address_is_shown_again_with_what_is_wrong(email: str, client: Client, db: None) -> None:
    answer = client.post("/sign-up/", FORM | {"email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.content.decode()
    assert "sleep; surgeons" in answer.content.decode()
    assert client.post("/sign-in/", {"email": email}).status_code == 422
    assert not Challenge.objects.exists()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 60])
def test_an_unknown_zone_is_utc(zone: str, client: Client, db: None) -> None:
    client.post("/sign-up/", FORM | {"zone": zone})
    assert Challenge.objects.get().zone == "UTC"


def test_nobody_can_give_themselves_more_than_the_form_has(client: Client, mailbox: Mailbox) -> None:
    client.post("/sign-up/", FORM | {"is_staff": "1", "is_superuser": "1", "status": "active", "id": "1"})
    mailbox.fetch()
    reader = Reader.objects.get()
    assert (reader.is_staff, reader.is_superuser, reader.status) == (False, False, "pending")


def test_a_machine_that_fills_in_the_hidden_field_is_thanked_and_forgotten(client: Client, db: None) -> None:
    assert client.post("/sign-up/", FORM | {"website": "https://spam.example"})["Location"] == "/thanks/"
    assert not Challenge.objects.exists()


def test_a_form_from_elsewhere_is_refused(db: None) -> None:
    for path in ("/sign-up/", "/sign-in/", "/confirm/", "/account/", "/account/delete/", "/sign-out/"):
        answer = Client(enforce_csrf_checks=True).post(path, FORM)
        assert answer.status_code == 403, path
    assert "The form had gone stale" in answer.content.decode()
    assert not Challenge.objects.exists()


def test_one_client_cannot_go_on_for_ever_whatever_it_says_about_itself(client: Client, db: None) -> None:
    answers = [client.post("/sign-up/", FORM | {"email": f"{n}@example.org"}).status_code for n in range(21)]
    assert answers == [302] * 20 + [429]
    spoofed = client.post("/sign-in/", FORM, headers={"x-forwarded-for": "203.0.113.9"})
    assert spoofed.status_code == 429
    assert client.post("/sign-up/", FORM, REMOTE_ADDR="203.0.113.9").status_code == 302
    assert Challenge.objects.count() == 21


def test_of_ipv6_a_whole_customer_is_one_client(client: Client, db: None) -> None:
    for n in range(20):
        client.post("/sign-up/", FORM, REMOTE_ADDR=f"2001:db8:1:2::{n + 1:x}")
    assert client.post("/sign-up/", FORM, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.post("/sign-up/", FORM, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_one_address_gets_one_mail_to_confirm_in_ten_minutes(client: Client, mailbox: Mailbox) -> None:
    for _ in range(5):
        assert client.post("/sign-up/", FORM)["Location"] == "/thanks/"
        assert client.post("/sign-in/", FORM)["Location"] == "/confirm/"
    assert len(mailbox.fetch()) == 1
    Challenge.objects.filter(status="sent").update(mailed_at=timezone.now() - timedelta(minutes=11))
    client.post("/sign-up/", FORM)
    assert len(mailbox.fetch()) == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_signing_up_needs_a_post(method: str, client: Client, db: None) -> None:
    assert getattr(client, method)("/sign-up/", FORM).status_code == 405
    assert not Challenge.objects.exists()


def test_no_address_to_go_on_to_is_taken_from_the_visitor(client: Client, mailbox: Mailbox) -> None:
    for next_ in ("//evil.example", "/\t/evil.example", "https://evil.example"):
        answer = client.post(f"/sign-up/?next={next_}", FORM | {"next": next_})
        assert answer["Location"] == "/thanks/"
        assert client.post(f"/sign-in/?next={next_}", FORM | {"next": next_})["Location"] == "/confirm/"
    client.get(mailbox.only().path + "?next=//evil.example")
    assert client.post("/confirm/?next=//evil.example", {"next": "//evil.example"})["Location"] == "/account/"


def test_the_page_promises_a_mail_only_where_one_is_sent(client: Client, settings: object) -> None:
    assert "no mail server yet" in client.get("/thanks/").content.decode()
    settings.SMTP_URL = "smtp://mail.example"  # type: ignore[attr-defined]
    assert "no mail server yet" not in client.get("/thanks/").content.decode()


def test_the_folder_of_mails_is_told_to_nobody_elsewhere(client: Client, settings: object) -> None:
    assert str(settings.OUTBOX) in client.get("/thanks/").content.decode()  # type: ignore[attr-defined]
    page = client.get("/thanks/", REMOTE_ADDR="203.0.113.9").content.decode()
    assert str(settings.OUTBOX) not in page  # type: ignore[attr-defined]
