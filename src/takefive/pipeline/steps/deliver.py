"""Briefs whose hour has come -> deliveries, once.

The row is committed as "sending" before the message goes out, with a Message-ID made from its key. A crash between the
server's 250 and our commit leaves it there. Whoever finds such a row knows that its sender died: into the outbox folder the
same file is written again, which changes nothing; over SMTP the row becomes doubtful, is reported, and is never sent again
by itself. Erring that way loses at most one mail at a crash and never sends one twice.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings

from takefive.common.errors import MailError
from takefive.delivery.channel import DoubtfulError
from takefive.delivery.message import compose
from takefive.pipeline.contents import content
from takefive.pipeline.steps import outside
from takefive.pipeline.steps.attempts import nameless, wait_after
from takefive.store.models import Delivery

log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 8


def waiting(now: datetime) -> list[int]:
    """Deliveries to try now, and those whose sender may have died."""
    orphans = Delivery.objects.filter(status=Delivery.Status.SENDING)
    return list((Delivery.objects.waiting(now) | orphans).values_list("pk", flat=True))


def run(delivery_id: int, *, now: datetime) -> None:
    """Hand one brief over and record how it went."""
    delivery = Delivery.objects.select_related("brief__reader").filter(pk=delivery_id).first()
    if delivery is None or not _claim(delivery, now):
        return
    message = compose(content(delivery.brief), now=delivery.brief.created_at)
    try:
        with outside.channel() as channel:
            channel.send(message)
    except DoubtfulError as error:
        _note_doubt(delivery, str(error))
    except MailError as error:
        _note_failure(delivery, error, now)
    else:
        sent = {"status": Delivery.Status.SENT, "sent_at": now, "message_id": message["Message-ID"], "error": ""}
        Delivery.objects.filter(pk=delivery.pk).update(**sent)


def _claim(delivery: Delivery, now: datetime) -> bool:
    """Make the row ours, committed. False where it is done, or where a sender died with it and it may have gone out."""
    mine = {"status": Delivery.Status.SENDING, "claimed_at": now, "attempts": delivery.attempts + 1}
    if Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.WAITING).update(**mine):
        return True
    orphans = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.SENDING)
    if not settings.SMTP_URL:
        return bool(orphans.update(**mine))
    if orphans.exists():
        _note_doubt(delivery, "the sender died while sending")
    return False


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
