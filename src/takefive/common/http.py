"""The one door to servers of others: guarded, bounded in bytes and seconds, polite.

Every address from outside (feeds, redirects, transcripts, chapters, audio, hubs) goes through `GuardedClient`.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from types import TracebackType

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractResolver
from yarl import URL

from takefive.common.addresses import looks_private, redacted
from takefive.common.decode import ACCEPTED, Decoder
from takefive.common.errors import FetchError, RefusedAddressError, TakefiveError
from takefive.common.guard import GuardedResolver, checked_url, guarded_connector, host_of
from takefive.common.turns import Turns

_MOST_REDIRECTS = 10
_MOVED = frozenset((301, 302, 303, 307, 308))
_MOVED_FOR_GOOD = frozenset((301, 308))
# Statuses of 4xx that a later try may mend: time-outs, too early, too many.
_PASSING = frozenset((408, 421, 423, 425, 429))
_IDLE = 15.0  # seconds without one byte
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Response:
    """An answer below 400, or 304. `body` is decoded; `url` is where it came from after redirects.

    `moved_to` is the last address when every step of the way was permanent (301 or 308), else None.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved_to: str | None = None


class RefusedAnswerError(FetchError):
    """A status of 400 or more, with the headers that say when to come back."""

    def __init__(self, message: str, *, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(message, status=status, retry=status >= 500 or status in _PASSING)
        self.headers = headers


class NoHttpError(FetchError):
    """Bytes that are no HTTP, or more of them than HTTP has a place for."""


class GuardedClient:
    """An async context manager around one pool of connections. Keeps no cookies, uses no proxy of the environment.

    `trusted` maps "host[:port]" to "address:port": such a host is connected to exactly there, private or not.
    `total_timeout` (s) bounds one request with all its redirects, not the wait for its turn at a host: at most
    `per_host` at the same time, begun `spacing` seconds apart, at trusted hosts without that pause.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        trusted: Mapping[str, str] = {},
        total_timeout: float = 60,
        connect_timeout: float = 10,
        max_bytes: int = 50_000_000,
        per_host: int = 4,
        spacing: float = 0.0,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._agent, self._trusted, self._inner = user_agent, dict(trusted), resolver
        self._total, self._connect = total_timeout, connect_timeout
        self._max_bytes, self._turns = max_bytes, Turns(at_once=per_host, spacing=spacing)

    async def __aenter__(self) -> GuardedClient:
        """Open the pool; it belongs to the running event loop."""
        self._resolver = GuardedResolver(self._trusted, self._inner)
        self._session = aiohttp.ClientSession(
            connector=guarded_connector(self._resolver, limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect, sock_read=min(_IDLE, self._total)),
            headers={hdrs.USER_AGENT: self._agent, hdrs.ACCEPT_ENCODING: ACCEPTED},
            auto_decompress=False,
            trust_env=False,
            max_line_size=16_384,
            max_field_size=32_768,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._session.close()
        await self._resolver.close()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        cut: bool = False,
        total_timeout: float | None = None,
    ) -> Response:
        """Fetch `url` whole; `max_bytes` bounds the decoded body, of which `cut` takes no more instead of raising.

        Raises RefusedAddressError for an address that we never connect to (also in a redirect), FetchError for
        everything else that goes wrong; RefusedAnswerError, a FetchError, for a status of 400 or more.
        """
        most = self._max_bytes if max_bytes is None else max_bytes
        async with self.stream(url, headers=headers, total_timeout=total_timeout) as (answer, moved_to):
            body = await _read(answer, most, cut=cut)
            return Response(str(answer.url), answer.status, answer.headers, body, moved_to)

    @asynccontextmanager
    async def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, total_timeout: float | None = None
    ) -> AsyncIterator[tuple[aiohttp.ClientResponse, str | None]]:
        """The answer after all redirects, its body neither read nor decoded, and `moved_to`; for big files.

        The place at the host and the time limit hold until the block ends. Raises as `get` does.
        """
        left = self._total if total_timeout is None else total_timeout
        way = _Way(checked_url(url, self._resolver))
        while True:
            async with self._turn(way.here):
                began = monotonic()
                try:
                    async with asyncio.timeout(left), self._ask(way, headers) as answer:
                        if answer.status not in _MOVED:
                            _refuse(answer, url)
                            yield answer, way.moved_to
                            return
                        way.follow(answer, self._resolver)
                except TakefiveError:
                    raise
                except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                    raise _in_words(error, url, left) from error
                left -= monotonic() - began

    async def post(
        self, url: str, body: Mapping[str, str] | bytes, *, headers: Mapping[str, str] | None = None, max_bytes: int = 0
    ) -> Response:
        """Send a form, or octets whose type the headers tell; the answer is below 300, its body read up to `max_bytes`.

        A longer one raises, but for 0: then it is not read. Redirects are not followed. Raises as `get` does.
        """
        here = checked_url(url, self._resolver)
        async with self._turn(here):
            try:
                async with (
                    asyncio.timeout(self._total),
                    self._session.post(here, data=_sent(body), headers=headers, allow_redirects=False) as answer,
                ):
                    _refuse(answer, url)
                    said = await _read(answer, max_bytes, cut=False) if max_bytes else b""
                    return Response(str(answer.url), answer.status, answer.headers, said)
            except TakefiveError:
                raise
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                raise _in_words(error, url, self._total) from error

    def _turn(self, url: URL) -> AbstractAsyncContextManager[None]:
        """Until it is ours to ask this host; hosts that the operator named are asked without a pause between."""
        host, port = host_of(url), url.port or 0
        return self._turns.turn(f"{host}:{port}", spaced=not self._resolver.trusts(host, port))

    def _ask(self, way: _Way, headers: Mapping[str, str] | None) -> aiohttp.client._RequestContextManager:
        bare = way.here.with_user(None)
        return self._session.get(bare, headers={**(headers or {}), **way.credentials()}, allow_redirects=False)


class _Way:
    """From the address asked for to the one that answers, step by step."""

    def __init__(self, start: URL) -> None:
        self.start = self.here = start
        self._seen = {start}
        self._for_good = True

    @property
    def moved_to(self) -> str | None:
        return str(self.here) if self._for_good and self.here != self.start else None

    def credentials(self) -> dict[str, str]:
        """The user and password of the first address, for its own origin only."""
        if self.start.user is None or self.here.origin() != self.start.origin():
            return {}
        pair = f"{self.start.user}:{self.start.password or ''}".encode()
        return {hdrs.AUTHORIZATION: "Basic " + base64.b64encode(pair).decode()}

    def follow(self, answer: aiohttp.ClientResponse, resolver: GuardedResolver) -> None:
        """Take one step; raises FetchError for a loop or a long chain, RefusedAddressError for a bad address."""
        said = answer.headers.get(hdrs.LOCATION) or answer.headers.get("URI")
        if not said:
            raise FetchError(f"{redacted(str(self.here))}: a redirect to nowhere", status=answer.status)
        there = checked_url(_joined(self.here, said), resolver)
        if there.user is not None:
            raise RefusedAddressError(f"{redacted(str(self.here))}: a redirect to an address with a user in it")
        if self.here.scheme == "https" and there.scheme == "http":
            self._leave_tls(there)
        self._for_good = self._for_good and answer.status in _MOVED_FOR_GOOD
        if there in self._seen or len(self._seen) > _MOST_REDIRECTS:
            why = "redirects in a circle" if there in self._seen else f"more than {_MOST_REDIRECTS} redirects"
            raise FetchError(f"{redacted(str(self.start))}: {why}")
        self._seen.add(there)
        self.here = there

    def _leave_tls(self, there: URL) -> None:
        # Trackers in front of enclosures do this daily, so it is followed, but never remembered as a move
        # and never with a secret, which would then travel in the open.
        if looks_private(str(self.start)) or looks_private(str(there)):
            raise RefusedAddressError(f"{redacted(str(self.start))}: redirects a private address from https to http")
        self._for_good = False


def _sent(body: Mapping[str, str] | bytes) -> dict[str, str] | bytes:
    return body if isinstance(body, bytes) else dict(body)


def _joined(here: URL, said: str) -> str:
    try:
        # Servers that mean UTF-8 send its bytes; aiohttp gives them as surrogates.
        there = said.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
        return str(here.with_user(None).join(URL(there)))
    except ValueError:
        return said


def _refuse(answer: aiohttp.ClientResponse, url: str) -> None:
    if answer.status >= 400 or (300 <= answer.status < 400 and answer.status != 304):
        reason = "".join(c for c in answer.reason or "" if c.isprintable())[:60]
        about = f"{redacted(url)}: the server answered {answer.status} {reason}".rstrip()
        raise RefusedAnswerError(about, status=answer.status, headers=answer.headers)


async def _read(answer: aiohttp.ClientResponse, most: int, *, cut: bool) -> bytes:
    body = BytesIO()  # gives its bytes without a copy
    try:
        if not cut and answer.content_length is not None and answer.content_length > most:
            raise FetchError(f"the answer is longer than {most:,} bytes", retry=False)
        decoder = Decoder(answer.headers.get(hdrs.CONTENT_ENCODING, ""), most, cut=cut)
        async for piece in answer.content.iter_chunked(_PIECE):
            body.write(decoder.feed(piece))
            if decoder.full:
                return body.getvalue()
        decoder.finish()
    except FetchError as error:
        about = redacted(str(answer.url))
        raise FetchError(f"{about}: {error}", status=answer.status, retry=error.retry) from error
    return body.getvalue()


def _in_words(error: Exception, url: str, seconds: float) -> TakefiveError:
    """What the network said, as one line for a person. No library text that could repeat the address."""
    about = redacted(url)
    if isinstance(error, TimeoutError):
        return FetchError(f"{about}: no answer in time ({seconds:.0f} s at most)")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return FetchError(
            f"{about}: its certificate cannot be trusted ({error.os_error if hasattr(error, 'os_error') else 'TLS'})"
        )
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError(f"{about}: the name of the host is not known")
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError(f"{about}: no connection ({error.os_error.strerror or type(error.os_error).__name__})")
    if isinstance(error, aiohttp.ClientResponseError):
        return NoHttpError(
            f"{about}: an answer that is no HTTP ({error.message.splitlines()[0][:80] if error.message else ''})"
        )
    if isinstance(error, aiohttp.InvalidURL):
        return RefusedAddressError(f"{about}: not an address")
    return FetchError(f"{about}: the connection broke ({type(error).__name__})")
