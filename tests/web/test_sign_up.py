from __future__ import annotations

import pytest
from django.test import Client

from takefive.accounts.models import Reader

FORM = {"email": "Ada@Example.org", "interests": "sleep; surgeons", "zone": "Europe/Vienna"}


def test_an_address_becomes_a_pending_reader(client: Client, db: None) -> None:
    answer = client.post("/sign-up/", FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/thanks/")
    reader = Reader.objects.get()
    assert (reader.email, reader.status, reader.interests) == ("ada@example.org", "pending", "sleep; surgeons")
    assert reader.zone == "Europe/Vienna"
    assert reader.consented_at is None
    assert not reader.has_usable_password()


def test_a_known_address_gets_the_same_answer_and_stays_as_it_is(client: Client, db: None) -> None:
    Reader.objects.create_user("ada@example.org", status="active", interests="mine")
    known, new = client.post("/sign-up/", FORM), client.post("/sign-up/", FORM | {"email": "bob@example.org"})
    assert (known.status_code, known.content, known.headers) == (new.status_code, new.content, new.headers)
    reader = Reader.objects.get(email="ada@example.org")
    assert (reader.status, reader.interests) == ("active", "mine")


def test_who_had_stopped_the_mail_may_come_back_but_nobody_brings_an_operator_back(client: Client, db: None) -> None:
    Reader.objects.create_user("ada@example.org", status="stopped", interests="mine")
    Reader.objects.create_superuser("root@example.org", "x")
    Reader.objects.filter(is_staff=True).update(status="stopped")
    for email in ("ada@example.org", "root@example.org"):
        client.post("/sign-up/", FORM | {"email": email})
    assert dict(Reader.objects.values_list("email", "status")) == {
        "ada@example.org": "pending",
        "root@example.org": "stopped",
    }


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "a@b@c.org", "ada@example.org\nBcc: x@y.org", "x" * 250 + "@y.org", "<a@b.org>"]
)
def test_what_is_no_address_is_shown_again_with_what_is_wrong(email: str, client: Client, db: None) -> None:
    answer = client.post("/sign-up/", FORM | {"email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.content.decode()
    assert "sleep; surgeons" in answer.content.decode()
    assert not Reader.objects.exists()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 60])
def test_an_unknown_zone_is_utc(zone: str, client: Client, db: None) -> None:
    client.post("/sign-up/", FORM | {"zone": zone})
    assert Reader.objects.get().zone == "UTC"


def test_nobody_can_give_themselves_more_than_the_form_has(client: Client, db: None) -> None:
    client.post("/sign-up/", FORM | {"is_staff": "1", "is_superuser": "1", "status": "active", "id": "1"})
    reader = Reader.objects.get()
    assert (reader.is_staff, reader.is_superuser, reader.status) == (False, False, "pending")


def test_a_machine_that_fills_in_the_hidden_field_is_thanked_and_forgotten(client: Client, db: None) -> None:
    assert client.post("/sign-up/", FORM | {"website": "https://spam.example"})["Location"] == "/thanks/"
    assert not Reader.objects.exists()


def test_a_form_from_elsewhere_is_refused(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-up/", FORM)
    assert answer.status_code == 403
    assert "The form had gone stale" in answer.content.decode()
    assert not Reader.objects.exists()


def test_one_client_cannot_go_on_for_ever(client: Client, db: None) -> None:
    answers = [client.post("/sign-up/", FORM | {"email": f"{n}@example.org"}).status_code for n in range(21)]
    assert answers == [302] * 20 + [429]
    spoofed = client.post("/sign-up/", FORM, headers={"x-forwarded-for": "203.0.113.9"})
    assert spoofed.status_code == 429
    assert Reader.objects.count() == 20


def test_one_address_asked_for_again_and_again_gets_the_same_answer(client: Client, db: None) -> None:
    for _ in range(5):
        assert client.post("/sign-up/", FORM)["Location"] == "/thanks/"
    assert Reader.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_signing_up_needs_a_post(method: str, client: Client, db: None) -> None:
    assert getattr(client, method)("/sign-up/", FORM).status_code == 405
    assert not Reader.objects.exists()


def test_no_address_to_go_on_to_is_taken_from_the_visitor(client: Client, db: None) -> None:
    for next_ in ("//evil.example", "/\t/evil.example", "https://evil.example"):
        answer = client.post(f"/sign-up/?next={next_}", FORM | {"next": next_})
        assert answer["Location"] == "/thanks/"
