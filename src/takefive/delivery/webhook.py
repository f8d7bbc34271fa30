"""A brief to an address that its reader gave, as signed JSON (Standard Webhooks, https://www.standardwebhooks.com).

`webhook-id` is the same at each try, so that who gets a message twice can tell: after a broken connection, where nobody knows
whether it arrived, it is simply sent again.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from takefive.common.addresses import looks_private, redacted
from takefive.common.errors import FetchError, MailError, RefusedAddressError, UsageError
from takefive.common.guard import GuardedResolver, checked_url
from takefive.common.http import GuardedClient
from takefive.delivery.body import as_json
from takefive.delivery.values import MessageContent

GONE = 410  # the receiver's word for "never again"
LONGEST = 1_000


class GoneError(MailError):
    """The receiver says that it wants nothing at this address ever again."""


def checked(address: str, trusted: Mapping[str, str]) -> str:
    """The address as it will be used; UsageError, in words for the reader, where we would never send anything there."""
    address = address.strip()
    if len(address) > LONGEST:
        raise UsageError(f"The address is longer than {LONGEST:,} characters.")
    resolver = GuardedResolver(trusted)
    try:
        url = checked_url(address, resolver)
    except RefusedAddressError as error:
        raise UsageError(f"Nothing can be sent there: {str(error).partition('; to trust')[0]}.") from error
    if url.scheme != "https" and not resolver.trusts(url.host or "", url.port or 0):
        raise UsageError("The address must begin with https, so that nobody on the way reads or changes your brief.")
    return address


class Webhook:
    """One receiver. `secret` is whsec_ and Base64; `client` makes the guarded client."""

    def __init__(self, address: str, secret: str, *, client: Callable[[], GuardedClient], now: datetime) -> None:
        self._address, self._secret = address, secret
        self._client, self._now = client, now

    def send(self, content: MessageContent) -> None:
        """Hand the brief over; any answer of 2xx is a yes.

        Raises GoneError for 410, else MailError: sending again can help, and does no harm, unless the address is refused.
        """
        body = payload(content, self._now)
        try:
            asyncio.run(self._post(body, headers(body, id_of(content), self._now, self._secret)))
        except RefusedAddressError as error:
            raise MailError(f"the webhook: {_discreet(error, self._address)}", retry=False) from error
        except FetchError as error:
            kind = GoneError if error.status == GONE else MailError
            raise kind(f"the webhook: {_discreet(error, self._address)}", retry=error.status != GONE) from error

    async def _post(self, body: bytes, signed: Mapping[str, str]) -> None:
        async with self._client() as client:
            await client.post(self._address, body, headers=signed)


def id_of(content: MessageContent) -> str:
    """The same for the same brief."""
    return f"msg_{sha256(content.key.encode()).hexdigest()[:32]}"


def payload(content: MessageContent, now: datetime) -> bytes:
    """The JSON that is sent, in UTF-8."""
    whole: dict[str, Any] = {"type": "brief.made", "timestamp": now.isoformat(), "data": as_json(content)}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")


def headers(body: bytes, id_: str, now: datetime, secret: str) -> dict[str, str]:
    """What says who sent it, when, and that nobody changed it."""
    moment = str(int(now.timestamp()))
    signature = hmac.new(b64decode(secret.removeprefix("whsec_")), f"{id_}.{moment}.".encode() + body, sha256)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": id_,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{b64encode(signature.digest()).decode()}",
    }


def _discreet(error: Exception, address: str) -> str:
    """Addresses of webhooks are secrets as a rule: of those only the host."""
    return str(error) if looks_private(address) else str(error).replace(redacted(address), _origin(address))


def _origin(address: str) -> str:
    return "/".join(redacted(address).split("/")[:3])
