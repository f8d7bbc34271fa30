"""One mail's way out: to whom it may go, and what becomes of a row when something breaks."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.common.errors import MailError, UsageError
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


def test_without_a_mail_server_what_is_bound_for_one_is_left_to_it(delivery: Delivery, settings: Settings) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    for status in (Status.WAITING, Status.SENDING):
        Delivery.objects.update(channel="smtp", status=status, claimed_at=long_ago, next_try_at=long_ago)
        assert deliver.waiting(timezone.now()) == []
        assert delivered(delivery).status == status
    assert list(settings.OUTBOX.iterdir()) == []


def test_a_mail_bound_for_the_outbox_folder_changes_its_channel_before_it_goes_out_over_smtp(
    delivery: Delivery, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Door:
        def send(self, message: object) -> None:
            assert Delivery.objects.values_list("channel", "status").get() == ("smtp", "sending")
            settings.SMTP_URL = ""  # another process, without a mail server, comes in between
            deliver.run(delivery.pk, now=timezone.now())

    settings.SMTP_URL = SHUT
    Delivery.objects.update(channel="outbox")
    monkeypatch.setattr("takefive.pipeline.steps.outside.channel", lambda: nullcontext(Door()))
    assert delivered(delivery).status == Status.SENT
    assert list(settings.OUTBOX.iterdir()) == []


def test_the_file_in_the_making_is_left_alone_by_who_has_a_mail_server(delivery: Delivery, settings: Settings) -> None:
    settings.SMTP_URL = SHUT
    Delivery.objects.update(channel="outbox", status=Status.SENDING, claimed_at=timezone.now())
    assert delivered(delivery).status == Status.SENDING


def test_a_mail_servers_address_that_cannot_be_read_leaves_the_row_waiting(
    delivery: Delivery, settings: Settings
) -> None:
    settings.SMTP_URL = "mail.example.org:25"
    with pytest.raises(UsageError, match="must look like smtp://"):
        delivered(delivery)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (Status.WAITING, 0)


def test_a_row_tells_no_address_that_the_server_repeats(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise MailError("550 <you@example.org>: no such user")

    monkeypatch.setattr("takefive.pipeline.steps.outside.channel", refuse)
    assert delivered(delivery).error == "550 <the address>: no such user"


def test_the_first_wait_is_two_minutes_and_each_next_one_twice_as_long() -> None:
    assert [wait_after(n) for n in (1, 2, 3, 40)] == [timedelta(minutes=n) for n in (2, 4, 8, 24 * 60)]


def test_an_unforeseen_error_tells_its_kind_alone() -> None:
    assert fault(KeyError("you@example.org")) == "KeyError: a fault of ours, see the log"
