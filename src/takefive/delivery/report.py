"""What comes back of a mail of ours: a delivery report (RFC 3464) or a complaint (RFC 5965). Pure.

Whoever writes such a report must quote our mail, and its Message-ID, which no stranger knows, is what proves it: see `Report`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message

from takefive.delivery.answers import status_is_final
from takefive.delivery.clean import line

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,240}>")
_COMPLAINTS = {"abuse": "complained", "fraud": "complained", "virus": "complained", "opt-out": "left"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the mail `message_id`, such as "<…@example.org>": believe it only where you sent that mail.

    `kind` is one of: bounced (nothing is ever taken for that address), failed (this mail alone), complained, left.
    """

    kind: str
    message_id: str
    said: str


def read(raw: bytes) -> Report | None:
    """The report that this mail is; None where it is none, tells only of a delay, or quotes no mail. Never raises."""
    try:
        return _report(message_from_bytes(raw, policy=policy.compat32))
    except Exception:  # Python's parser itself stumbles over some: parts nested a thousand deep, NUL in a charset
        return None


def _report(message: Message) -> Report | None:
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    parts = list(message.walk())
    found = next(filter(None, map(_told, parts)), None)
    message_id = next(filter(None, map(_quoted_id, parts[1:])), None)
    return Report(kind=found[0], message_id=message_id, said=found[1]) if found and message_id else None


def _told(part: Message) -> tuple[str, str] | None:
    """The kind of the report, and its words."""
    match part.get_content_type():
        case "message/delivery-status":
            return next(filter(None, map(_failure, _fields(part))), None)
        case "message/feedback-report":
            kinds = (_COMPLAINTS.get(_value(fields, "Feedback-Type").lower()) for fields in _fields(part))
            return next(((kind, "") for kind in kinds if kind), None)
    return None


def _failure(fields: Message) -> tuple[str, str] | None:
    """What a recipient's fields tell; None for one that got it, may get it yet, or for the mail's own fields."""
    status, said = _value(fields, "Status"), _value(fields, "Diagnostic-Code")
    if _value(fields, "Action").lower() != "failed" or status.startswith("4"):
        return None
    final = status_is_final(status) or status_is_final(said)
    return "bounced" if final else "failed", said.partition(";")[2].strip() or status


def _quoted_id(part: Message) -> str | None:
    """The Message-ID of the mail that the report quotes, whole or its headers."""
    match part.get_content_type():
        case "message/rfc822":
            quoted = next(iter(_fields(part)), None)
        case "text/rfc822-headers":
            quoted = message_from_string(str(part.get_payload()), policy=policy.compat32)
        case _:
            return None
    found = _MESSAGE_ID.search(_value(quoted, "Message-ID")) if quoted else None
    return found[0] if found else None


def _fields(part: Message) -> Iterator[Message]:
    """The blocks of headers that a part is made of."""
    payload = part.get_payload()
    return (block for block in payload if isinstance(block, Message)) if isinstance(payload, list) else iter(())


def _value(fields: Message, name: str) -> str:
    return line(str(fields.get(name, "")), 400)
