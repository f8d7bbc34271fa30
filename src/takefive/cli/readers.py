"""Which reader a command is about."""

from __future__ import annotations

from takefive.accounts.models import Reader
from takefive.common.errors import UsageError


def the_reader(address: str) -> Reader:
    """The stored reader with that address, or without one the only reader who gets briefs; UsageError where there is none."""
    if address:
        reader = Reader.objects.filter(email=address.strip().lower()).first()
        if reader is None:
            raise UsageError(f"there is no reader {address[:80]!r}; takefive brief --to ADDRESS makes one.")
        return reader
    known = list(Reader.objects.filter(status=Reader.Status.ACTIVE)[:2])
    if len(known) != 1:
        raise UsageError("say for whom: --to ADDRESS")
    return known[0]
