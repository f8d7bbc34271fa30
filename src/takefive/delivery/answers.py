"""What a mail server's answer says about the address, as opposed to this mail or to us. Pure.

A 5xx may mean "no such person", "your network is on a list" or "too large". Only the first may stop an address: an evening on
a blocklist must not stop every reader. The status codes of RFC 3463 tell them apart; without one, RCPT's own codes do.
"""

from __future__ import annotations

import re

_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
# Bad mailbox, bad system, bad syntax, moved, null MX (RFC 3463, RFC 7505), and disabled.
_GONE = {("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1")}
_AT_RCPT = {550, 551, 553}


def refuses_address(code: int, words: str, *, at_rcpt: bool) -> bool:
    """Whether this answer means that mail to the address is never taken.

    `code` is the three digits, `words` what followed, `at_rcpt` whether it answered RCPT TO, which names the address.
    """
    if not 500 <= code < 600:
        return False
    status = _ENHANCED.search(words)
    return status.groups() in _GONE if status else at_rcpt and code in _AT_RCPT


def status_is_final(status: str) -> bool:
    """The same of the Status of a delivery report (RFC 3464), such as "5.1.1"."""
    return refuses_address(550, status, at_rcpt=False)
