"""What happens to a row whose step failed: one clear line kept on it, tried again later, given up in the end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q

from takefive.common.errors import TakefiveError
from takefive.pipeline.steps import outside
from takefive.store.models import Delivery, Episode

log = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(minutes=2)
_LONGEST_WAIT = timedelta(days=1)
_MOST_ATTEMPTS = 8
_ORPHANED_AFTER = timedelta(minutes=2)  # four times what a mail server may take to answer


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failures (1 and more): 2 minutes, doubled each time, a day at the most."""
    doubled: timedelta = _FIRST_WAIT * 2 ** min(attempts - 1, 12)
    return min(doubled, _LONGEST_WAIT)


def nameless(error: Exception | str, email: str) -> str:
    """What went wrong with a mail, on one line, without the address that servers repeat: no deletion reaches a log."""
    return " ".join(str(error).replace(email, "the address").split())[:450]


def fault(error: Exception) -> str:
    """An error that nobody foresaw, as a row may show it: its own words may quote rows, addresses and tokens."""
    return f"{type(error).__name__}: a fault of ours, see the log"


def orphaned(claimed: str, now: datetime) -> Q:
    """Mails in "sending" whose sender died; `claimed` names the field that tells since when they are being sent.

    Into the outbox folder nothing is gained by waiting: what another sender also writes is the same file.
    """
    sending = Q(status="sending")
    if not Delivery.Channel.leaves():
        return sending
    return sending & (Q(**{f"{claimed}__lt": now - _ORPHANED_AFTER}) | Q(**{claimed: None}))


@contextmanager
def attempt(episode: Episode, now: datetime) -> Iterator[None]:
    """Keep what goes wrong inside as one line on the episode's row instead of letting it stop the batch.

    A crash of the process leaves the row as it was: the sweep finds it.
    """
    try:
        yield
    except TakefiveError as error:
        _record(episode, now, str(error), final=not error.retry)
    except Exception as error:
        log.exception("episode %s: a fault of ours", episode.pk)
        _record(episode, now, fault(error), final=False)


def _record(episode: Episode, now: datetime, why: str, *, final: bool) -> None:
    line = outside.discreet(why, private=episode.podcast.private)[:500]
    attempts = episode.attempts + 1
    given_up = final or attempts >= _MOST_ATTEMPTS
    log.warning("%s: %s%s", episode.title, line, "" if given_up else " (will be tried again)")
    change = {"stage": Episode.Stage.FAILED} if given_up else {}
    Episode.objects.filter(pk=episode.pk, stage=episode.stage).update(
        error=line, attempts=attempts, next_try_at=now + wait_after(attempts), **change
    )
