"""Addresses that speak for a reader without a sign-in: signed, so that nobody can make one for another."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from takefive.accounts.models import Reader

_SALT = "takefive.unsubscribe"


def unsubscribe_url(reader: Reader) -> str:
    """The page, and the one-click address of RFC 8058, that stops this reader's mail."""
    token = signing.dumps(reader.pk, salt=_SALT)
    return settings.SITE_URL + reverse("unsubscribe", kwargs={"token": token})


def reader_id_of(token: str) -> int | None:
    """Whose link this is, whether there still is such a reader or not; None where the token is not ours."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return None
