"""The door through which a message leaves: each way out is one file beside this one.

A channel says how it went by what it raises, and by nothing else:

    nothing            it was taken
    MailError          `retry` says whether trying again later can help
    UnreachableError   nobody is there to take anything: no other message need be tried now
    RefusedError       no mail is ever taken for this address
    DoubtfulError      it may have arrived: report it, never send it again
"""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol

from takefive.common.errors import MailError


class Channel(Protocol):
    """A way out for messages."""

    def send(self, message: EmailMessage) -> None:
        """Hand `message` over, or raise one of the errors above."""


class DoubtfulError(MailError):
    """The message was handed over whole and no answer came: it may have arrived. Report it, never send it again."""


class RefusedError(MailError):
    """Whoever takes mail for this address says that there is nobody, or nobody who wants it: the address is done."""


class UnreachableError(MailError):
    """The server, or our login there, fails before any message's turn comes. Nothing was handed over."""

    retry = True
