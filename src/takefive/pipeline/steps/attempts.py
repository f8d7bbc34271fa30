"""What happens to an episode whose step failed: one clear line kept on its row, tried again later, given up in the end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from takefive.common.errors import TakefiveError
from takefive.store.models import Episode

log = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(minutes=2)
_LONGEST_WAIT = timedelta(days=1)
_MOST_ATTEMPTS = 8


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failures: doubled each time, a day at the most."""
    doubled: timedelta = _FIRST_WAIT * 2 ** min(attempts, 12)
    return min(doubled, _LONGEST_WAIT)


def nameless(error: Exception | str, email: str) -> str:
    """What went wrong with a mail, on one line, without the address that servers repeat: no deletion reaches a log."""
    return " ".join(str(error).replace(email, "the address").split())[:450]


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
        _record(episode, now, f"{type(error).__name__}: {error}", final=False)


def _record(episode: Episode, now: datetime, why: str, *, final: bool) -> None:
    line = " ".join(why.split())[:500]
    attempts = episode.attempts + 1
    given_up = final or attempts >= _MOST_ATTEMPTS
    log.warning("%s: %s%s", episode.title, line, "" if given_up else " (will be tried again)")
    change = {"stage": Episode.Stage.FAILED} if given_up else {}
    Episode.objects.filter(pk=episode.pk, stage=episode.stage).update(
        error=line, attempts=attempts, next_try_at=now + wait_after(attempts), **change
    )
