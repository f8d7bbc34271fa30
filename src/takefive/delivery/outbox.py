"""Messages as files in a folder: what a laptop without a mail server has."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from takefive.common.errors import MailError


class Outbox:
    """Writes each message to `<folder>/<Message-ID>.eml`; the same message again is the same file.

    A crash leaves the whole file or none: it is written beside, flushed to disk and renamed. Nobody else may read them:
    codes to sign in with lie there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message; MailError with `retry` where the disk refuses."""
        path = self.path(message)
        beside = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink()
            raise MailError(f"cannot write {path}: {error.strerror}", retry=True) from error

    def forget(self, address: str) -> int:
        """Delete every message to this address, also what a crash left half written; how many there were."""
        theirs = [path for path in self.folder.glob("*") if path.suffix in {".eml", ".part"} and _is_to(path, address)]
        for path in theirs:
            path.unlink(missing_ok=True)
        return len(theirs)

    def path(self, message: EmailMessage) -> Path:
        """Where the message is written."""
        name = re.sub(r"[^\w.@-]", "_", str(message["Message-ID"]).strip("<> "), flags=re.ASCII).lstrip(".")
        return self.folder / f"{name[:150]}.eml"


def _is_to(path: Path, address: str) -> bool:
    """By the header To, which composing writes among the first, on one line."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        head = file.read(4096).partition(b"\r\n\r\n")[0].decode("ascii", "replace")
        to = re.search(r"(?mi)^To:(.*(?:\r?\n[ \t].*)*)", head)
        return to is not None and parseaddr(to[1])[1].lower() == address.lower()
    return False
