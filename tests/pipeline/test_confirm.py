"""The job that mails links and codes, with committed rows, the real queue and a real SMTP door that is shut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from letters import Mailbox
from sink import Sink, mail_server
from takefive.accounts.models import Challenge, Reader
from takefive.delivery.pace import Pace
from takefive.pipeline import flow, queue
from takefive.pipeline.steps import confirm
from takefive.pipeline.steps.attempts import nameless
from takefive.store.models import Allowance, Hold, Return

SHUT = "smtp://127.0.0.1:9"


@pytest.fixture
def challenge() -> Challenge:
    return Challenge.objects.create(email="ada@example.org", purpose="sign up", browser="b", client="c")


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """The mail server that everything goes through."""
    one = Sink()
    with mail_server(one) as settings.SMTP_URL:
        yield one


def asked(n: int = 0, purpose: str = "sign up", **fields: object) -> Challenge:
    """A request of another client each time."""
    given = {"email": "ada@example.org", "purpose": purpose, "browser": "b", "client": f"client {n}"}
    return Challenge.objects.create(**given | fields)


def mailed(challenge: Challenge, days: float = 0) -> str:
    """How far it comes when its turn is that many days from now."""
    confirm.run(challenge.pk, now=timezone.now() + timedelta(days=days))
    challenge.refresh_from_db()
    return challenge.status


def test_a_form_sent_becomes_a_mail_through_the_queue(mailbox: Mailbox, client: Client) -> None:
    client.post("/sign-up/", {"email": "ada@example.org"})
    assert list(ProcrastinateJob.objects.values_list("task_name", "priority")) == [("confirm", 1)]
    queue.drain()
    assert mailbox.only().message["To"] == "ada@example.org"
    assert Challenge.objects.get().status == "sent"


def test_a_form_that_was_rolled_back_sends_no_mail() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        flow.confirm.defer(challenge=1)
        raise RuntimeError
    assert not ProcrastinateJob.objects.exists()


def test_a_job_done_twice_mails_once(mailbox: Mailbox, challenge: Challenge) -> None:
    flow.confirm(challenge=challenge.pk)
    sealed = Challenge.objects.get().token
    flow.confirm(challenge=challenge.pk)
    assert Challenge.objects.get().token == sealed
    assert len(mailbox.fetch()) == 1


def test_a_lost_job_is_asked_for_again_and_old_challenges_are_swept_away(challenge: Challenge) -> None:
    Challenge.objects.create(email="old@example.org", purpose="sign up", created_at=timezone.now() - timedelta(days=4))
    flow.sweep()
    assert queue.alive("confirm") >= {challenge.pk}
    assert Challenge.objects.get() == challenge


def test_a_server_that_is_down_gets_the_mail_later_with_a_link_that_works(
    mailbox: Mailbox, challenge: Challenge, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMTP_URL = SHUT
    flow.confirm(challenge=challenge.pk)
    challenge.refresh_from_db()
    assert challenge.status == "waiting"
    assert challenge.error
    assert challenge.next_try_at > timezone.now()
    assert "ada@" not in caplog.text
    settings.SMTP_URL = ""
    Challenge.objects.update(next_try_at=timezone.now())
    letter = mailbox.only()
    client = Client()
    client.get(letter.path)
    client.post("/confirm/", {"code": letter.code})
    assert Reader.objects.get().status == "active"


def test_after_some_tries_it_is_given_up(challenge: Challenge, settings: Settings) -> None:
    settings.SMTP_URL = SHUT
    for _ in range(6):
        flow.confirm(challenge=challenge.pk)
    challenge.refresh_from_db()
    assert (challenge.status, challenge.attempts) == ("failed", 4)


@pytest.mark.parametrize(("smtp", "fate"), [("", "sent"), (SHUT, "doubtful")])
def test_a_sender_that_died_leaves_no_second_mail(
    mailbox: Mailbox, challenge: Challenge, settings: Settings, smtp: str, fate: str
) -> None:
    flow.confirm(challenge=challenge.pk)
    Challenge.objects.update(status="sending", mailed_at=timezone.now() - timedelta(minutes=3 if smtp else 0))
    settings.SMTP_URL = smtp
    flow.sweep()
    queue.drain(queues=["deliver"])
    assert Challenge.objects.get().status == fate
    assert len(mailbox.fetch()) == 1


def test_a_mail_just_being_sent_is_left_to_its_sender(challenge: Challenge, settings: Settings) -> None:
    settings.SMTP_URL = SHUT
    Challenge.objects.update(status="sending", mailed_at=timezone.now() - timedelta(seconds=90))
    assert confirm.waiting(timezone.now()) == []
    flow.confirm(challenge=challenge.pk)
    assert Challenge.objects.get().status == "sending"


def test_no_address_gets_into_a_log() -> None:
    error = "550 <ada@example.org>: no such\nuser ada@example.org"
    assert nameless(error, "ada@example.org") == "550 <the address>: no such user the address"


def test_an_address_that_the_server_refuses_is_stopped_and_its_challenge_ends(sink: Sink, challenge: Challenge) -> None:
    sink.refuses = {challenge.email: f"550 5.1.1 <{challenge.email}> is nobody"}
    assert mailed(challenge) == "failed"
    reader = Reader.objects.get()
    assert (reader.status, Return.objects.get().kind) == ("stopped", "refused")
    assert "“550 5.1.1 <the address> is nobody”" in reader.unreachable_why
    assert confirm.waiting(timezone.now() + timedelta(days=1)) == []


def test_a_refusal_that_may_pass_stops_nobody(sink: Sink, challenge: Challenge) -> None:
    sink.refuses = {challenge.email: "451 greylisted"}
    assert mailed(challenge) == "waiting"
    assert Reader.objects.get().status == "pending"
    assert not Return.objects.exists()


@pytest.mark.parametrize("purpose", ["sign up", "sign in"])
def test_an_address_whose_mail_came_back_gets_one_mail_a_week_whoever_asks(sink: Sink, purpose: str) -> None:
    Reader.objects.create_user("ada@example.org", status="stopped", unreachable_since=timezone.now())
    days = (0, 0.1, 1, 3, 6.9, 7.1, 8, 14)
    fates = [mailed(asked(n, purpose, created_at=timezone.now() + timedelta(days=d)), d) for n, d in enumerate(days)]
    assert fates == ["sent", *["dropped"] * 4, "sent", "dropped", "dropped"]


def test_what_an_unreachable_address_got_this_week_is_not_swept_away() -> None:
    since = timezone.now() - timedelta(days=6)
    Reader.objects.create_user("ada@example.org", status="stopped", unreachable_since=since)
    asked(created_at=since, mailed_at=since + timedelta(minutes=1), status="sent")
    asked(email="bob@example.org", created_at=since, mailed_at=since, status="sent")
    flow.sweep()
    assert [one.email for one in Challenge.objects.all()] == ["ada@example.org"]
    assert mailed(asked(1)) == "dropped"


def test_who_shows_that_mail_arrives_may_ask_as_often_as_before(sink: Sink) -> None:
    Reader.objects.create_user("ada@example.org", status="stopped", unreachable_since=timezone.now())
    assert mailed(asked(), 0.01) == "sent"
    Challenge.objects.update(used_at=timezone.now())
    assert mailed(asked(1), 0.1) == "sent"


@pytest.mark.parametrize(("purpose", "life"), [("sign up", timedelta(hours=24)), ("sign in", timedelta(minutes=15))])
def test_a_request_older_than_its_link_would_live_is_dropped_when_a_hold_ends(
    sink: Sink, purpose: str, life: timedelta
) -> None:
    Reader.objects.create_user("ada@example.org", status="stopped")
    Hold.objects.create(why="a faulty template")
    old = asked(purpose=purpose, created_at=timezone.now() - life - timedelta(seconds=1))
    young = asked(1, purpose, created_at=timezone.now() - life + timedelta(minutes=1))
    assert mailed(old) == "waiting"
    Hold.objects.all().delete()
    assert (mailed(old), mailed(young)) == ("dropped", "sent")


def test_over_the_daily_cap_a_confirmation_waits_for_the_next_day(sink: Sink, settings: Settings) -> None:
    settings.MAIL_PACE = Pace(a_day=2)
    requests = [asked(email=f"reader{n}@example.org") for n in range(3)]
    assert [mailed(one) for one in requests] == ["sent", "sent", "waiting"]
    assert Allowance.objects.get().used == 2
    later = Challenge.objects.get(status="waiting")
    assert later.next_try_at.date() == timezone.now().date() + timedelta(days=1)
    assert (later.attempts, later.token, Reader.objects.count()) == (0, "", 2)
    Challenge.objects.update(created_at=later.next_try_at)
    confirm.run(later.pk, now=later.next_try_at)
    assert len(sink.taken) == 3


def test_a_domain_gets_so_many_confirmations_a_minute(sink: Sink, settings: Settings) -> None:
    settings.MAIL_PACE = Pace(a_minute=1)
    emails = ("a@slow.example", "b@slow.example", "c@fast.example")
    now = timezone.now()
    for email in emails:
        confirm.run(asked(email=email).pk, now=now)
    assert sink.recipients() == ["a@slow.example", "c@fast.example"]
