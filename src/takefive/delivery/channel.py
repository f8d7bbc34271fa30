"""The door through which a message leaves: each way out is one file beside this one."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol

from takefive.common.errors import MailError


class Channel(Protocol):
    """A way out for messages."""

    def send(self, message: EmailMessage) -> None:
        """Hand `message` over, or raise MailError; its `retry` says whether trying again later can help."""


class DoubtfulError(MailError):
    """The message was handed over whole and no answer came: it may have arrived. Report it, never send it again."""
