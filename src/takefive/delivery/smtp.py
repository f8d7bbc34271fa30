"""Messages through an SMTP server: one connection for many, opened when needed.

smtplib's own send_message hides which step failed, and the step decides what may be done next: until the last byte of
a message is out it was not taken and can be sent again; from there to the server's answer it is in doubt.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from functools import cache
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from takefive.common.errors import MailError, UsageError
from takefive.delivery.answers import refuses_address
from takefive.delivery.channel import DoubtfulError, RefusedError, UnreachableError

MESSAGES_A_CONNECTION = 100  # some servers refuse the 101st
TIMEOUT = 30.0
_LOGIN_WANTED = {530, 535, 538}  # RFC 4954: says nothing about the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server as an address tells it: smtp://user:password@host:587 or smtps://host."""

    host: str
    port: int
    tls: bool
    must_encrypt: bool
    user: str | None
    password: str

    @classmethod
    def of(cls, url: str) -> Server:
        """The server of an address such as smtp://user:password@host:port, smtps://host or smtp://host?tls=required.

        smtps speaks TLS from the first byte (port 465); smtp (port 25) takes up STARTTLS where the server offers it,
        and with ?tls=required sends nothing without. Raises UsageError for anything else, without telling passwords.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError("the mail server's address cannot be read; write smtp://user:password@host:587") from error
        if parts.scheme not in {"smtp", "smtps"} or not host:
            raise UsageError("the mail server's address must look like smtp://user:password@host:587 or smtps://host")
        return cls(
            host=host,
            port=port or (465 if parts.scheme == "smtps" else 25),
            tls=parts.scheme == "smtps",
            must_encrypt=parse_qs(parts.query).get("tls") == ["required"],
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
        )


class Mailer:
    """Sends many messages to one server. A context manager: `with Mailer(url) as mailer: mailer.send(message)`."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT,
        context: ssl.SSLContext | None = None,
        sign: Callable[[bytes], bytes] = bytes,
    ) -> None:
        """`sign` gives a whole message its DKIM signature (dkim.py)."""
        self._server = Server.of(url)
        self._sign = sign
        self._timeout = timeout
        self._context = context or _trust()
        self._connection: smtplib.SMTP | None = None
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: EmailMessage) -> None:
        """Hand one message over. After a failure the next message finds a working connection again.

        Raises MailError: `retry` is false for a 5xx answer to this message, true for 4xx; RefusedError where the answer
        is about the address; UnreachableError for whatever is wrong with the server or our login there, which people
        mend; DoubtfulError where the message was out whole and the answer never came.
        """
        payload = _payload(self._sign(message.as_bytes()))
        connection = self._begun(_addresses(message, "From")[0])
        try:
            for address in _addresses(message, "To"):
                _expect(connection.rcpt(address), 250, 251, at_rcpt=True)
            _expect(connection.docmd("DATA"), 354)
            connection.send(payload)
        except (OSError, smtplib.SMTPException) as error:
            self.close(abruptly=True)
            raise MailError(f"{self._server.host} hung up: {error}", retry=True) from error
        except MailError:
            self._forget()
            raise
        self._finish(connection)

    def close(self, *, abruptly: bool = False) -> None:
        """End the connection; the next message opens another."""
        connection, self._connection, self._sent = self._connection, None, 0
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                if not abruptly:
                    connection.quit()
            connection.close()

    def _begun(self, sender: str) -> smtplib.SMTP:
        """A connection that has taken MAIL FROM. One that died idle is replaced: nothing was sent on it yet."""
        if self._sent >= MESSAGES_A_CONNECTION:
            self.close()
        fresh = self._connection is None
        connection = self._connection or self._connect()
        try:
            _expect(connection.mail(sender), 250)
        except (OSError, smtplib.SMTPException, MailError) as error:
            self.close(abruptly=not isinstance(error, MailError))
            gone = not isinstance(error, MailError) or str(error).startswith("421")
            if not fresh and gone:
                return self._begun(sender)
            raise _as_mail_error(error, self._server.host) from error
        return connection

    def _finish(self, connection: smtplib.SMTP) -> None:
        try:
            answer = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close(abruptly=True)
            raise DoubtfulError(
                f"{self._server.host} took the whole message and never answered: it may have arrived", retry=False
            ) from error
        try:
            _expect(answer, 250)
        except MailError:
            self._forget()
            raise
        self._sent += 1

    def _forget(self) -> None:
        """Drop the message begun; where the server will not, drop the connection."""
        try:
            _expect(self._connection.rset() if self._connection else (421, b""), 250)
        except (OSError, smtplib.SMTPException, MailError):
            self.close(abruptly=True)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            if server.tls:
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=self._timeout, context=self._context
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
            self._connection = connection
            self._secure(connection)
        except (OSError, smtplib.SMTPException, MailError) as error:
            self.close(abruptly=True)
            raise _as_mail_error(error, server.host) from error
        return connection

    def _secure(self, connection: smtplib.SMTP) -> None:
        """TLS where there is any, then the login; a password never goes in the clear over a network."""
        server = self._server
        connection.ehlo_or_helo_if_needed()
        encrypted = server.tls
        if not encrypted and connection.has_extn("starttls"):
            connection.starttls(context=self._context)
            connection.ehlo()
            encrypted = True
        if not encrypted and (server.must_encrypt or (server.user and not _is_loopback(server.host))):
            raise MailError(f"{server.host} offers no encryption: not sent", retry=True)
        if server.user:
            connection.login(server.user, server.password)


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that this machine trusts: reading them takes as long as sending a dozen mails."""
    return ssl.create_default_context()


def send(message: EmailMessage, *, url: str) -> None:
    """Send one message over a connection of its own; raises as `Mailer.send` does."""
    with Mailer(url) as mailer:
        mailer.send(message)


def _addresses(message: EmailMessage, header: str) -> list[str]:
    """The bare addresses of a header, unparsed where nobody has read it yet."""
    return [spec for _, spec in getaddresses([str(value) for name, value in message.raw_items() if name == header])]


def _payload(message: bytes) -> bytes:
    """The message as DATA wants it: CRLF, leading dots doubled, a dot alone at the end."""
    return re.sub(rb"(?m)^\.", b"..", message).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _expect(answer: tuple[int, bytes], *good: int, at_rcpt: bool = False) -> None:
    code, words = answer
    if code in good:
        return
    told = words.decode("utf-8", "replace").replace("\n", " ")[:300]
    refused = refuses_address(code, told, at_rcpt=at_rcpt)
    kind = RefusedError if refused else MailError
    raise kind(f"{code} {told}", retry=code < 500 or code in _LOGIN_WANTED)


def _as_mail_error(error: Exception, host: str) -> MailError:
    """What went wrong before the message's turn came: the server's trouble, never the message's."""
    if isinstance(error, MailError):
        return UnreachableError(str(error), retry=True)
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return UnreachableError(f"{host}: {error.smtp_code} {words[:300]}", retry=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return UnreachableError(f"{host} shows a certificate that does not hold: {error.verify_message}", retry=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return UnreachableError(f"{host}: {error}", retry=True)
    return UnreachableError(f"cannot reach the mail server {host}: {error}", retry=True)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
