"""Briefs whose hour has come -> deliveries, once.

The row is committed as "sending" before the message goes out, with a Message-ID made from its key. A crash between the
server's 250 and our commit leaves it there. Whoever finds such a row knows that its sender died: into the outbox folder the
same file is written again, which changes nothing; over SMTP the row becomes doubtful, is reported, and is never sent again
by itself. Erring that way loses at most one mail at a crash and never sends one twice.

The row names its channel, and the claim fixes it: a process without a mail server leaves alone what is bound for one, so that
no brief goes both ways.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db.models import Q

from takefive.accounts.models import Reader
from takefive.common.errors import MailError
from takefive.delivery.channel import Channel, DoubtfulError
from takefive.delivery.message import compose
from takefive.pipeline.contents import content
from takefive.pipeline.steps import outside
from takefive.pipeline.steps.attempts import fault, nameless, orphaned, wait_after
from takefive.store.models import Delivery

log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 8


def waiting(now: datetime) -> list[int]:
    """Deliveries to try now, and those whose sender may have died."""
    later = Q(status=Delivery.Status.WAITING, next_try_at__gt=now)
    return list(Delivery.objects.filter(_open(now)).exclude(later).values_list("pk", flat=True))


def run(delivery_id: int, *, now: datetime) -> None:
    """Hand one brief over and record how it went."""
    delivery = Delivery.objects.select_related("brief__reader").filter(_open(now), pk=delivery_id).first()
    if delivery is None:
        return
    if delivery.status == Delivery.Status.SENDING and settings.SMTP_URL:
        _note_doubt(delivery, "the sender died while sending")
        return
    try:  # before the claim: what goes wrong here must not look like a mail that may have gone out
        message, way = _message(delivery, now), outside.channel()
    except MailError as error:
        if _claim(delivery, now):
            _note_failure(delivery, error, now)
        return
    if _claim(delivery, now):
        _hand_over(delivery, message, way, now)


def _open(now: datetime) -> Q:
    """Neither done nor in another sender's hands nor, without a mail server, bound for one."""
    ours = Q(status=Delivery.Status.WAITING) | orphaned("claimed_at", now)
    ours &= ~Q(channel__in=Delivery.Channel.beside_the_mail())
    return ours if settings.SMTP_URL else ours & ~Q(channel=Delivery.Channel.SMTP)


def _message(delivery: Delivery, now: datetime) -> EmailMessage:
    """The mail; MailError where the reader wants none any more, or where it cannot be composed."""
    if not _wanted(delivery.brief.reader, now):
        raise MailError("the reader stopped their mail", retry=False)
    try:
        return compose(content(delivery.brief), now=delivery.brief.created_at)
    except Exception as error:
        log.exception("delivery %s: a fault of ours", delivery.pk)
        raise MailError(fault(error), retry=True) from error


def _wanted(reader: Reader, now: datetime) -> bool:
    """False after "stop" or "pause". Who asks for a brief at the command line need not have confirmed an address."""
    paused = reader.pause_until is not None and now.astimezone(reader.tzinfo).date() < reader.pause_until
    return reader.status != Reader.Status.STOPPED and not paused


def _claim(delivery: Delivery, now: datetime) -> bool:
    """Make the row ours and its channel our own, committed. False where another sender was first."""
    mine = {"status": Delivery.Status.SENDING, "claimed_at": now, "attempts": delivery.attempts + 1}
    mine["channel"] = Delivery.Channel.ours()
    return bool(Delivery.objects.filter(_open(now), pk=delivery.pk).update(**mine))


def _hand_over(delivery: Delivery, message: EmailMessage, way: AbstractContextManager[Channel], now: datetime) -> None:
    try:
        with way as channel:
            channel.send(message)
    except DoubtfulError as error:
        _note_doubt(delivery, str(error))
    except MailError as error:
        _note_failure(delivery, error, now)
    else:
        sent = {"status": Delivery.Status.SENT, "sent_at": now, "message_id": message["Message-ID"], "error": ""}
        Delivery.objects.filter(pk=delivery.pk).update(**sent)


def _note_doubt(delivery: Delivery, why: str) -> None:
    line = f"{nameless(why, delivery.brief.reader.email)}: it may have arrived, so it is not sent again by itself"
    log.error("delivery %s is doubtful: %s", delivery.pk, line)
    change = {"status": Delivery.Status.DOUBTFUL, "error": line[:500]}
    Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.SENDING).update(**change)


def _note_failure(delivery: Delivery, error: MailError, now: datetime) -> None:
    attempts = delivery.attempts + 1
    again = error.retry and attempts < _MOST_ATTEMPTS
    why = nameless(error, delivery.brief.reader.email)
    log.warning("delivery %s: %s%s", delivery.pk, why, " (will be tried again)" if again else "")
    Delivery.objects.filter(pk=delivery.pk).update(
        status=Delivery.Status.WAITING if again else Delivery.Status.FAILED,
        error=why,
        next_try_at=now + wait_after(attempts),
    )
