"""Briefs whose hour has come -> mails, once; up to a hundred in one job, on one connection.

A job takes its mails for two minutes, so that others take others, and composes them all. Each row is committed as "sending",
with its Message-ID and the very mail, before that mail goes out; that the one before was taken is committed with it. A crash
between the server's 250 and that commit leaves one row as it is. Whoever finds such a row knows that its sender died: into the
outbox folder the same file is written again, which changes nothing; what leaves the machine becomes doubtful, is reported, and
is never sent again by itself. Erring that way loses at most one mail at a crash and never sends one twice.

The row names its channel, and the claim fixes it: a process without a mail server leaves alone what is bound for one, so that
no brief goes both ways.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.common.errors import MailError
from takefive.delivery.channel import Channel, DoubtfulError, RefusedError, UnreachableError
from takefive.delivery.due import is_too_late
from takefive.delivery.message import Mail, compose
from takefive.delivery.values import MessageContent
from takefive.pipeline.contents import contents
from takefive.pipeline.steps import allow, outside, returns
from takefive.pipeline.steps.attempts import fault, nameless, orphaned, wait_after
from takefive.store.models import Brief, Delivery, Return, SentMail

log = logging.getLogger(__name__)

BATCH = 100
_TAKEN_FOR = timedelta(minutes=2)
_MOST_ATTEMPTS = 8
_Status = Delivery.Status
_BOUND_ELSEWHERE = (Delivery.Channel.SMTP, Delivery.Channel.PROVIDER)

Clock = Callable[[], datetime]


def waiting(now: datetime) -> bool:
    """Whether there are mails to try now, or such whose sender may have died."""
    return not allow.held() and _open(now).exists()


def run(*, brief: Brief | None = None, clock: Clock = timezone.now, then: Callable[[], None] = lambda: None) -> None:
    """Hand over up to a hundred mails that are due, or those of one brief; `then` asks for another job where more wait."""
    if allow.held():
        return
    with outside.channel() as channel:  # before any claim: what goes wrong here must not look like a mail that went out
        _settle_the_dead(clock())
        taken = _take(clock(), brief)
        if len(taken) == BATCH:
            then()
        _send_all(list(_composed(taken, clock())), channel, clock)


def purge(now: datetime) -> None:
    """Forget the very mails after some days, and allowances long used."""
    SentMail.objects.filter(packed_at__lt=now - timedelta(days=settings.MAIL_KEPT_DAYS)).delete()
    allow.purge(now)


def _open(now: datetime) -> QuerySet[Delivery]:
    """Neither done nor in another sender's hands nor, without a mail server, bound for one."""
    ready = Q(status=_Status.WAITING, next_try_at__lte=now) | orphaned("claimed_at", now)
    return Delivery.objects.filter(ready, _ours())


def _ours() -> Q:
    ours = ~Q(channel__in=Delivery.Channel.beside_the_mail())
    return ours if Delivery.Channel.leaves() else ours & ~Q(channel__in=_BOUND_ELSEWHERE)


def _settle_the_dead(now: datetime) -> None:
    """What a dead sender left behind: doubtful where it may have left the machine, else to do again."""
    dead = Delivery.objects.select_related("brief__reader").filter(orphaned("claimed_at", now), _ours())
    if not Delivery.Channel.leaves():
        dead.update(status=_Status.WAITING)
        return
    for delivery in dead:
        _note_doubt(delivery, "the sender died while sending")


def _take(now: datetime, brief: Brief | None) -> list[Delivery]:
    """Up to a hundred mails that nobody else takes for a while, those left out that the allowances leave for later."""
    due = Delivery.objects.filter(_ours(), status=_Status.WAITING)
    due = due.filter(next_try_at__lte=now) if brief is None else due.filter(brief=brief)
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("brief__reader")
        found = list(locked.order_by("next_try_at", "pk")[:BATCH])
        later = allow.shared([delivery.brief.reader.email for delivery in found], now)
        turns: dict[datetime | None, list[int]] = {}
        for delivery, when in zip(found, later, strict=True):
            turns.setdefault(when, []).append(delivery.pk)
        for when, those in turns.items():
            Delivery.objects.filter(pk__in=those).update(next_try_at=when or now + _TAKEN_FOR)
    return [delivery for delivery, when in zip(found, later, strict=True) if when is None]


def _composed(deliveries: Sequence[Delivery], now: datetime) -> Iterator[tuple[Delivery, Mail]]:
    """The mails of those that are still wanted; what cannot be composed is noted on its row."""
    said = contents([delivery.brief for delivery in deliveries])
    for delivery in deliveries:
        try:
            yield delivery, _message(delivery, said[delivery.brief_id], now)
        except MailError as error:
            _note_failure(delivery, error, now)


def _message(delivery: Delivery, said: MessageContent, now: datetime) -> Mail:
    """The mail; MailError where the reader wants none any more, where it is too late, or where it cannot be composed."""
    brief, reader = delivery.brief, delivery.brief.reader
    if not _wanted(reader, now):
        raise MailError("the reader stopped their mail", retry=False)
    if not said.items and brief.items.exists():
        raise MailError("nothing in it may be shown any more", retry=False)
    again = delivery.copy > 0  # on purpose, however late
    if not again and is_too_late(
        now, day=brief.day, zone=reader.zone, made=brief.created_at, tried=delivery.attempts > 0
    ):
        raise MailError(
            f"{delivery.error or 'it could not go out in time'}: given up, its morning is over", retry=False
        )
    try:
        copy = replace(said, key=f"{said.key}:{delivery.copy}") if again else said
        return compose(copy, now=now if again else brief.created_at)
    except Exception as error:
        log.exception("delivery %s: a fault of ours", delivery.pk)
        raise MailError(fault(error), retry=True) from error


