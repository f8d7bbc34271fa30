"""One reader's brief, here and now: what `takefive brief` and the demo do instead of waiting for the reader's hour."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.pipeline.candidates import for_reader
from takefive.pipeline.flow import deliver
from takefive.pipeline.steps import brief as briefs
from takefive.pipeline.steps import deliver as deliveries
from takefive.store.models import Brief


def brief_of_today(reader: Reader) -> Brief:
    """The brief of the reader's local day, made now unless there is one with something in it. `deliver_now` sends it."""
    now = timezone.now()
    day = now.astimezone(reader.tzinfo).date()
    Brief.objects.filter(reader=reader, day=day, items=None).delete()
    pool = for_reader(reader, day, now)
    return briefs.make(reader, day, pool, now=now, then=lambda _: deliver.defer())


def deliver_now(brief: Brief) -> None:
    """Hand it over now, unless that was done. What fails is on the row, for the caller to tell; the log does not say it too."""
    with _only_errors(deliveries.log):
        deliveries.run(brief=brief)


@contextmanager
def _only_errors(log: logging.Logger) -> Iterator[None]:
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
