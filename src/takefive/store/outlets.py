"""A reader's outlets: their secrets, and finding one by its address.

Only `key` is stored. What opens a feed is the key with a signature, what signs a webhook is made from it: with the installation's
secret key, which stands in no table.
"""

from __future__ import annotations

from base64 import b64encode

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from takefive.accounts.models import Reader
from takefive.store.models import Outlet
from takefive.store.models.outlets import new_key

_SALT = "takefive.outlet"


def token(outlet: Outlet) -> str:
    """What stands in the outlet's address: whoever knows it may read there."""
    return _signer(outlet.kind).sign(outlet.key)


def outlet_of(token: str, *kinds: Outlet.Kind) -> Outlet | None:
    """The outlet of one of these kinds that this token opens, with its reader; None where there is none any more."""
    for kind in kinds:
        try:
            key = _signer(kind).unsign(token)
        except BadSignature:
            continue
        return Outlet.objects.select_related("reader").filter(kind=kind, key=key).first()
    return None


def secret(outlet: Outlet) -> str:
    """What the outlet's messages are signed with, as Standard Webhooks writes it: whsec_ and 32 octets in Base64."""
    return "whsec_" + b64encode(salted_hmac(_SALT, outlet.key, algorithm="sha256").digest()).decode()


def open_(reader: Reader, kind: Outlet.Kind, *, address: str = "") -> Outlet:
    """The reader's outlet of this kind, made if there is none; with this address."""
    return Outlet.objects.update_or_create(reader=reader, kind=kind, defaults={"address": address})[0]


def renew(reader: Reader, kind: Outlet.Kind) -> None:
    """Give the outlet new addresses and secrets; the old ones open nothing from now on."""
    Outlet.objects.filter(reader=reader, kind=kind).update(key=new_key())


def close(reader: Reader, kind: Outlet.Kind) -> None:
    """Take the outlet away."""
    Outlet.objects.filter(reader=reader, kind=kind).delete()


def _signer(kind: str) -> Signer:
    return Signer(salt=f"{_SALT}.{kind}", sep=".")
