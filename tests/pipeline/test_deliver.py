"""Mails' way out: to whom they may go, once, and what becomes of a row when something breaks."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from sink import Sink, mail_server
from takefive.accounts.models import Reader
from takefive.common.errors import UsageError
from takefive.delivery.pace import Pace
from takefive.pipeline import flow
from takefive.pipeline.steps import allow, deliver
from takefive.pipeline.steps.attempts import fault, wait_after
from takefive.store.models import Brief, Delivery, Hold, Podcast, Return

from .outlets import a_brief

SHUT = "smtp://127.0.0.1:9"
Status = Delivery.Status


@pytest.fixture
def delivery(reader: Reader, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """A mail that waits, with an outbox of its own."""
    settings.OUTBOX = tmp_path_factory.mktemp("outbox")
    return waiting_for(reader)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """The mail server that everything goes through."""
    one = Sink()
    with mail_server(one) as settings.SMTP_URL:
        yield one


def waiting_for(reader: Reader, days_ago: int = 0, **fields: object) -> Delivery:
    day = timezone.now().date() - timedelta(days=days_ago)
    return Delivery.objects.create(brief=Brief.objects.create(reader=reader, day=day), **fields)


def readers(count: int, domain: str = "example.org") -> list[Reader]:
    return [Reader.objects.create_user(f"reader{n}@{domain}", status="active") for n in range(count)]


def delivered(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now() - timedelta(seconds=1))
    deliver.run()
    delivery.refresh_from_db()
    return delivery


# Many


def test_a_job_sends_a_hundred_on_one_connection_and_asks_for_another_where_more_wait(sink: Sink) -> None:
    mails = [waiting_for(reader) for reader in readers(120)]
    asked: list[str] = []
    deliver.run(then=lambda: asked.append("more"))

    assert len(sink.taken) == 100
    assert (sink.connections, asked) == (1, ["more"])
    deliver.run(then=lambda: asked.append("more"))
    assert sorted(sink.recipients()) == sorted(mail.brief.reader.email for mail in mails)
    assert asked == ["more"]
    assert set(Delivery.objects.values_list("status", "channel")) == {("sent", "smtp")}


def test_each_row_is_committed_as_sending_with_its_very_mail_before_that_goes_out(sink: Sink) -> None:
    seen: list[tuple[object, ...]] = []
    for reader in readers(3):
        waiting_for(reader)

    def look(mail: bytes) -> None:
        rows = Delivery.objects.filter(status=Status.SENDING).values_list("message_id", "mail__packed")
        seen.extend((message_id.encode() in mail, zlib.decompress(packed) == mail) for message_id, packed in rows)

    sink.then = lambda mail: in_a_thread(look, mail)
    deliver.run()

    assert seen == [(True, True)] * 3


def in_a_thread(work: object, *given: object) -> None:
    """Django's connections belong to a thread, and the server's runs an event loop."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def and_close() -> None:
        try:
            work(*given)  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(and_close).result()


def test_two_senders_at_once_send_each_mail_once(sink: Sink) -> None:
    for reader in readers(30):
        waiting_for(reader)
    others = iter([True])
    sink.then = lambda mail: in_a_thread(flow.deliver) if next(others, None) else None
    deliver.run()
    flow.deliver()

    assert len(sink.taken) == len(set(sink.recipients())) == 30


