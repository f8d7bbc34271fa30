"""Answers to briefs over a real LMTP server: who may steer, what is done, and that no loop begins."""

from __future__ import annotations

import asyncio
import email
import email.policy
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest
from django.utils import timezone
from pytest_django import Settings

from pipeline.outlets import a_brief
from takefive.accounts.models import Reader
from takefive.accounts.reply_address import brief_of, reply_address
from takefive.accounts.wishes import document_of
from takefive.delivery.message import compose
from takefive.delivery.pace import Pace
from takefive.pipeline import contents, flow, queue, receiver
from takefive.pipeline.steps import reply
from takefive.store.models import Brief, Feedback, Reply


@pytest.fixture
def brief(reader: Reader, settings: Settings, tmp_path: Path) -> Brief:
    settings.REPLY_TO, settings.OUTBOX = "reply@in.takefive.example", tmp_path / "outbox"
    return a_brief(reader)


@pytest.fixture
def port() -> Iterator[int]:
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(receiver.listen("127.0.0.1", 0))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def written(brief: Brief, words: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {
        "From": brief.reader.email,
        "To": reply_address(brief.pk),
        "Subject": "Re: Five",
        "Message-ID": "<1@m.example>",
    }
    for name, value in (given | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        message[name] = value
    message.set_content(words)
    return message


def deliver(port: int, brief: Brief, words: str, *, sender: str = "you@example.org", **headers: str) -> None:
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as server:
        server.sendmail(sender, [reply_address(brief.pk)], written(brief, words, **headers).as_bytes())


def answers(folder: Path) -> list[EmailMessage]:
    queue.drain(queues=["deliver"])
    files = sorted(folder.glob("*.eml")) if folder.exists() else []
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def received(brief: Brief, words: str, *, sender: str = "you@example.org", **headers: str) -> bool:
    return reply.receive(
        written(brief, words, **headers).as_bytes(),
        sender=sender,
        recipient=reply_address(brief.pk),
        now=timezone.now(),
        then=lambda row: flow.answer.defer(reply=row),
    )


def test_what_was_asked_for_is_done_and_answered(brief: Brief, port: int, settings: Settings) -> None:
    deliver(port, brief, "more like 1\nmute crypto\nweekly\n\nOn Tue, Takefive wrote:\n> stop\n")
    brief.reader.refresh_from_db()
    assert Feedback.objects.get().kind == "more"
    assert document_of(brief.reader).mute_topics == ("crypto",)
    assert (brief.reader.frequency, brief.reader.status) == ("weekly", "active")
    (answer,) = answers(settings.OUTBOX)
    body = answer.get_content()
    assert answer["To"] == brief.reader.email
    assert answer["In-Reply-To"] == "<1@m.example>"
    assert answer["Auto-Submitted"] == "auto-replied"
    for said in ("Short sleep makes surgeons slower", "crypto", "once a week"):
        assert said in " ".join(body.split())


@pytest.mark.parametrize(
    "address", ["reply@in.takefive.example", "reply+1-{0}@in.takefive.example", "stop@elsewhere.example"]
)
def test_an_address_that_we_did_not_make_is_refused_before_the_mail_is_read(
    brief: Brief, port: int, address: str
) -> None:
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as server, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        server.sendmail("you@example.org", [address.format("0" * 24)], b"stop")
    assert next(iter(refused.value.recipients.values()))[0] == 550


def test_a_mail_too_large_is_refused(brief: Brief, port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as server, pytest.raises(smtplib.SMTPException):
        server.sendmail("you@example.org", [reply_address(brief.pk)], b"x\r\n" * 400_000)
    assert not Reply.objects.exists()


def test_the_reply_address_survives_servers_that_fold_case_and_belongs_to_one_brief(brief: Brief) -> None:
    address = reply_address(brief.pk)
    assert brief_of(address.upper()) == brief.pk
    assert brief_of(address.replace(f"+{brief.pk}-", f"+{brief.pk + 1}-")) is None
    assert len(address.partition("@")[0]) <= 64


def test_who_knows_the_address_but_is_not_its_reader_steers_nothing(brief: Brief, settings: Settings) -> None:
    assert received(brief, "stop", From="mallory@example.net")
    brief.reader.refresh_from_db()
    assert brief.reader.status == "active"
    (answer,) = answers(settings.OUTBOX)
    assert answer["To"] == brief.reader.email  # and nothing ever goes to who wrote
    assert "from another address" in " ".join(answer.get_content().split())


def test_a_forged_sender_without_the_address_steers_nothing(brief: Brief) -> None:
    message = written(brief, "stop").as_bytes()
    forged = reply_address(brief.pk)[:-30] + "0" * 5 + "@in.takefive.example"
    assert not reply.receive(
        message, sender="you@example.org", recipient=forged, now=timezone.now(), then=lambda _: None
    )
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<l.example>"}]
)
def test_no_machine_is_answered(brief: Brief, headers: dict[str, str], settings: Settings) -> None:
    assert not received(brief, "stop", **headers)
    assert not received(brief, "stop", sender="")
    assert answers(settings.OUTBOX) == []


def test_our_own_answer_sent_back_to_us_ends_there(brief: Brief, settings: Settings) -> None:
    received(brief, "mute crypto")
    (answer,) = answers(settings.OUTBOX)
    assert not reply.receive(
        answer.as_bytes(),
        sender="you@example.org",
        recipient=reply_address(brief.pk),
        now=timezone.now(),
        then=lambda _: None,
    )


def test_the_same_mail_again_does_nothing_again(brief: Brief, settings: Settings) -> None:
    assert received(brief, "mute crypto")
    assert not received(brief, "mute crypto")
    assert len(answers(settings.OUTBOX)) == 1


def test_twenty_a_day_are_read_and_no_more(brief: Brief) -> None:
    taken = [received(brief, "mute crypto", Message_ID=f"<{n}@m.example>") for n in range(25)]
    assert sum(taken) == reply.A_DAY


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [("stop", "status", "stopped"), ("daily", "frequency", "daily"), ("weekdays", "frequency", "weekdays")],
)
def test_each_word_does_its_one_thing(brief: Brief, words: str, field: str, value: str) -> None:
    received(brief, words)
    assert Reader.objects.values_list(field, flat=True).get() == value


def test_a_pause_begins_and_ends(brief: Brief) -> None:
    received(brief, "pause for two weeks")
    assert Reader.objects.get().pause_until is not None
    received(brief, "resume", Message_ID="<2@m.example>")
    assert Reader.objects.get().pause_until is None


def test_who_stopped_is_not_started_again_by_a_mail(brief: Brief) -> None:
    Reader.objects.update(status="stopped")
    received(brief, "resume")
    assert Reader.objects.get().status == "stopped"
    assert "start it again in your account" in Reply.objects.get().done[0]


def test_a_number_that_the_brief_does_not_have_does_nothing_and_says_so(brief: Brief) -> None:
    received(brief, "more like 4")
    assert not Feedback.objects.exists()
    assert "no number 4" in Reply.objects.get().done[0]


def test_a_show_of_the_brief_is_muted_by_its_name(brief: Brief) -> None:
    received(brief, "mute slow talk")
    document = document_of(Reader.objects.get())
    assert document.mute_podcasts == ("https://feeds.example/1",)
    assert document.mute_topics == ()


def test_a_mail_that_cannot_be_read_is_taken_and_dropped(
    brief: Brief, port: int, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for header in ("From: <", "Message-ID: <<<", "Content-Type: text/plain; charset=\0"):
        with smtplib.LMTP("127.0.0.1", port, timeout=20) as server:
            server.sendmail("you@example.org", [reply_address(brief.pk)], f"{header}\r\n\r\nmute crypto\r\n".encode())
    assert not Reply.objects.exists()
    assert answers(settings.OUTBOX) == []
    assert caplog.text.count("dropped: a mail that cannot be read") == 3
    assert "Traceback" not in caplog.text


def test_an_answer_counts_into_the_daily_cap_and_waits_over_it(brief: Brief, settings: Settings) -> None:
    settings.MAIL_PACE = Pace(a_day=1)
    received(brief, "mute crypto")
    received(brief, "mute football", Message_ID="<2@m.example>")
    assert len(answers(settings.OUTBOX)) == 1
    waits = Reply.objects.get(status="waiting")
    assert (waits.attempts, waits.next_try_at.date()) == (0, timezone.now().date() + timedelta(days=1))
    reply.run(waits.pk, now=waits.next_try_at)
    assert Reply.objects.filter(status="sent").count() == 2


def test_no_word_of_a_reader_is_kept_once_it_is_answered(brief: Brief, settings: Settings) -> None:
    received(brief, "mute crypto\nmy secret diary begins here")
    (answer,) = answers(settings.OUTBOX)
    assert "my secret diary begins here" in " ".join(answer.get_content().split())
    assert "diary" not in str(Reply.objects.values().get())


def test_the_mail_says_where_to_answer_and_without_a_setting_it_does_not(brief: Brief, settings: Settings) -> None:
    message = compose(contents.content(brief), now=timezone.now())
    assert message["Reply-To"] == reply_address(brief.pk)
    assert f"Reply-To: {reply_address(brief.pk)}".encode() in message.as_bytes()
    body = message.get_body(("plain",))
    assert body is not None
    assert "just reply" in " ".join(body.get_content().split())
    settings.REPLY_TO = ""
    assert compose(contents.content(brief), now=timezone.now())["Reply-To"] is None


def test_deleting_the_reader_deletes_replies_answers_and_their_jobs(brief: Brief, settings: Settings) -> None:
    received(brief, "mute crypto")
    brief.reader.delete()
    assert not Reply.objects.exists()
    assert answers(settings.OUTBOX) == []
