"""What a provider tells of our mails (bounces, complaints) -> a row for each that matters, and the address stopped.

A crash: the provider gets no 200 and tells it again; what it tells twice is kept once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from takefive.accounts.models import Reader
from takefive.pipeline.steps import returns
from takefive.pipeline.steps.attempts import nameless
from takefive.store.models import Delivery, Return

_FINAL = {None, "bounced", "invalid"}  # else the message was blocked, timed out, ...: nothing about the address
_KINDS = {
    "complained": Return.Kind.COMPLAINED,
    "unsubscribed": Return.Kind.LEFT,
    "failed": Return.Kind.FAILED,
}
_REJECTED = {
    "bounced": Return.Kind.BOUNCED,
    "invalid": Return.Kind.BOUNCED,
    "spam": Return.Kind.COMPLAINED,
    "unsubscribed": Return.Kind.LEFT,
}


def run(event: Any, provider: str, *, now: datetime) -> bool:
    """Keep one event as django-anymail reads it; False where it says nothing new, or is about nobody we know."""
    soft = (event.esp_event or {}).get("Type") == "SoftBounce"  # Postmark's word for a full mailbox
    kind = Return.Kind.FAILED if soft else _kind(str(event.event_type), event.reject_reason)
    email = str(event.recipient or "").strip().lower()
    reader = Reader.objects.filter(email=email).first() if kind and email else None
    if kind is None or reader is None:
        return False
    said = nameless(str(event.mta_response or event.description or ""), reader.email)
    told = f"{provider}:{event.event_id}"[:250] if event.event_id else None
    return returns.note(reader, kind, said, now, delivery=_delivery(event, reader), event=told)


def _kind(event_type: str, reason: str | None) -> Return.Kind | None:
    if event_type == "bounced":
        return Return.Kind.BOUNCED if reason in _FINAL else Return.Kind.FAILED
    if event_type == "rejected":
        return _REJECTED.get(reason or "", Return.Kind.FAILED)
    return _KINDS.get(event_type)


def _delivery(event: Any, reader: Reader) -> Delivery | None:
    ours = str((event.metadata or {}).get("message_id", "")) or "none"
    return Delivery.objects.filter(brief__reader=reader, message_id=ours).first()
