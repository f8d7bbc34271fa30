"""The short mail that answers a reader's reply: what was done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from textwrap import fill

from takefive.delivery.clean import line
from takefive.delivery.message import envelope, mailbox

HOW = (
    "You can answer a brief with words such as: more like 2 · less like 3 · save 1 · mute crypto · mute show 2 ·"
    " pause until Monday · pause for two weeks · resume · weekly · weekdays · daily · stop."
)


def compose(
    done: Sequence[str], *, key: str, to: str, sender: str, subject: str, answers: str, settings_url: str, now: datetime
) -> EmailMessage:
    """The answer, plain text, in the same thread: `answers` is the Message-ID of the reader's mail. No machine answers it."""
    words = line(subject, 80).removeprefix("Re: ") or "your brief"
    message = envelope(mailbox(sender), mailbox(to), f"Re: {words}", key=key, now=now)
    if answers.isascii() and answers.isprintable() and " " not in answers and len(answers) < 250:
        message["In-Reply-To"] = answers
        message["References"] = answers
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    rows = [fill(line(one, 300), 72, initial_indent="· ", subsequent_indent="  ") for one in done]
    message.set_content(
        "\n".join([*rows, "", fill(HOW, 72), "", f"All choices: {settings_url}", ""]), cte="quoted-printable"
    )
    return message
