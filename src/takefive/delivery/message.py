"""A message as a mail: text and HTML halves, and headers that nothing from outside can break. Pure."""

from __future__ import annotations

import re
from binascii import b2a_qp
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from takefive.common.errors import MailError
from takefive.delivery import html, text
from takefive.delivery.clean import address, line
from takefive.delivery.page import page
from takefive.delivery.values import MessageContent

_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE | re.ASCII)
_MACHINES_READ = re.compile(r"From|To|Reply-To|Message-ID|List-.*", re.IGNORECASE)
_LINE = 78
_LONGEST_LINE = 998  # octets, RFC 5322


class _Policy(EmailPolicy):
    """Python folds a word too long for a line by encoding it, and nobody unsubscribes at an encoded address.

    The headers that machines read are therefore folded only where RFC 5322 leaves no choice.
    """

    def fold(self, name: str, value: str) -> str:
        """One header as text."""
        return str(EmailPolicy.fold(self._of(name), name, self._parsed(name, value)))

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as bytes: what generators ask for."""
        return EmailPolicy.fold_binary(self._of(name), name, self._parsed(name, value))

    def _parsed(self, name: str, value: str) -> str:
        return value if hasattr(value, "name") else self.header_store_parse(name, value)[1]

    def _of(self, name: str) -> EmailPolicy:
        return self.clone(max_line_length=_LONGEST_LINE) if _MACHINES_READ.fullmatch(name) else self


_POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit")


class Mail(EmailMessage):
    """A mail whose bytes are made once and by hand: Python's generator takes longer than composing does."""

    _made: tuple[int, bytes] = (-1, b"")  # of how many headers

    def as_bytes(self, unixfrom: bool = False, policy: Policy[Any] | None = None) -> bytes:
        """The same bytes that EmailMessage gives."""
        if unixfrom or policy or not self.is_multipart():
            return super().as_bytes(unixfrom, policy)
        if self._made[0] != len(self.keys()):
            edge = f"--{self.get_boundary()}".encode()
            parts = b"".join(edge + b"\r\n" + _head(part) + _crlf(part) + b"\r\n" for part in self.iter_parts())
            self._made = len(self.keys()), _head(self) + parts + edge + b"--\r\n"
        return self._made[1]

    def put(self, name: str, value: str) -> None:
        """Add a header as it is; it is parsed only when somebody reads it, since that takes longer than all else."""
        if "\r" in value or "\n" in value:
            raise MailError(f"a line break in the header {name}", retry=False)
        self._headers.append((name, value))  # type: ignore[attr-defined]

    def raw(self, name: str) -> str:
        """The value of a header that is there, unparsed."""
        return next(str(value) for given, value in self.raw_items() if given == name)


def _head(message: MIMEPart) -> bytes:
    return b"".join(_folded(name, value) for name, value in message.raw_items()) + b"\r\n"


def _crlf(part: MIMEPart) -> bytes:
    return str(part.get_payload()).replace("\r\n", "\n").replace("\n", "\r\n").encode("ascii")


def _folded(name: str, value: str) -> bytes:
    """As the policy folds it: most headers are one line, and need no parsing to be one."""
    most = _LONGEST_LINE if _MACHINES_READ.fullmatch(name) else _LINE
    line = f"{name}: {value}"
    return f"{line}\r\n".encode() if value.isascii() and len(line) <= most else _refolded(name, value)


@lru_cache(maxsize=256)
def _refolded(name: str, value: str) -> bytes:
    return _POLICY.fold_binary(name, value)


def compose(content: MessageContent, *, now: datetime) -> Mail:
    """The mail of this content, dated `now` (aware): the same content and date, the same bytes.

    multipart/alternative of plain text and HTML under 60 KB. One-click unsubscribing as RFC 8058 wants it; the
    Message-ID comes from `content.key` alone. Raises MailError where an address of our own or the reader's is no
    address.
    """
    sender, to = mailbox(content.sender), mailbox(content.to)
    unsubscribe = address(content.unsubscribe_url)
    if unsubscribe is None or len(unsubscribe) > _LONGEST_LINE - len("List-Unsubscribe: <>"):
        raise MailError(f"no web address to unsubscribe at: {line(content.unsubscribe_url, 80)!r}", retry=False)
    set_page = page(content)
    message = envelope(sender, to, set_page.subject, key=content.key, now=now)
    if content.reply_to:
        message.put("Reply-To", str(mailbox(content.reply_to)))
    message.put("List-Id", f"Takefive <brief.{_host(content.site_url) or sender.domain}>")
    message.put("List-Unsubscribe", f"<{unsubscribe}>")
    message.put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    return filled(message, text.typeset(set_page), html.typeset(set_page), key=content.key)


def envelope(sender: Address, to: Address, subject: str, *, key: str, now: datetime) -> Mail:
    """The headers that every mail of ours begins with; `key` makes its Message-ID."""
    message = Mail(policy=_POLICY)
    message.put("From", str(sender))
    message.put("To", str(to))
    message.put("Subject", _unencoded(subject))
    message.put("Date", format_datetime(now))
    message.put("Message-ID", f"<{_digest(key)}@{sender.domain}>")
    return message


def filled(message: Mail, plain: str, rich: str, *, key: str) -> Mail:
    """The mail with its two halves, text and HTML."""
    message.put("Auto-Submitted", "auto-generated")
    message.put("MIME-Version", "1.0")
    message.put("Content-Type", f'multipart/alternative; boundary="takefive-{_digest(key)}"')
    message.attach(_part("plain", plain))
    message.attach(_part("html", rich))
    return message


def message_id(content: MessageContent) -> str:
    """The Message-ID that this content has each time it is composed."""
    return f"<{_digest(content.key)}@{mailbox(content.sender).domain}>"


@lru_cache(maxsize=1024)
def mailbox(written: str) -> Address:
    """An address such as "Takefive <brief@example.org>", read strictly; MailError where it is none."""
    name, spec = parseaddr(written)
    if not _MAILBOX.fullmatch(spec) or "\n" in written or "\r" in written:
        raise MailError(f"no mail address: {line(written, 80)!r}", retry=False)
    user, _, domain = spec.rpartition("@")
    try:
        return Address(_unencoded(line(name, 80)), user, domain.lower())
    except (MessageError, ValueError) as error:
        raise MailError(f"no mail address: {line(written, 80)!r}", retry=False) from error


def _part(kind: str, words: str) -> Mail:
    """One half of the mail. By hand, since set_content encodes in Python, which is half the time of composing."""
    part = Mail(policy=_POLICY)
    part.put("Content-Type", f'text/{kind}; charset="utf-8"')
    part.put("Content-Transfer-Encoding", "quoted-printable")
    part.set_payload(b2a_qp(words.encode(), istext=True).decode("ascii"))
    return part


def _unencoded(words: str) -> str:
    """Words that no mail reader takes for an encoded word, which could carry line breaks or another name."""
    return words.replace("=?", "= ?")


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _host(url: str) -> str | None:
    good = address(url)
    return urlsplit(good).hostname if good else None