def _wanted(reader: Reader, now: datetime) -> bool:
    """False after "stop" or "pause". Who asks for a brief at the command line need not have confirmed an address."""
    paused = reader.pause_until is not None and now.astimezone(reader.tzinfo).date() < reader.pause_until
    return reader.status != Reader.Status.STOPPED and not paused


def _send_all(mails: Sequence[tuple[Delivery, Mail]], channel: Channel, clock: Clock) -> None:
    """One after the other; the statement that claims one also notes that the one before was sent."""
    sent: _Sent | None = None
    try:
        for delivery, message in mails:
            mine = _claim(delivery, message, clock(), sent)
            sent = _handed_over(delivery, message, channel, clock) if mine else None
    except _NobodyThereError:
        log.warning("the other mails of this batch wait: nobody takes them")
    finally:
        if sent:
            Delivery.objects.filter(pk=sent.delivery).update(status=_Status.SENT, sent_at=sent.at, error="")


class _Sent(NamedTuple):
    """A mail that its server took; not noted yet."""

    delivery: int
    at: datetime


def _claim(delivery: Delivery, message: Mail, now: datetime, before: _Sent | None) -> bool:
    """Make the row ours and its channel our own. False where another sender was first, or a hold or the reader's stop.

    The reader's row is locked, so that whoever deletes it waits for the mail that we keep.
    """
    mail: dict[str, Any] = {
        "delivery": delivery.pk,
        "reader": delivery.brief.reader_id,
        "now": now,
        "attempts": delivery.attempts + 1,
        "channel": Delivery.Channel.ours(),
        "message_id": message.raw("Message-ID"),
        "packed": zlib.compress(message.as_bytes(), 1),
        "sent": before and before.delivery,
        "sent_at": before and before.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, mail)
        return bool(cursor.rowcount)


# One statement, and so one round trip and one commit, for each mail: the mapper's five would cost more than composing.
_CLAIM = """
    WITH before AS (
        UPDATE store_delivery SET status = 'sent', sent_at = %(sent_at)s, error = '' WHERE id = %(sent)s),
    reader AS (SELECT 1 FROM accounts_reader WHERE id = %(reader)s AND status <> 'stopped' FOR NO KEY UPDATE),
    claimed AS (
        UPDATE store_delivery SET status = 'sending', claimed_at = %(now)s, attempts = %(attempts)s,
            channel = %(channel)s, message_id = %(message_id)s
        WHERE id = %(delivery)s AND status = 'waiting' AND EXISTS (SELECT FROM reader) AND NOT EXISTS (SELECT FROM store_hold)
        RETURNING id)
    INSERT INTO store_sentmail (delivery_id, packed, packed_at) SELECT id, %(packed)s, %(now)s FROM claimed
    ON CONFLICT (delivery_id) DO UPDATE SET packed = EXCLUDED.packed, packed_at = EXCLUDED.packed_at
"""


class _NobodyThereError(Exception):
    """The server takes nothing now, so the rest of the batch need not be tried."""


def _handed_over(delivery: Delivery, message: Mail, channel: Channel, clock: Clock) -> _Sent | None:
    """Send it. That it was sent is noted with the next claim; anything else at once."""
    try:
        channel.send(message)
    except DoubtfulError as error:
        _note_doubt(delivery, str(error))
    except UnreachableError as error:
        _note_failure(delivery, error, clock())
        raise _NobodyThereError from error
    except MailError as error:
        _note_refusal(delivery, error, clock())
    else:
        return _Sent(delivery.pk, clock())
    return None


def _note_doubt(delivery: Delivery, why: str) -> None:
    line = f"{nameless(why, delivery.brief.reader.email)}: it may have arrived, so it is not sent again by itself"
    log.error("delivery %s is doubtful: %s", delivery.pk, line)
    change = {"status": _Status.DOUBTFUL, "error": line[:500]}
    Delivery.objects.filter(pk=delivery.pk, status=_Status.SENDING).update(**change)


def _note_failure(delivery: Delivery, error: MailError, now: datetime) -> None:
    reader, attempts = delivery.brief.reader, delivery.attempts + 1
    again = error.retry and attempts < _MOST_ATTEMPTS
    why = nameless(error, reader.email)
    log.warning("delivery %s: %s%s", delivery.pk, why, " (will be tried again)" if again else "")
    Delivery.objects.filter(pk=delivery.pk, status__in=(_Status.WAITING, _Status.SENDING)).update(
        status=_Status.WAITING if again else _Status.FAILED,
        error=why,
        attempts=attempts,
        next_try_at=now + wait_after(attempts),
    )


def _note_refusal(delivery: Delivery, error: MailError, now: datetime) -> None:
    """The server would not take it: later perhaps, never, or never anything for this address."""
    _note_failure(delivery, error, now)
    if not error.retry:
        reader = delivery.brief.reader
        kind = Return.Kind.REFUSED if isinstance(error, RefusedError) else Return.Kind.FAILED
        returns.note(reader, kind, nameless(error, reader.email), now, delivery=delivery)
