"""Addresses that speak for a reader without a sign-in: signed, so that nobody can make one for another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.core import signing
from django.urls import reverse

from takefive.accounts.models import Reader

_SALT = "takefive.unsubscribe"
_STEER = "takefive.steer"
_STEERS_FOR = timedelta(days=400)
_PAGE_LIVES = timedelta(days=1)
_PRESSED_AT_ONCE = timedelta(seconds=1)  # no person reads a page and presses its button faster; mail scanners do


def unsubscribe_url(reader: Reader) -> str:
    """The page, and the one-click address of RFC 8058, that stops this reader's mail."""
    token = signing.dumps(reader.pk, salt=_SALT)
    return settings.SITE_URL + _path("unsubscribe", token)


def _path(page: str, token: str) -> str:
    before, after = _around(page)
    return before + token + after


@cache
def _around(page: str) -> tuple[str, str]:
    """The path before and behind its token: Django takes longer to find it than all else about a link takes."""
    before, _, after = reverse(page, kwargs={"token": "TOKEN"}).partition("TOKEN")
    return before, after


def reader_id_of(token: str) -> int | None:
    """Whose link this is, whether there still is such a reader or not; None where the token is not ours."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return None


def steering_url(reader_id: int, insight_id: int, day: date) -> str:
    """The page with which this reader steers by this insight; with a word such as "more/" behind it, that is chosen already.

    `day` is that of the brief. Made twice it is the same address, so that a mail made twice is the same mail.
    """
    token = steering_token(reader_id, insight_id, day)
    return settings.SITE_URL + _path("steer", token)


def steering_token(reader_id: int, insight_id: int, day: date) -> str:
    """What only we can make: whose click it is, about what, since when."""
    return signing.Signer(salt=_STEER).sign_object([reader_id, insight_id, day.toordinal()])


def steering_of(token: str, now: datetime) -> tuple[int, int] | None:
    """The reader and the insight of a token; None where it is not ours or older than 400 days."""
    try:
        reader_id, insight_id, day = signing.Signer(salt=_STEER).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return (reader_id, insight_id) if now.date().toordinal() - day <= _STEERS_FOR.days else None


def nonce_for(token: str, now: datetime) -> str:
    """What a page's form carries: that this page was shown, for this token, at this moment."""
    return signing.Signer(salt=f"{_STEER}.page:{token}").sign(str(int(now.timestamp() * 1000)))


def was_shown(token: str, nonce: str, now: datetime) -> bool:
    """Whether the form comes from a page of ours for this token, neither at once nor after a day."""
    try:
        shown = int(signing.Signer(salt=f"{_STEER}.page:{token}").unsign(nonce))
    except (signing.BadSignature, ValueError):
        return False
    return _PRESSED_AT_ONCE <= now - datetime.fromtimestamp(shown / 1000, tz=now.tzinfo) <= _PAGE_LIVES
