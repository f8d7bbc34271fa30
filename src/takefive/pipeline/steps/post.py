"""Briefs -> the reader's own webhook, chat and podcast, once each.

One delivery for each brief and outlet, beside the mail's. A crash while handing over: a webhook gets the same message with the same
id again, and a podcast's clips are the same files again, so both are simply done again; of a chat message nobody knows whether it
arrived, so it is reported and never sent again by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from takefive.accounts.models import Reader
from takefive.common.errors import MailError, TakefiveError, UsageError
from takefive.delivery.channel import DoubtfulError
from takefive.delivery.chat import Chat
from takefive.delivery.values import MessageContent
from takefive.delivery.webhook import GoneError, Webhook
from takefive.pipeline import past
from takefive.pipeline.recording import record
from takefive.pipeline.steps import outside
from takefive.pipeline.steps.attempts import fault, wait_after
from takefive.store import outlets
from takefive.store.models import Brief, Delivery, Outlet

log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 8
_DEAD_AFTER = timedelta(minutes=5)
_FRESH = timedelta(days=1)
_Status = Delivery.Status


def begin(now: datetime) -> int:
    """Make the deliveries that are missing: of briefs of the last day, for outlets that were open before; how many."""
    handed = Delivery.Channel.beside_the_mail()
    made = Delivery.objects.filter(brief=OuterRef("pk"), channel=OuterRef("reader__outlets__kind"))
    briefs = Brief.objects.filter(
        created_at__gt=now - _FRESH,
        reader__outlets__kind__in=handed,
        created_at__gte=F("reader__outlets__created_at"),
        items__isnull=False,
    )
    missing = briefs.filter(~Exists(made)).values_list("pk", "reader__outlets__kind").distinct()
    rows = [Delivery(brief_id=brief, channel=kind, next_try_at=now) for brief, kind in missing if kind in handed]
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True))


def waiting(now: datetime) -> list[int]:
    """Deliveries to try now, and those whose sender died."""
    due = Q(status=_Status.WAITING, next_try_at__lte=now) | _orphaned(now)
    ours = Delivery.objects.filter(due, channel__in=Delivery.Channel.beside_the_mail())
    return list(ours.values_list("pk", flat=True))


def run(delivery_id: int, *, now: datetime) -> None:
    """Hand one brief to one outlet and record how it went."""
    ours = Delivery.objects.select_related("brief__reader").filter(
        Q(status=_Status.WAITING) | _orphaned(now), channel__in=Delivery.Channel.beside_the_mail()
    )
    delivery = ours.filter(pk=delivery_id).first()
    if delivery is None:
        return
    if delivery.status == _Status.SENDING and delivery.channel == Delivery.Channel.CHAT:
        _record(delivery, _Status.DOUBTFUL, "the sender died while sending: it may have arrived")
        return
    claim = {"status": _Status.SENDING, "claimed_at": now, "attempts": F("attempts") + 1}
    if ours.filter(pk=delivery_id, claimed_at=delivery.claimed_at).update(**claim):
        delivery.attempts += 1
        _hand_over(delivery, now)


def _orphaned(now: datetime) -> Q:
    return Q(status=_Status.SENDING) & (Q(claimed_at__lt=now - _DEAD_AFTER) | Q(claimed_at=None))


def _hand_over(delivery: Delivery, now: datetime) -> None:
    try:
        note = _give(delivery, now)
    except DoubtfulError as error:
        _record(delivery, _Status.DOUBTFUL, str(error))
    except GoneError as error:
        outlets.close(delivery.brief.reader, Outlet.Kind(delivery.channel))
        _record(delivery, _Status.FAILED, str(error))
    except TakefiveError as error:
        _note_failure(delivery, str(error), now, again=error.retry)
    except Exception as error:
        log.exception("delivery %s: a fault of ours", delivery.pk)
        _note_failure(delivery, fault(error), now, again=True)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(status=_Status.SENT, sent_at=now, error=note)


def _give(delivery: Delivery, now: datetime) -> str:
    """Hand it over; what to note beside the success, mostly nothing."""
    reader, brief = delivery.brief.reader, delivery.brief
    outlet = Outlet.objects.filter(reader=reader, kind=delivery.channel).first()
    if outlet is None or reader.status == Reader.Status.STOPPED:
        raise MailError("the reader closed it", retry=False)
    if delivery.channel == Delivery.Channel.PODCAST:
        return record(brief, attempt=delivery.attempts)
    content = past.content(brief)
    if not content.items:
        raise MailError("nothing in it may be shown any more", retry=False)
    _WAYS[Delivery.Channel(delivery.channel)](outlet, content, now)
    return ""


def _to_webhook(outlet: Outlet, content: MessageContent, now: datetime) -> None:
    Webhook(outlet.address, outlets.secret(outlet), client=outside.readers_client, now=now).send(content)


def _to_chat(outlet: Outlet, content: MessageContent, _now: datetime) -> None:
    try:
        Chat(outlet.address, hosts=settings.CHAT_HOSTS).send(content)
    except UsageError as error:  # the operator no longer allows it, or the extra is missing
        raise MailError(str(error), retry=False) from error


_WAYS: dict[Delivery.Channel, Callable[[Outlet, MessageContent, datetime], None]] = {
    Delivery.Channel.WEBHOOK: _to_webhook,
    Delivery.Channel.CHAT: _to_chat,
}


def _note_failure(delivery: Delivery, why: str, now: datetime, *, again: bool) -> None:
    again = again and delivery.attempts < _MOST_ATTEMPTS
    log.warning("delivery %s: %s%s", delivery.pk, why, " (will be tried again)" if again else "")
    _record(delivery, _Status.WAITING if again else _Status.FAILED, why, now + wait_after(delivery.attempts))


def _record(delivery: Delivery, status: str, error: str, next_try_at: datetime | None = None) -> None:
    line = " ".join(error.split())[:450]
    change = {"next_try_at": next_try_at} if next_try_at else {}
    Delivery.objects.filter(pk=delivery.pk, status=_Status.SENDING).update(status=status, error=line, **change)
