"""Messages as files in a folder: what a laptop without a mail server has."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from takefive.common.errors import MailError


class Outbox:
    """Writes each message to `<folder>/<Message-ID>.eml`; the same message again is the same file.

    A crash leaves the whole file or none: it is written beside, flushed to disk and renamed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message; MailError with `retry` where the disk refuses."""
        path = self.path(message)
        beside = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink()
            raise MailError(f"cannot write {path}: {error.strerror}", retry=True) from error

    def path(self, message: EmailMessage) -> Path:
        """Where the message is written."""
        name = re.sub(r"[^\w.@-]", "_", str(message["Message-ID"]).strip("<> "), flags=re.ASCII).lstrip(".")
        return self.folder / f"{name[:150]}.eml"
