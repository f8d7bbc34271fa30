"""What came back of our mails -> a row for each, and no more mail to an address that is done.

A crash: the row and the stop are one transaction, and what a provider tells twice (`event`) is kept once.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from takefive.accounts.models import Reader
from takefive.store.models import Delivery, Return

log = logging.getLogger(__name__)

_MOST_IN_A_ROW = 3  # mails refused for good, whatever the server says of the reason
_WHY = {
    Return.Kind.REFUSED: "your mail server would not take our mail",
    Return.Kind.BOUNCED: "our mail came back",
    Return.Kind.COMPLAINED: "our mail was marked as unwanted",
    Return.Kind.LEFT: "our mail was unsubscribed from at the provider that sends it",
    Return.Kind.FAILED: "your mail server refused several of our mails",
}


def note(
    reader: Reader,
    kind: Return.Kind,
    said: str,
    now: datetime,
    *,
    delivery: Delivery | None = None,
    event: str | None = None,
) -> bool:
    """Keep what came back and stop the address where it is done. False where it was known already."""
    try:
        with transaction.atomic():
            if not Reader.objects.select_for_update(no_key=True).filter(pk=reader.pk).exists():
                return False  # gone meanwhile
            Return.objects.create(reader=reader, delivery=delivery, kind=kind, said=said[:500], event=event, at=now)
            if not _confirmed_since(reader, delivery) and (kind != Return.Kind.FAILED or _refused_often(reader)):
                _stop(reader, kind, said, now)
    except IntegrityError:  # told twice
        return False
    return True


def _stop(reader: Reader, kind: Return.Kind, said: str, now: datetime) -> None:
    why = f"{_WHY[kind]}: “{said[:200]}”" if said else _WHY[kind]
    stopped = {"status": Reader.Status.STOPPED, "unreachable_since": now, "unreachable_why": why}
    if Reader.objects.filter(pk=reader.pk, unreachable_since=None).update(**stopped):
        log.warning("no more mail to reader %s: %s", reader.pk, kind)


def _confirmed_since(reader: Reader, delivery: Delivery | None) -> bool:
    """Whether the reader confirmed the address again after this mail went out: what is told of it is over."""
    went_out = delivery.claimed_at if delivery else None
    return bool(went_out and reader.consented_at and reader.consented_at > went_out)


def _refused_often(reader: Reader) -> bool:
    """Whether the last mails were all refused for good."""
    mails = Delivery.objects.filter(brief__reader=reader).exclude(channel__in=Delivery.Channel.beside_the_mail())
    last = mails.filter(status__in=(Delivery.Status.SENT, Delivery.Status.FAILED)).order_by("-brief__day", "-pk")
    refused = last.values_list("returns__kind", flat=True)[:_MOST_IN_A_ROW]
    return list(refused) == [Return.Kind.FAILED] * _MOST_IN_A_ROW
