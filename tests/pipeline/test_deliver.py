"""One mail's way out: to whom it may go, and what becomes of a row when something breaks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.common.errors import MailError
from takefive.pipeline.steps import deliver
from takefive.pipeline.steps.attempts import fault, wait_after
from takefive.store.models import Brief, Delivery

SHUT = "smtp://127.0.0.1:9"
Status = Delivery.Status


@pytest.fixture
def delivery(reader: Reader, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """A mail that waits, with an outbox of its own."""
    settings.OUTBOX = tmp_path_factory.mktemp("outbox")
    return Delivery.objects.create(brief=Brief.objects.create(reader=reader, day=date(2026, 11, 24)))


def delivered(delivery: Delivery) -> Delivery:
    deliver.run(delivery.pk, now=timezone.now())
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize("change", [{"status": "stopped"}, {"pause_until": date(2200, 1, 1)}])
def test_who_stopped_or_paused_since_the_brief_was_made_gets_no_mail(
    delivery: Delivery, settings: Settings, change: dict[str, object]
) -> None:
    Reader.objects.update(**change)
    assert delivered(delivery).status == Status.FAILED
    assert delivery.error == "the reader stopped their mail"
    assert list(settings.OUTBOX.iterdir()) == []


def test_who_has_not_confirmed_or_whose_pause_is_over_gets_it(delivery: Delivery) -> None:
    Reader.objects.update(status="pending", pause_until=date(2020, 1, 1))
    assert delivered(delivery).status == Status.SENT


def test_a_mail_that_cannot_be_composed_is_one_line_and_is_given_up_in_the_end(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(brief: Brief) -> None:
        raise ValueError("DETAIL: (you@example.org, token)")

    monkeypatch.setattr(deliver, "content", broken)
    assert delivered(delivery).status == Status.WAITING
    assert delivery.error == "ValueError: a fault of ours, see the log"
    assert delivery.next_try_at > timezone.now()
    for _ in range(7):
        delivered(delivery)
    assert (delivery.status, delivery.attempts) == (Status.FAILED, 8)


def test_over_smtp_a_mail_just_being_sent_is_left_to_its_sender(delivery: Delivery, settings: Settings) -> None:
    settings.SMTP_URL = SHUT
    now = timezone.now()
    Delivery.objects.update(status=Status.SENDING, claimed_at=now - timedelta(seconds=90))
    assert deliver.waiting(now) == []
    assert delivered(delivery).status == Status.SENDING

    Delivery.objects.update(claimed_at=now - timedelta(minutes=3))
    assert deliver.waiting(now) == [delivery.pk]
    assert delivered(delivery).status == Status.DOUBTFUL


def test_a_row_tells_no_address_that_the_server_repeats(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise MailError("550 <you@example.org>: no such user")

    monkeypatch.setattr("takefive.pipeline.steps.outside.channel", refuse)
    assert delivered(delivery).error == "550 <the address>: no such user"


def test_the_first_wait_is_two_minutes_and_each_next_one_twice_as_long() -> None:
    assert [wait_after(n) for n in (1, 2, 3, 40)] == [timedelta(minutes=n) for n in (2, 4, 8, 24 * 60)]


def test_an_unforeseen_error_tells_its_kind_alone() -> None:
    assert fault(KeyError("you@example.org")) == "KeyError: a fault of ours, see the log"