def test_a_server_that_is_not_there_is_asked_once_and_not_for_every_mail(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMTP_URL = SHUT
    for reader in readers(5):
        waiting_for(reader)
    deliver.run()

    assert caplog.text.count("cannot reach the mail server") == 1
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert set(Delivery.objects.values_list("status", flat=True)) == {"waiting"}


def test_one_that_is_refused_does_not_hold_up_the_others(sink: Sink) -> None:
    first, second, third = (waiting_for(reader) for reader in readers(3))
    sink.refuses = {first.brief.reader.email: "451 greylisted", second.brief.reader.email: "550 5.1.1 no such user"}
    deliver.run()

    for delivery in (first, second, third):
        delivery.refresh_from_db()
    assert [d.status for d in (first, second, third)] == ["waiting", "failed", "sent"]


# Holds and limits


@pytest.mark.parametrize("switch", ["setting", "admin"])
def test_while_all_mail_is_held_nothing_leaves_and_nothing_is_lost(
    switch: str, sink: Sink, reader: Reader, settings: Settings
) -> None:
    waiting_for(reader)
    settings.MAIL_HELD = switch == "setting"
    if switch == "admin":
        Hold.objects.create(why="a faulty template")
    deliver.run()
    assert not deliver.waiting(timezone.now())
    assert (sink.taken, Delivery.objects.get().status) == ([], "waiting")

    settings.MAIL_HELD = False
    Hold.objects.all().delete()
    assert deliver.waiting(timezone.now())
    deliver.run()
    assert len(sink.taken) == 1


def test_a_hold_stops_a_batch_in_the_middle(sink: Sink) -> None:
    for reader in readers(10):
        waiting_for(reader)
    sink.then = lambda mail: (
        in_a_thread(lambda: Hold.objects.get_or_create(only=True)) if len(sink.taken) == 3 else None
    )
    deliver.run()

    assert len(sink.taken) == 3
    assert Delivery.objects.filter(status=Status.WAITING).count() == 7


def test_the_daily_cap_is_shared_and_what_is_over_waits_for_the_next_day(sink: Sink, settings: Settings) -> None:
    settings.MAIL_PACE = Pace(a_day=5)
    for reader in readers(8):
        waiting_for(reader)
    for _ in range(3):
        deliver.run()

    assert len(sink.taken) == 5
    now = timezone.now()
    later = Delivery.objects.filter(status=Status.WAITING).values_list("next_try_at", flat=True)
    assert {when.date() for when in later} == {now.date() + timedelta(days=1)}
    deliver.run(clock=lambda: now + timedelta(days=1))
    assert {d.status for d in Delivery.objects.all()} == {"sent", "failed"}  # its day was over
    assert Delivery.objects.filter(error__contains="its morning is over").count() == 3


def test_a_twentieth_of_the_day_is_left_to_mails_that_somebody_waits_for(settings: Settings) -> None:
    settings.MAIL_PACE, now = Pace(a_day=40), timezone.now()
    assert [allow.shared([f"r{n}@x.example" for n in range(50)], now).count(None) for _ in range(2)] == [38, 0]
    assert allow.shared(["ada@x.example"] * 5, now, awaited=True).count(None) == 2


def test_a_domain_gets_so_many_a_minute_and_the_others_go_on(sink: Sink, settings: Settings) -> None:
    settings.MAIL_PACE = Pace(a_minute=2)
    for reader in readers(4, "slow.example") + readers(2, "fast.example"):
        waiting_for(reader)
    now = timezone.now()
    deliver.run(clock=lambda: now)
    assert sorted(to.partition("@")[2] for to in sink.recipients()) == ["fast.example"] * 2 + ["slow.example"] * 2
    deliver.run(clock=lambda: now + timedelta(minutes=1))
    assert len(sink.taken) == 6


# Not wanted, too late


@pytest.mark.parametrize("change", [{"status": "stopped"}, {"pause_until": date(2200, 1, 1)}])
def test_who_stopped_or_paused_since_the_brief_was_made_gets_no_mail(
    delivery: Delivery, settings: Settings, change: dict[str, object]
) -> None:
    Reader.objects.update(**change)
    assert delivered(delivery).status == Status.FAILED
    assert delivery.error == "the reader stopped their mail"
    assert list(settings.OUTBOX.iterdir()) == []


def test_who_stops_while_the_batch_is_being_sent_gets_no_mail(sink: Sink) -> None:
    for reader in readers(5):
        waiting_for(reader)
    sink.then = lambda mail: in_a_thread(lambda: Reader.objects.update(status="stopped"))
    deliver.run()
    assert len(sink.taken) == 1


def test_who_has_not_confirmed_or_whose_pause_is_over_gets_it(delivery: Delivery) -> None:
    Reader.objects.update(status="pending", pause_until=date(2020, 1, 1))
    assert delivered(delivery).status == Status.SENT


def test_a_mail_that_was_tried_is_given_up_when_its_morning_is_over(sink: Sink, reader: Reader) -> None:
    delivery = waiting_for(reader, attempts=2, error="451 greylisted")
    Brief.objects.update(created_at=timezone.now() - timedelta(hours=6))
    assert delivered(delivery).status == Status.FAILED
    assert delivery.error == "451 greylisted: given up, its morning is over"


def test_a_mail_that_had_no_turn_goes_out_as_long_as_its_day_lasts(sink: Sink, reader: Reader) -> None:
    delivery, late = waiting_for(reader), waiting_for(reader, days_ago=2)
    Brief.objects.update(created_at=timezone.now() - timedelta(hours=6))
    assert (delivered(delivery).status, delivered(late).status) == (Status.SENT, Status.FAILED)


def test_one_sent_again_on_purpose_has_its_own_id_and_no_hour(sink: Sink, reader: Reader) -> None:
    delivery = waiting_for(reader, days_ago=3)
    delivered(delivery)
    Brief.objects.update(created_at=timezone.now() - timedelta(days=3))
    again = Delivery.objects.create(brief=delivery.brief, channel="smtp", copy=1)
    assert delivered(again).status == Status.SENT
    assert len({letter["Message-ID"] for letter in sink.letters()}) == 2


# What comes back


def test_an_address_that_the_server_refuses_is_stopped_with_the_reason(sink: Sink, delivery: Delivery) -> None:
    reader = delivery.brief.reader
    sink.refuses = {reader.email: f"550 5.1.1 <{reader.email}> is nobody"}
    assert delivered(delivery).status == Status.FAILED
    reader.refresh_from_db()
    assert reader.status == Reader.Status.STOPPED
    assert reader.unreachable_since is not None
    assert "would not take our mail: “550 5.1.1 <the address> is nobody”" in reader.unreachable_why
    assert Return.objects.get().delivery == delivery


def test_a_refusal_that_is_not_about_the_address_stops_it_the_third_time_in_a_row(sink: Sink, reader: Reader) -> None:
    sink.refuses = {reader.email: "550 5.7.1 your network is on our list"}
    fates = []
    for days_ago in (3, 2, 1):
        assert delivered(waiting_for(reader, days_ago=days_ago)).status == Status.FAILED
        reader.refresh_from_db()
        fates.append(reader.status)
    assert fates == ["active", "active", "stopped"]


def test_a_mail_that_arrived_in_between_begins_the_count_anew(sink: Sink, reader: Reader) -> None:
    for days_ago in (5, 4, 3, 2, 1):
        sink.refuses = {} if days_ago == 3 else {reader.email: "554 no"}
        delivered(waiting_for(reader, days_ago=days_ago))
    reader.refresh_from_db()
    assert reader.status == "active"


# Breakage


def test_a_server_that_hangs_up_after_the_mail_leaves_one_doubt_and_the_others_go_on(sink: Sink) -> None:
    for reader in readers(3):
        waiting_for(reader)
    sink.hangs_up = True
    deliver.run()
    deliver.run()
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["doubtful", "sent", "sent"]
    assert len(sink.taken) == len(set(sink.recipients())) == 3


def test_a_mail_that_cannot_be_composed_is_one_line_and_is_given_up_in_the_end(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise ValueError("DETAIL: (you@example.org, token)")

    monkeypatch.setattr(deliver, "compose", broken)
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
    assert not deliver.waiting(now)
    assert delivered(delivery).status == Status.SENDING

    Delivery.objects.update(claimed_at=now - timedelta(minutes=3))
    assert deliver.waiting(now)
    assert delivered(delivery).status == Status.DOUBTFUL
    assert not deliver.waiting(now)


def test_without_a_mail_server_what_is_bound_for_one_is_left_to_it(delivery: Delivery, settings: Settings) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    for channel in ("smtp", "provider"):
        for status in (Status.WAITING, Status.SENDING):
            Delivery.objects.update(channel=channel, status=status, claimed_at=long_ago, next_try_at=long_ago)
            assert not deliver.waiting(timezone.now())
            assert delivered(delivery).status == status
    assert list(settings.OUTBOX.iterdir()) == []


def test_what_another_step_hands_over_is_left_to_it(delivery: Delivery, sink: Sink) -> None:
    Delivery.objects.update(channel="webhook")
    assert not deliver.waiting(timezone.now())
    assert delivered(delivery).status == Status.WAITING


def test_a_mail_bound_for_the_outbox_folder_changes_its_channel_before_it_goes_out_over_smtp(
    delivery: Delivery, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Door:
        def send(self, message: object) -> None:
            assert Delivery.objects.values_list("channel", "status").get() == ("smtp", "sending")
            settings.SMTP_URL = ""  # another process, without a mail server, comes in between
            deliver.run()

    settings.SMTP_URL = SHUT
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


def test_the_very_mails_are_forgotten_after_some_days(delivery: Delivery, settings: Settings) -> None:
    delivered(delivery)
    deliver.purge(timezone.now() + timedelta(days=settings.MAIL_KEPT_DAYS - 1))
    assert delivery.mail.packed
    deliver.purge(timezone.now() + timedelta(days=settings.MAIL_KEPT_DAYS + 1))
    assert not Delivery.objects.filter(mail__isnull=False).exists()


def test_the_first_wait_is_two_minutes_and_each_next_one_twice_as_long() -> None:
    assert [wait_after(n) for n in (1, 2, 3, 40)] == [timedelta(minutes=n) for n in (2, 4, 8, 24 * 60)]


def test_an_unforeseen_error_tells_its_kind_alone() -> None:
    assert fault(KeyError("you@example.org")) == "KeyError: a fault of ours, see the log"


@pytest.mark.parametrize("change", [{"private": True}, {"blocked": True}])
def test_nothing_of_a_show_that_turned_private_goes_out_not_even_again(
    change: dict[str, bool], reader: Reader, sink: Sink
) -> None:
    brief = a_brief(reader)
    delivery = Delivery.objects.create(brief=brief)
    Podcast.objects.update(**change)

    assert delivered(delivery).status == Status.FAILED
    assert "may be shown" in delivery.error
    assert delivered(Delivery.objects.create(brief=brief, copy=1)).status == Status.FAILED
    assert sink.taken == []
