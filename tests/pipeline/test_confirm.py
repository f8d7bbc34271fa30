"""The job that mails links and codes, with committed rows, the real queue and a real SMTP door that is shut."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from letters import Mailbox
from takefive.accounts.models import Challenge, Reader
from takefive.pipeline import flow, queue
from takefive.pipeline.steps import confirm
from takefive.pipeline.steps.attempts import nameless

SHUT = "smtp://127.0.0.1:9"


@pytest.fixture
def challenge() -> Challenge:
    return Challenge.objects.create(email="ada@example.org", purpose="sign up", browser="b", client="c")


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
