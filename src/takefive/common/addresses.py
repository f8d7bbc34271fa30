"""Addresses: which are public, which are secret, and how to write one in a log. Pure: nothing here connects."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from takefive.common.errors import UsageError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA's special-purpose registries, written out: `ipaddress.is_global` differs between releases of Python.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(n)
    for n in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's metadata host stands on a public address
    )
)  # fmt: skip
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)  # 2001::/23 holds Teredo, 2002::/16 is 6to4: both carry an IPv4 address that we could not see
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_SECRET_KEYS = re.compile(
    r"^(auth|authcode|authorization|key|pass|passwd|password|pw|pwd|secret|session(_?id)?|sig|signature|subscriber(_?id)?|credentials?)$"
    r"|token|api[-_]?key|access_?key|auth_?key|[-_]auth\b",
    re.IGNORECASE,
)
_PRIVATE_PLACES = re.compile(
    r"""patreon\.com/rss | \.supercast\.(com|tech) | supportingcast\.fm | access\.acast\.com | /private/ | /premium/rss
      | memberful\.com | subscribers\.transistor\.fm | members?\.[^/]*/.*(rss|feed) | (^|[./])private[-.] | glow\.fm
      | feeds\.fanlist\.com | /podcasts?/feeds?/private | steadyhq\.com | slate\.com/.*plus | hellosubscriber | helloaudio\.fm""",
    re.IGNORECASE | re.VERBOSE,
)
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LONG_RUN = re.compile(r"[A-Za-z0-9_~=+-]{30,}|\beyJ[A-Za-z0-9_=-]{10,}")
_SWITCH = re.compile(r"[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])")
_SWITCHES = 7  # a long word with letters and digits so mixed was drawn by lot; names with a number in them have few


def is_public(address: str | Address) -> bool:
    """Whether an IP address is one that anybody on the internet could reach; False for text that is no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in closed for closed in _CLOSED_V4)
    if ip.ipv4_mapped is not None:
        return is_public(ip.ipv4_mapped)
    if ip in _NAT64:
        return is_public(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return ip in _GLOBAL_V6 and not any(ip in closed for closed in _CLOSED_V6)


def looks_private(url: str) -> bool:
    """Whether an address carries a credential, so that whoever knows it can read what its owner paid for.

    Errs towards True: a public feed taken as private costs its public pages, the other mistake gives a secret away.
    """
    try:
        parts = urlsplit(url)
        if "@" in parts.netloc or any(_SECRET_KEYS.search(key) for key, _ in parse_qsl(parts.query)):
            return True
    except ValueError:
        return True
    place = f"{parts.netloc}{parts.path}"
    values = (value for key, value in parse_qsl(parts.query) if not key.startswith("utm_"))
    return bool(_PRIVATE_PLACES.search(place) or any(map(_is_token, [*unquote(parts.path).split("/"), *values])))


def redacted(url: str) -> str:
    """The address as it may stand in a log or an error: no user, no password, no query, no token in the path."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    if looks_private(url):
        return _printable(f"{parts.scheme}://{host}/…")
    return _printable(f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}")


def trusted_target(trusted: Mapping[str, str], host: str, port: int) -> tuple[str, int] | None:
    """Where a trusted host is really found; None for a host that is not trusted. `trusted` has lower-case keys.

    Raises UsageError for a target that cannot be read.
    """
    name = f"[{host}]" if ":" in host else host
    target = trusted.get(f"{name}:{port}") or trusted.get(name)
    if target is None:
        return None
    try:
        parts = urlsplit(f"//{target}")
        return parts.hostname or host, parts.port or port
    except ValueError as error:
        raise UsageError(f"TAKEFIVE_TRUSTED_HOSTS: {target!r} is not of the form address:port") from error


def _is_token(word: str) -> bool:
    run = _LONG_RUN.search(_UUID.sub("", word))
    return run is not None and (run[0].startswith("eyJ") or len(_SWITCH.findall(run[0])) >= _SWITCHES)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)[:300]
