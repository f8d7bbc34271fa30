"""Bounces and complaints that come as mails -> a row for each that matters, and the address stopped.

Anybody can write to us, so a report is believed only where it quotes the Message-ID of a mail that we sent, which is made with our
key. A crash: the mail server gets no 250 and hands it over again; what it hands over twice is kept once.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from takefive.delivery import report
from takefive.pipeline.steps import returns
from takefive.pipeline.steps.attempts import nameless
from takefive.store.models import Delivery, Return

_KINDS = {
    "bounced": Return.Kind.BOUNCED,
    "failed": Return.Kind.FAILED,
    "complained": Return.Kind.COMPLAINED,
    "left": Return.Kind.LEFT,
}


def is_for(address: str) -> bool:
    """Whether reports come to this address: the one that our mails are from."""
    return address.strip().lower() == parseaddr(settings.SENDER)[1].lower()


def receive(raw: bytes, *, now: datetime) -> bool:
    """Keep what a mail reports; False where it reports nothing new, or nothing of a mail of ours."""
    told = report.read(raw)
    if told is None:
        return False
    delivery = Delivery.objects.select_related("brief__reader").filter(message_id=told.message_id).first()
    if delivery is None:
        return False
    reader = delivery.brief.reader
    event = f"report:{told.kind}:{told.message_id}"[:250]
    return returns.note(
        reader, _KINDS[told.kind], nameless(told.said, reader.email), now, delivery=delivery, event=event
    )
