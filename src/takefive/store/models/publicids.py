"""The short names in public addresses: made from what a thing is, so that a rebuilt database keeps its addresses."""

from __future__ import annotations

import base64
import hashlib


def public_id(*parts: object) -> str:
    """Twelve letters and digits from the natural key of a row (60 bits: one clash in a billion rows is unlikely)."""
    digest = hashlib.sha256("\0".join(str(part) for part in parts).encode()).digest()
    return base64.b32encode(digest[:10]).decode().lower()[:12]
