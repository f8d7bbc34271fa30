"""Bounces and complaints over a real LMTP server: who is stopped, and that nobody can forge one."""

from __future__ import annotations

import smtplib

import pytest
from django.utils import timezone
from pytest_django import Settings

from delivery.reports import EXCHANGE, bounce, complaint
from pipeline.test_reply import port  # noqa: F401 - a fixture
from takefive.accounts.models import Reader
from takefive.store.models import Brief, Delivery, Return

OURS = "<0123456789abcdef0123456789abcdef@takefive.example>"
SENDER = "brief@takefive.example"


@pytest.fixture(autouse=True)
def delivery(reader: Reader, settings: Settings) -> Delivery:
    settings.SENDER, settings.REPLY_TO = f"Takefive <{SENDER}>", "reply@in.takefive.example"
    brief = Brief.objects.create(reader=reader, day=timezone.now().date())
    return Delivery.objects.create(brief=brief, status="sent", message_id=OURS, claimed_at=timezone.now())


def receive(port: int, raw: bytes, *, at: str = SENDER) -> None:  # noqa: F811
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as server:
        server.sendmail("", [at], raw)


def kinds() -> list[tuple[str, str]]:
    return list(Return.objects.values_list("kind", "said"))


@pytest.mark.django_db(transaction=True)
def test_a_bounce_stops_the_address_and_is_kept_once(port: int, reader: Reader, delivery: Delivery) -> None:  # noqa: F811
    for _ in range(2):
        receive(port, bounce(OURS, form=EXCHANGE))
    reader.refresh_from_db()
    assert kinds() == [("bounced", "550 5.1.1 No such user")]
    assert reader.status == "stopped"
    assert Return.objects.get().delivery == delivery


@pytest.mark.django_db(transaction=True)
def test_a_complaint_stops_the_address(port: int, reader: Reader) -> None:  # noqa: F811
    receive(port, complaint(OURS))
    reader.refresh_from_db()
    assert (kinds(), reader.status) == ([("complained", "")], "stopped")


@pytest.mark.django_db(transaction=True)
def test_a_full_mailbox_is_kept_and_stops_nobody(port: int, reader: Reader) -> None:  # noqa: F811
    receive(port, bounce(OURS, status="5.2.2", said="552 5.2.2 Mailbox full"))
    before = reader.status
    reader.refresh_from_db()
    assert (kinds(), reader.status) == ([("failed", "552 5.2.2 Mailbox full")], before)


@pytest.mark.django_db(transaction=True)
def test_one_that_quotes_no_mail_of_ours_changes_nothing(port: int, reader: Reader) -> None:  # noqa: F811
    receive(port, bounce(OURS.replace("0", "1")))
    receive(port, complaint("<guessed@takefive.example>"))
    before = reader.status
    reader.refresh_from_db()
    assert (kinds(), reader.status) == ([], before)


@pytest.mark.django_db(transaction=True)
def test_any_other_address_is_refused(port: int) -> None:  # noqa: F811
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        receive(port, bounce(OURS), at="abuse@takefive.example")
