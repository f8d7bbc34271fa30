"""WebSub: a hub tells us that a feed has changed. What to send, what to believe. Pure; https://www.w3.org/TR/websub/.

A push is taken as a reason to poll, never as the feed itself, and only where its signature is good.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from takefive.common.addresses import is_public

LEASE = timedelta(days=10)
RENEW_BEFORE = timedelta(days=1)
_LONGEST_LEASE = timedelta(days=30)
_METHODS = ("sha256", "sha384", "sha512", "sha1")  # sha1 only because hubs of Google's kind send nothing else
_MOST_CHALLENGE = 4_000


def can_be_called(site: str) -> bool:
    """Whether a hub out there could reach this address of ours: a public one, or a name with a dot in it."""
    host = urlsplit(site).hostname or ""
    return is_public(host) if ":" in host or host.replace(".", "").isdigit() else "." in host


def subscription(*, topic: str, callback: str, secret: str, mode: str = "subscribe") -> dict[str, str]:
    """The form to post to a hub. `topic` is the feed's self address, `callback` an address of ours that nobody can guess."""
    form = {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback}
    if mode == "subscribe":
        form |= {"hub.secret": secret, "hub.lease_seconds": str(int(LEASE.total_seconds()))}
    return form


def confirmed(query: Mapping[str, str], *, topic: str, wanted: bool) -> tuple[str, timedelta] | None:
    """The hub asks whether we meant it: what to answer, and for how long it will push; None to answer 404.

    `query` is that of the hub's GET, `wanted` whether we want this topic now. A question about another topic, or to
    end a subscription that we want, is not ours.
    """
    challenge = query.get("hub.challenge", "")
    mode = "subscribe" if wanted else "unsubscribe"
    if query.get("hub.mode") != mode or query.get("hub.topic") != topic or not 0 < len(challenge) <= _MOST_CHALLENGE:
        return None
    said = query.get("hub.lease_seconds", "")
    lease = timedelta(seconds=int(said)) if re.fullmatch(r"[0-9]{1,9}", said) else LEASE
    return challenge, min(lease, _LONGEST_LEASE)


def signed(body: bytes, header: str | None, secret: str) -> bool:
    """Whether X-Hub-Signature ("sha256=hex") was made from exactly these bytes with our secret."""
    method, _, digest = (header or "").strip().partition("=")
    if method.lower() not in _METHODS or not digest.isascii():
        return False
    ours = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(ours, digest.strip().lower())
