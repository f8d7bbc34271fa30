"""The address to which a reader answers a brief: it says which brief, and nobody else can make it.

In lower case and short, since mail servers fold and cut what stands before the @.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_LOCAL = re.compile(r"(?P<user>[^+@]+)\+(?P<brief>\d{1,18})-(?P<sign>[0-9a-f]{24})")


def reply_address(brief_id: int) -> str:
    """Where an answer to this brief goes; empty where the installation receives none."""
    user, _, domain = str(settings.REPLY_TO).rpartition("@")
    return f"{user}+{brief_id}-{_sign(brief_id)}@{domain}" if domain else ""


def brief_of(address: str) -> int | None:
    """The brief that the address answers; None where we did not make it."""
    local, _, domain = address.strip().lower().rpartition("@")
    user, _, ours = str(settings.REPLY_TO).lower().rpartition("@")
    found = _LOCAL.fullmatch(local)
    if not ours or domain != ours or found is None or found["user"] != user:
        return None
    brief = int(found["brief"])
    return brief if constant_time_compare(found["sign"], _sign(brief)) else None


def _sign(brief_id: int) -> str:
    """96 bits."""
    return salted_hmac("takefive.reply", str(brief_id), algorithm="sha256").hexdigest()[:24]
