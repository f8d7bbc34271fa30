"""A message as a mail: text and HTML halves, and headers that nothing from outside can break. Pure."""

from __future__ import annotations

import re
from binascii import b2a_qp
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from urllib.parse import urlsplit

from takefive.common.errors import MailError
from takefive.delivery import html, text
from takefive.delivery.clean import address, line
from takefive.delivery.page import page
from takefive.delivery.values import MessageContent

_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE | re.ASCII)
_MACHINES_READ = re.compile(r"From|To|Message-ID|List-.*", re.IGNORECASE)
_LONGEST_LINE = 998  # octets, RFC 5322


class _Policy(EmailPolicy):
    """Python folds a word too long for a line by encoding it, and nobody unsubscribes at an encoded address.

    The headers that machines read are therefore folded only where RFC 5322 leaves no choice.
    """

    def fold(self, name: str, value: str) -> str:
        """One header as text."""
        return str(EmailPolicy.fold(self._of(name), name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as bytes: what generators ask for."""
        return EmailPolicy.fold_binary(self._of(name), name, value)

    def _of(self, name: str) -> EmailPolicy:
        return self.clone(max_line_length=_LONGEST_LINE) if _MACHINES_READ.fullmatch(name) else self


_POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit")


def compose(content: MessageContent, *, now: datetime) -> EmailMessage:
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
    message["List-Id"] = f"Takefive <brief.{_host(content.site_url) or sender.domain}>"
    message["List-Unsubscribe"] = f"<{unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return filled(message, text.typeset(set_page), html.typeset(set_page), key=content.key)


def envelope(sender: Address, to: Address, subject: str, *, key: str, now: datetime) -> EmailMessage:
    """The headers that every mail of ours begins with; `key` makes its Message-ID."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = _unencoded(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_digest(key)}@{sender.domain}>"
    return message


def filled(message: EmailMessage, plain: str, rich: str, *, key: str) -> EmailMessage:
    """The mail with its two halves, text and HTML."""
    message["Auto-Submitted"] = "auto-generated"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="takefive-{_digest(key)}"'
    message.attach(_part("plain", plain))
    message.attach(_part("html", rich))
    return message


def message_id(content: MessageContent) -> str:
    """The Message-ID that this content has each time it is composed."""
    return f"<{_digest(content.key)}@{mailbox(content.sender).domain}>"


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


def _part(kind: str, words: str) -> EmailMessage:
    """One half of the mail. By hand, since set_content encodes in Python, which is half the time of composing."""
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = f'text/{kind}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
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
