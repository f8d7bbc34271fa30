"""One reader's brief, here and now: what `takefive brief` and the demo do instead of waiting for the reader's hour."""

from __future__ import annotations

from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.pipeline.flow import deliver
from takefive.pipeline.steps import brief as briefs
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
    """Hand it over now, unless that was done."""
    unfinished = (Delivery.Status.WAITING, Delivery.Status.SENDING)
    for delivery in brief.deliveries.filter(status__in=unfinished):
        deliver(delivery=delivery.pk)
