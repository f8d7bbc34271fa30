"""The wall between us and private networks: checked where the socket is made, so no name changes its meaning after."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from typing import Any

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import StreamReader
from yarl import URL

from takefive.common.addresses import is_public, redacted, trusted_target
from takefive.common.errors import RefusedAddressError

# Where podcasts really are served. The rest of the low ports is mail, shells and databases.
_PORTS = frozenset((80, 443, *range(8000, 9000)))
_LONGEST = 8_000
_ODD = re.compile(r"[\\\x00-\x20]")
_METADATA = frozenset(ip_address(a) for a in ("168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"))
_MOST_BEFORE = 20  # answers of 1xx before the real one
_LOOKUPS = 32  # names looked up at the same time; each holds a thread


class GuardedResolver(AbstractResolver):
    """Looks names up, and refuses a name as a whole when any of its addresses is not public.

    Trusted hosts go where the map says. `granted` remembers those sockets for the last check at connect.
    """

    def __init__(self, trusted: Mapping[str, str], inner: AbstractResolver | None = None) -> None:
        self._trusted = {host.lower(): target for host, target in trusted.items()}
        self._inner = inner or _SystemResolver()
        self.granted: set[tuple[str, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name; raises RefusedAddressError for private ones, OSError for none."""
        target = trusted_target(self._trusted, host.lower(), port)
        if target is not None:
            found = await self._inner.resolve(*target, family)
            self.granted.update((r["host"], r["port"]) for r in found)
            return found
        found = await self._inner.resolve(host, port, family)
        for result in found:
            if not is_public(result["host"]):
                raise not_public(host, port, result["host"])
        return found

    async def close(self) -> None:
        """Let go of the look-up threads."""
        await self._inner.close()

    def trusts(self, host: str, port: int) -> bool:
        """Whether the owner of this installation named the host."""
        return trusted_target(self._trusted, host.lower(), port) is not None


class _SystemResolver(AbstractResolver):
    """getaddrinfo in threads of its own: a slow name server must not hold up the event loop's other threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="takefive-dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        infos = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        return [
            {"hostname": host, "host": str(to[0]), "port": int(to[1]), "family": fam, "proto": proto, "flags": 0}
            for fam, _, proto, _, to in infos
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: int) -> list[Any]:
    return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)


def guarded_connector(resolver: GuardedResolver, *, limit: int) -> TCPConnector:
    """A connector whose every socket is checked, also for addresses written as numbers, which skip the resolver."""

    def make_socket(info: Any) -> socket.socket:
        family, kind, proto, _, to = info
        if not (is_public(to[0]) or (to[0], to[1]) in resolver.granted or resolver.trusts(to[0], to[1])):
            raise not_public(to[0], to[1], to[0])
        return socket.socket(family, kind, proto)

    connector = TCPConnector(
        resolver=resolver, socket_factory=make_socket, limit=limit, ttl_dns_cache=60, keepalive_timeout=15
    )
    # There is no public way to say so.
    connector._factory = partial(_Impatient, loop=asyncio.get_running_loop())  # type: ignore[assignment]
    return connector


class _Impatient(ResponseHandler):
    """A connection that ends where a server goes on announcing an answer (1xx): aiohttp would listen until the time is up."""

    _before = 0

    async def read(self) -> tuple[RawResponseMessage, StreamReader]:
        """The next answer; raises HttpProcessingError after too many of 1xx in a row."""
        message, payload = await super().read()
        self._before = self._before + 1 if message.code < 200 else 0
        if self._before > _MOST_BEFORE:
            raise HttpProcessingError(code=message.code, message=f"more than {_MOST_BEFORE} answers of 1xx")
        return message, payload


def checked_url(text: str, resolver: GuardedResolver) -> URL:
    """Read an address; raises RefusedAddressError, in words, for one that we never connect to."""
    if len(text) > _LONGEST:
        raise _refused(text, f"an address of {len(text):,} characters")
    try:
        url = URL(text.strip())
        host, port = host_of(url), url.port
    except (ValueError, TypeError) as error:
        raise _refused(text, f"not an address ({error})") from error
    if url.scheme not in ("http", "https") or not host or port is None:
        raise _refused(text, "not an http or https address")
    if _ODD.search(text.strip()):
        raise _refused(text, "an address with a backslash, a space or a control character")
    if resolver.trusts(host, port):
        return url
    if port not in _PORTS:
        raise _refused(text, f"port {port} is not one that podcasts are served on{_how(host, port, host)}")
    if _is_number(host) and not is_public(host):
        raise not_public(host, port, host)
    return url


def host_of(url: URL) -> str:
    """The host as people write it. To decode a name takes as long as all other checks, and few are encoded."""
    raw = url.raw_host or ""
    return (url.host or "") if "xn--" in raw else raw


def _refused(text: str, why: str) -> RefusedAddressError:
    return RefusedAddressError(f"{redacted(text)}: {why}")


def not_public(host: str, port: int, address: str) -> RefusedAddressError:
    """The error for a private address, with the way out for those who run the private server themselves."""
    about = f"{address} is not a public address{_how(host, port, address)}"
    return RefusedAddressError(about if host == address else f"{host}: {about}")


def _is_number(host: str) -> bool:
    """Whether aiohttp would take the host for an address, and so not ask the resolver."""
    return ":" in host or host.replace(".", "").isdigit()


def _how(host: str, port: int, address: str) -> str:
    """The way out; none for link-local addresses and the metadata hosts of clouds, where nobody keeps a podcast."""
    if _gives_secrets(address):
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"; to trust this host set TAKEFIVE_TRUSTED_HOSTS={name}:{port}"


def _gives_secrets(address: str) -> bool:
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_link_local or ip in _METADATA
