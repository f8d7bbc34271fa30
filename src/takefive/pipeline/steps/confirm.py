"""Addresses typed in -> a mail each with a link and a code.

The link and the code are made here, their hashes committed before the mail goes out. A crash in between: over SMTP the row
becomes doubtful and its mail is not sent again, since whoever waits for it asks again; into the outbox folder the same file
is written anew.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from takefive.accounts import challenges
from takefive.accounts.consent import CONSENT
from takefive.accounts.models import Challenge, Reader
from takefive.common.errors import MailError
from takefive.delivery.channel import DoubtfulError, RefusedError
from takefive.delivery.confirm import Note, compose, confirmation, sign_in
from takefive.pipeline.steps import allow, outside, returns
from takefive.pipeline.steps.attempts import nameless, orphaned, wait_after
from takefive.store.models import Delivery, Return

log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 4
_Status = Challenge.Status


def waiting(now: datetime) -> list[int]:
    """Challenges to mail now, and those whose sender may have died."""
    if allow.held():
        return []
    due = Q(status=_Status.WAITING, next_try_at__lte=now) | orphaned("mailed_at", now)
    return list(Challenge.objects.filter(due).values_list("pk", flat=True))


def run(challenge_id: int, *, now: datetime) -> None:
    """Mail one challenge, unless no mail may go to its address, and record how that went."""
    if allow.held():
        return
    with outside.channel() as channel:  # before the claim: what goes wrong here must not look like a mail that went out
        claimed = _claim(challenge_id, now)
        if claimed is None:
            return
        challenge, token, code = claimed
        try:
            channel.send(compose(_note(challenge, token, code), now=now))
        except MailError as error:
            _note_failure(challenge, error, now)
        else:
            _record(challenge, _Status.SENT)


def _claim(challenge_id: int, now: datetime) -> tuple[Challenge, str, str] | None:
    """The challenge with its token and code, ours and committed; None where there is nothing to mail."""
    with transaction.atomic():
        ours = Q(status=_Status.WAITING) | orphaned("mailed_at", now)
        challenge = Challenge.objects.select_for_update().filter(ours, pk=challenge_id).first()
        if challenge is None:
            return None
        if challenge.status == _Status.SENDING and Delivery.Channel.leaves():
            _record(challenge, _Status.DOUBTFUL, "the sender died while sending")
            return None
        if (when := allow.shared([challenge.email], now, awaited=True)[0]) is not None:
            challenge.next_try_at = when
            _record(challenge, _Status.WAITING)
            return None
        secrets = challenges.seal(challenge, now)
        return (challenge, *secrets) if secrets else None


def _note(challenge: Challenge, token: str, code: str) -> Note:
    common = {
        "key": f"challenge:{challenge.pk}:{challenge.created_at.isoformat()}",
        "to": challenge.email,
        "sender": settings.SENDER,
        "site_url": settings.SITE_URL,
        "url": settings.SITE_URL + reverse("confirm-link", kwargs={"token": token}),
        "code": code,
    }
    if challenge.purpose == Challenge.Purpose.SIGN_IN:
        return sign_in(**common)
    return confirmation(**common, consent=CONSENT)


def _note_failure(challenge: Challenge, error: MailError, now: datetime) -> None:
    """Tried again a few times where that can help; an address where nobody is gets no more mail."""
    why = nameless(error, challenge.email)
    again = error.retry and challenge.attempts < _MOST_ATTEMPTS
    log.warning("confirmation %s: %s%s", challenge.pk, why, " (will be tried again)" if again else "")
    if isinstance(error, DoubtfulError):
        _record(challenge, _Status.DOUBTFUL, why)
    else:
        challenge.next_try_at = now + wait_after(challenge.attempts)
        _record(challenge, _Status.WAITING if again else _Status.FAILED, why)
    reader = Reader.objects.filter(email=challenge.email).first() if isinstance(error, RefusedError) else None
    if reader is not None:
        returns.note(reader, Return.Kind.REFUSED, why, now)


def _record(challenge: Challenge, status: str, error: str = "") -> None:
    Challenge.objects.filter(pk=challenge.pk).update(status=status, error=error, next_try_at=challenge.next_try_at)
