"""A real mail server on loopback that keeps what it takes and answers what it is told to."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Sink:
    """`refuses` maps an address to what RCPT answers; `then` is called with each mail that was taken, before the 250."""

    refuses: dict[str, str] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    connections: int = 0
    hangs_up: bool = False  # once, after the next mail is in and before the answer
    then: Callable[[bytes], None] = lambda mail: None

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, responses: Any) -> Any:  # noqa: N802
        self.connections += 1
        session.host_name = name
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if answer := self.refuses.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.original_content)
        self.then(envelope.original_content)
        if self.hangs_up:
            self.hangs_up = False
            server.transport.abort()
        return "250 OK"

    def letters(self) -> list[EmailMessage]:
        """What was taken, read."""
        return [email.message_from_bytes(mail, policy=email.policy.default) for mail in self.taken]  # type: ignore[misc]

    def recipients(self) -> list[str]:
        """To whom, in order of arrival."""
        return [str(letter["To"]) for letter in self.letters()]


@contextmanager
def mail_server(sink: Sink) -> Iterator[str]:
    """The server; gives its address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    door = Controller(sink, hostname="127.0.0.1", port=port)
    door.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        door.stop()
