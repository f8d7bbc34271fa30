"""The short mails about an account: a link and a six-digit code that show an address to be one's own. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from textwrap import fill

from takefive.common.errors import MailError
from takefive.delivery import html
from takefive.delivery.clean import address, line
from takefive.delivery.message import envelope, filled, mailbox

WIDTH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One paragraph, one link, one code. `key` makes the Message-ID; `code` is six digits; `small` stands below it all."""

    key: str
    to: str
    sender: str
    site_url: str
    subject: str
    title: str
    words: str
    button: str
    url: str
    code: str
    small: tuple[str, ...]

    @property
    def spaced_code(self) -> str:
        """The code as people read it: 482 913."""
        return f"{self.code[:3]} {self.code[3:]}"


def confirmation(*, key: str, to: str, sender: str, site_url: str, url: str, code: str, consent: str) -> Note:
    """Asks who signed up to confirm; `consent` is what they agree to by that."""
    return Note(
        key=key,
        to=to,
        sender=sender,
        site_url=site_url,
        subject="Confirm your address for Takefive",
        title="Is this your address?",
        words=f"Someone, probably you, asked for Takefive’s brief at this address. By confirming you say: “{line(consent)}”",
        button="Confirm my address",
        url=url,
        code=code,
        small=(
            "The link works in the browser in which you signed up; in any other, it asks for the code. Both work for"
            " 24 hours, once.",
            "It was not you? Then do nothing: without your confirmation nothing else is sent.",
        ),
    )


def sign_in(*, key: str, to: str, sender: str, site_url: str, url: str, code: str) -> Note:
    """Lets a reader into the account."""
    return Note(
        key=key,
        to=to,
        sender=sender,
        site_url=site_url,
        subject="Sign in to Takefive",
        title="Sign in to Takefive",
        words="This opens your account: what interests you, when the brief comes, and all that is stored about you.",
        button="Sign in",
        url=url,
        code=code,
        small=(
            "The link works in the browser in which you asked; in any other, it asks for the code. Both work for"
            " 15 minutes, once. Tell the code to nobody.",
            "It was not you? Then do nothing: nobody gets in without this mail.",
        ),
    )


def compose(note: Note, *, now: datetime) -> EmailMessage:
    """The mail of this note, dated `now` (aware): multipart/alternative of plain text and HTML, no list headers.

    Raises MailError where an address of our own or the reader's is no address.
    """
    if address(note.url) is None:
        raise MailError(f"no web address to confirm at: {line(note.site_url, 80)!r}", retry=False)
    message = envelope(mailbox(note.sender), mailbox(note.to), note.subject, key=note.key, now=now)
    return filled(message, _text(note), html.typeset_note(note), key=note.key)


def _text(note: Note) -> str:
    blocks = ["TAKEFIVE\n" + "═" * WIDTH, note.title, _wrapped(note.words), f"{note.button}:\n{note.url}"]
    blocks += [f"Or type in this code: {note.spaced_code}", "─" * WIDTH, *map(_wrapped, note.small)]
    return "\n\n".join(blocks) + "\n"


def _wrapped(words: str) -> str:
    return fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)
