"""Words and addresses from outside, made safe to set in a message. Pure.

They come as plain text: a "<" in them is a less-than sign. Escaping is the template's work; here goes what no escaping
helps against: control characters, bidirectional overrides, invisible padding, addresses that are no web addresses.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

# The joiners U+200C and U+200D stay: Persian and many emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~%]+", re.IGNORECASE)
MAX_ADDRESS = 2000


@lru_cache(maxsize=8192)  # the same insights stand in many mails
def line(text: str, most: int = 400) -> str:
    """`text` on one line of at most `most` characters, cut between words, with nothing unseen in it."""
    folded = " ".join(_MARKS.sub(r"\1", _UNSEEN.sub("", text[: 20 * most])).split())
    if len(folded) <= most:
        return folded
    cut = folded[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:-–—") + "…"


@lru_cache(maxsize=8192)
def address(url: str | None) -> str | None:
    """`url` if it is a web address (http or https, with a host and no login, visible ASCII), else None."""
    if url is None or len(url) > MAX_ADDRESS or not _WEB_ADDRESS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.hostname and "@" not in parts.netloc else None
    except ValueError:  # a host like "[::1"
        return None


def clock(seconds: float) -> str:
    """Seconds as a player shows them: 23:41 or 1:02:03."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
