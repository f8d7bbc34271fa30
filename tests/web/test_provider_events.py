"""What providers tell of our mails: believed with a proof, kept once, and the address stopped."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from letters import Mailbox
from takefive.accounts.models import Challenge, Reader
from takefive.store.models import Brief, Delivery, Return

pytest.importorskip("anymail", reason="needs the extra mail")
SECRET = "hook:s3cret"
BASIC = {"HTTP_AUTHORIZATION": "Basic " + b64encode(SECRET.encode()).decode()}
BOUNCE = {
    **{"RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "Email": "Ada@example.org"},
    **{"Details": "smtp;550 5.1.1 ada@example.org is nobody", "Metadata": {"message_id": "<1@takefive.example>"}},
}


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active")


@pytest.fixture
def delivery(ada: Reader) -> Delivery:
    brief = Brief.objects.create(reader=ada, day=timezone.now().date())
    return Delivery.objects.create(brief=brief, status="sent", message_id="<1@takefive.example>")


@pytest.fixture
def postmark(settings: Settings) -> None:
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "k", "WEBHOOK_SECRET": SECRET}


def tell(client: Client, event: Any, provider: str = "postmark", **headers: str) -> int:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return client.post(f"/mail/{provider}/", body, content_type="application/json", **headers).status_code  # type: ignore[arg-type]


def test_a_bounce_stops_the_address_and_is_kept_once(
    client: Client, ada: Reader, delivery: Delivery, postmark: None
) -> None:
    assert [tell(client, BOUNCE, **BASIC) for _ in range(2)] == [200, 200]
    ada.refresh_from_db()
    back = Return.objects.get()
    assert (back.kind, back.delivery, back.said) == ("bounced", delivery, "smtp;550 5.1.1 the address is nobody")
    assert ada.status == "stopped"
    assert "came back" in ada.unreachable_why


@pytest.mark.parametrize("headers", [{}, {"HTTP_AUTHORIZATION": "Basic " + b64encode(b"hook:wrong").decode()}])
def test_without_the_secret_nothing_is_believed(
    client: Client, ada: Reader, postmark: None, headers: dict[str, str]
) -> None:
    assert tell(client, BOUNCE, **headers) == 400
    ada.refresh_from_db()
    assert ada.status == "active"
    assert not Return.objects.exists()


def test_where_nothing_could_prove_it_there_is_no_such_page(client: Client, settings: Settings, ada: Reader) -> None:
    assert tell(client, BOUNCE, **BASIC) == 404
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"POSTMARK_SERVER_TOKEN": "k"}
    assert tell(client, BOUNCE) == 404
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert tell(client, BOUNCE, "mailgun", **BASIC) == 404


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, "stopped", "complained"),
        ({"Type": "BadEmailAddress"}, "stopped", "bounced"),
        ({"Type": "SoftBounce"}, "active", "failed"),
        ({"Type": "Blocked"}, "active", "failed"),
        ({"Type": "Transient"}, "active", None),
        ({"RecordType": "Open", "Type": ""}, "active", None),
        ({"Email": "stranger@example.org"}, "active", None),
    ],
)
def test_only_what_says_something_about_the_address_stops_it(
    client: Client, ada: Reader, delivery: Delivery, postmark: None, change: dict[str, str], status: str, kind: str
) -> None:
    assert tell(client, BOUNCE | change, **BASIC) == 200
    ada.refresh_from_db()
    assert ada.status == status
    assert Return.objects.values_list("kind", flat=True).first() == kind


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b'{"RecordType": 5}', b"\xff\xfe", b"null"])
def test_what_is_no_event_is_refused_without_a_fault(client: Client, ada: Reader, postmark: None, body: bytes) -> None:
    assert tell(client, body, **BASIC) in {200, 400}
    assert not Return.objects.exists()


def mailgun(key: str, recipient: str = "ada@example.org") -> dict[str, Any]:
    signature = hmac.new(key.encode(), b"1767600000" + b"token", hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": "1767600000", "token": "token", "signature": signature},
        "event-data": {
            "event": "complained",
            "id": "e1",
            "timestamp": 1767600000.0,
            "recipient": recipient,
            "message": {},
        },
    }


def test_a_provider_that_signs_is_known_by_its_signature(client: Client, settings: Settings, ada: Reader) -> None:
    settings.MAIL_PROVIDER, settings.ANYMAIL = (
        "mailgun",
        {"MAILGUN_API_KEY": "k", "MAILGUN_WEBHOOK_SIGNING_KEY": "sign"},
    )
    assert tell(client, mailgun("guessed"), "mailgun") == 400
    assert not Return.objects.exists()
    assert tell(client, mailgun("sign"), "mailgun") == 200
    ada.refresh_from_db()
    assert (ada.status, Return.objects.get().kind) == ("stopped", "complained")


def test_the_account_page_says_why_and_a_mail_that_is_answered_starts_it_again(
    client: Client, ada: Reader, delivery: Delivery, postmark: None, mailbox: Mailbox, settings: Settings
) -> None:
    tell(client, BOUNCE, **BASIC)
    settings.MAIL_PROVIDER, settings.SITE_URL = "", "https://takefive.example"
    client.force_login(ada)
    page = client.get("/account/").content.decode()
    assert "our mail came back: “smtp;550 5.1.1 the address is nobody”" in page
    assert client.post("/account/mail/", {"want": "brief"}).headers["Location"] == "/thanks/"
    ada.refresh_from_db()
    assert ada.status == "stopped"  # not before the mail is answered
    assert Challenge.objects.get().purpose == Challenge.Purpose.SIGN_UP

    client.post("/confirm/", {"code": mailbox.only().code})
    ada.refresh_from_db()
    assert (ada.status, ada.unreachable_since, ada.unreachable_why) == ("active", None, "")


def test_a_bounce_of_a_mail_from_before_the_address_was_confirmed_again_does_not_stop_it(
    client: Client, ada: Reader, delivery: Delivery, postmark: None
) -> None:
    Delivery.objects.update(claimed_at=timezone.now())
    Reader.objects.update(consented_at=timezone.now())
    assert tell(client, BOUNCE, **BASIC) == 200
    ada.refresh_from_db()
    assert (ada.status, Return.objects.count()) == ("active", 1)
