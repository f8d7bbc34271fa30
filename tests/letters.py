"""The other end of the mails about accounts: the real job, a real outbox folder, and what stands in the files."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from django.utils import timezone


@dataclass
class Letter:
    """One mail as its reader sees it."""

    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def path(self) -> str:
        """The link, without the site's own address."""
        link = re.search(r"http\S+/confirm/\S+", self.text)
        assert link
        return urlsplit(link[0]).path

    @property
    def token(self) -> str:
        return self.path.strip("/").split("/")[-1]

    @property
    def code(self) -> str:
        code = re.search(r"code: ([0-9]{3} [0-9]{3})", self.text)
        assert code
        return code[1]


@dataclass
class Mailbox:
    """All mails that the jobs hand over."""

    folder: Path

    def fetch(self) -> list[Letter]:
        """Do the jobs that wait, then read what is new, in the order of writing; read files are taken away."""
        from takefive.pipeline import flow
        from takefive.pipeline.steps import confirm

        for challenge in sorted(confirm.waiting(timezone.now())):
            flow.confirm(challenge=challenge)
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        letters = [Letter(email.message_from_bytes(file.read_bytes(), policy=email.policy.default)) for file in files]
        for file in files:
            file.unlink()
        return letters

    def only(self) -> Letter:
        """The one new mail."""
        (letter,) = self.fetch()
        return letter
