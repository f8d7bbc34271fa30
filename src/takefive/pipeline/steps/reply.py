"""Mails that readers write back -> what they asked for, done, and a mail that says so.

The address that was written to says which brief is answered, and only we can make it; the mail must also come from the address of
that brief's reader. What was asked for, and the row that the answer is made from, are committed together before the mail is
taken, so a mail that comes twice does nothing twice. The answer goes out like any mail of ours: doubtful ones are not repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from takefive.accounts import reply_address
from takefive.accounts.models import Reader
from takefive.common.errors import MailError
from takefive.delivery.acknowledge import compose
from takefive.delivery.channel import DoubtfulError
from takefive.delivery.reply import Letter, read, wishes
from takefive.pipeline import granting
from takefive.pipeline.steps import allow, outside
from takefive.pipeline.steps.attempts import nameless, orphaned, wait_after
from takefive.store.models import Brief, Delivery, Reply

log = logging.getLogger(__name__)

A_DAY = 20  # replies of one reader that are read
_MOST_ATTEMPTS = 4
_ELSEWHERE = "Nothing was done: an answer to your brief came from another address than yours. If it was you, write from this one."
_Status = Reply.Status


def is_ours(address: str) -> bool:
    """Whether anything may be received at this address."""
    return reply_address.brief_of(address) is not None


def receive(raw: bytes, *, sender: str, recipient: str, now: datetime, then: Callable[[int], None]) -> bool:
    """Do what a mail asks for; whether it was a person's mail to a brief that there is, and not the same again.

    `sender` is the envelope's. `then` is called with the row of the answer, in its transaction.
    """
    brief_id = reply_address.brief_of(recipient)
    letter = _letter(raw, sender)
    if brief_id is None or letter is None:
        return False
    with transaction.atomic():
        brief = Brief.objects.select_related("reader").filter(pk=brief_id).first()
        # One mail of a reader at a time, so that two do not both find that the other is not there.
        if brief is None or not Reader.objects.select_for_update().filter(pk=brief.reader_id).exists():
            return False
        row = _row(brief, letter, raw, now)
        if row is None:
            return False
        row.done = _done(brief, letter, now)
        row.save()
        then(row.pk)
        return True


def waiting(now: datetime) -> list[int]:
    """Answers to send now, and those whose sender died."""
    if allow.held():
        return []
    due = Q(status=_Status.WAITING, next_try_at__lte=now) | orphaned("claimed_at", now)
    return list(Reply.objects.filter(due).values_list("pk", flat=True))


def run(reply_id: int, *, now: datetime) -> None:
    """Mail one answer and record how that went."""
    if allow.held():
        return
    with outside.channel() as channel:
        reply = _claim(reply_id, now)
        if reply is None:
            return
        try:
            channel.send(_answer(reply))
        except MailError as error:
            _note_failure(reply, error, now)
        else:
            Reply.objects.filter(pk=reply.pk).update(status=_Status.SENT, error="", done=[])


def _letter(raw: bytes, sender: str) -> Letter | None:
    """None where nobody wrote it or nobody can read it: that one is dropped, since it will not get better by coming again."""
    try:
        return read(raw, sender=sender)
    except MailError as error:
        log.warning("an answer of a reader was dropped: %s", error)
        return None


def _row(brief: Brief, letter: Letter, raw: bytes, now: datetime) -> Reply | None:
    """The row of this mail; None where it was read before, or where its reader writes too much."""
    said = letter.message_id
    known = said if 0 < len(said) <= 250 and said.isprintable() else f"sha256:{sha256(raw).hexdigest()}"
    theirs = Reply.objects.filter(reader=brief.reader_id)
    if (
        theirs.filter(message_id=known).exists()
        or theirs.filter(received_at__gt=now - timedelta(days=1)).count() >= A_DAY
    ):
        return None
    subject = "".join(c for c in letter.subject if c.isprintable())[:120]
    return Reply(reader=brief.reader, brief=brief, message_id=known, subject=subject, received_at=now, next_try_at=now)


def _done(brief: Brief, letter: Letter, now: datetime) -> list[str]:
    reader = brief.reader
    if letter.author != reader.email:
        return [_ELSEWHERE]
    asked = wishes(letter.words, today=now.astimezone(reader.tzinfo).date())
    return [granting.grant(brief, wish, now) for wish in asked] or ["Nothing was asked for that is understood here."]


def _claim(reply_id: int, now: datetime) -> Reply | None:
    with transaction.atomic():
        ours = Q(status=_Status.WAITING) | orphaned("claimed_at", now)
        reply = Reply.objects.select_for_update(of=("self",)).select_related("reader").filter(ours, pk=reply_id).first()
        if reply is None:
            return None
        if reply.status == _Status.SENDING and Delivery.Channel.leaves():
            Reply.objects.filter(pk=reply.pk).update(status=_Status.DOUBTFUL, error="the sender died while sending")
            return None
        if (when := allow.shared([reply.reader.email], now, awaited=True)[0]) is not None:
            Reply.objects.filter(pk=reply.pk).update(status=_Status.WAITING, next_try_at=when)
            return None
        Reply.objects.filter(pk=reply.pk).update(status=_Status.SENDING, claimed_at=now, attempts=F("attempts") + 1)
        reply.attempts += 1
        return reply


def _answer(reply: Reply) -> EmailMessage:
    return compose(
        reply.done,
        key=f"reply:{reply.pk}:{reply.message_id}",
        to=reply.reader.email,
        sender=settings.SENDER,
        subject=reply.subject,
        answers=reply.message_id,
        settings_url=settings.SITE_URL + reverse("account"),
        now=reply.received_at,
    )


def _note_failure(reply: Reply, error: MailError, now: datetime) -> None:
    why = nameless(error, reply.reader.email)
    again = error.retry and reply.attempts < _MOST_ATTEMPTS and not isinstance(error, DoubtfulError)
    log.warning("answer %s: %s%s", reply.pk, why, " (will be tried again)" if again else "")
    end = _Status.DOUBTFUL if isinstance(error, DoubtfulError) else _Status.FAILED
    Reply.objects.filter(pk=reply.pk).update(
        status=_Status.WAITING if again else end, error=why, next_try_at=now + wait_after(reply.attempts)
    )
