"""One reader's brief, here and now: what `takefive brief` and the demo do instead of waiting for the reader's hour."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.pipeline.flow import deliver
from takefive.pipeline.steps import brief as briefs
from takefive.pipeline.steps import deliver as deliveries
from takefive.store.models import Brief, Delivery


def brief_of_today(reader: Reader) -> Brief:
    """The brief of the reader's local day, made now unless there is one with something in it. `deliver_now` sends it."""
    now = timezone.now()
    day = now.astimezone(reader.tzinfo).date()
    Brief.objects.filter(reader=reader, day=day, items=None).delete()
    return briefs.make(
        reader, day, briefs.candidates(now), now=now, then=lambda delivery: deliver.defer(delivery=delivery)
    )


def deliver_now(brief: Brief) -> None:
    """Hand it over now, unless that was done. What fails is on the row, for the caller to tell; the log does not say it too."""
    unfinished = (Delivery.Status.WAITING, Delivery.Status.SENDING)
    with _only_errors(deliveries.log):
        for delivery in brief.deliveries.filter(status__in=unfinished):
            deliver(delivery=delivery.pk)


@contextmanager
def _only_errors(log: logging.Logger) -> Iterator[None]:
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
