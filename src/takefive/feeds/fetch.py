"""Feed addresses in, answers out as they come: conditional, polite, one feed's trouble never another's.

Parsing runs on the event loop: 1 to 3 ms for a usual feed, shorter than the trip to a thread under the same lock
would save. What may take long is read by a process of its own (`apart`).
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from takefive.common.addresses import redacted
from takefive.common.errors import FeedError, FetchError, TakefiveError
from takefive.common.http import GuardedClient, NoHttpError, RefusedAnswerError, Response
from takefive.feeds.apart import Readers, read_feed, takes_long
from takefive.feeds.dates import read_date
from takefive.feeds.slices import read_changes
from takefive.feeds.values import ParsedFeed
from takefive.feeds.xml import MOST_BYTES

MOST_SECONDS = 18.0  # of which a server may take its time; a usual one needs less than one
_MOST_VALIDATOR = 1_000
_AT_ONE_HOST = 4  # on their way; the client asks no more of one host at once
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(0), timedelta(days=2)

Outcome = Literal["changed", "unchanged", "gone", "failed"]


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """One feed to ask for. The validators are those of the last answer, byte for byte; `full` leaves them out.

    `known` are the marks of items that need not be read again where they stand as they did (see `slices`).
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    full: bool = False
    known: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAnswer:
    """What came of one request. `feed` only when changed, `error` only when failed or gone.

    `etag` and `last_modified` are to be kept for the next request whatever the outcome. `moved_to` is an address to
    keep instead of the old one: every redirect on the way there was permanent. `body` is there only where the feed was
    read in part, for `read_whole`.
    """

    request: FeedRequest
    outcome: Outcome
    feed: ParsedFeed | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    retry_after: timedelta | None = None
    error: TakefiveError | None = None
    body: bytes = field(default=b"", repr=False)


async def fetch_feeds(
    client: GuardedClient,
    requests: Iterable[FeedRequest],
    *,
    concurrency: int = 50,
    ask: Callable[[GuardedClient, FeedRequest], Coroutine[None, None, FeedAnswer]] | None = None,
) -> AsyncIterator[FeedAnswer]:
    """Ask for all of them, at most `concurrency` at the same time and few of one host, and give each answer as it comes.

    A host that asks for a pause (429 or 503 with Retry-After) is not asked for its other feeds: they fail with its wait.
    Never raises for one feed. The order is that of the answers. Stop early and the rest is cancelled. `ask` may ask
    further than `fetch_feed` does, and never raises either.
    """
    waiting, answers = _Waiting(requests), set[asyncio.Task[FeedAnswer]]()
    try:
        while True:
            while len(answers) < concurrency and (request := waiting.next()) is not None:
                answers.add(asyncio.create_task((ask or fetch_feed)(client, request)))
            if not answers:
                return
            done, answers = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                answer = task.result()
                for other in waiting.done(answer):
                    yield _kept(other, "failed", error=_asked_to_wait(other), retry_after=answer.retry_after)
                yield answer
    finally:
        for task in answers:
            task.cancel()
        await asyncio.gather(*answers, return_exceptions=True)


class _Waiting:
    """Requests that are not yet on their way, the hosts in turn, so that one that is slow holds few of the places."""

    def __init__(self, requests: Iterable[FeedRequest]) -> None:
        self._of: defaultdict[str, deque[FeedRequest]] = defaultdict(deque)
        for request in requests:
            self._of[_host(request)].append(request)
        self._turns = deque(host for _ in range(_AT_ONE_HOST) for host in self._of)

    def next(self) -> FeedRequest | None:
        """The next one whose host has a place; None where none has."""
        while self._turns:
            if of_host := self._of[self._turns.popleft()]:
                return of_host.popleft()
        return None

    def done(self, answer: FeedAnswer) -> list[FeedRequest]:
        """Give back a place at the host; those of its requests that it does not want to hear now."""
        host = _host(answer.request)
        self._turns.append(host)
        if answer.retry_after and isinstance(answer.error, FetchError) and answer.error.status in (429, 503):
            return list(self._of.pop(host, ()))
        return []


def _host(request: FeedRequest) -> str:
    return request.url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


async def fetch_feed(client: GuardedClient, request: FeedRequest, readers: Readers | None = None) -> FeedAnswer:
    """Ask for one feed, to be read by `readers` where there are any. Never raises: what went wrong is in the answer."""
    try:
        response = await client.get(
            request.url, headers=_headers(request), max_bytes=MOST_BYTES + 1, cut=True, total_timeout=MOST_SECONDS
        )
        return await _answer(request, response, readers)
    except RefusedAnswerError as error:
        outcome: Outcome = "gone" if error.status == 410 else "failed"
        return _kept(request, outcome, error=error, retry_after=read_retry_after(error.headers))
    except NoHttpError as error:
        if not _is_conditional(request):
            return _kept(request, "failed", error=error)
        # Some servers send a body with a 304, which is no HTTP: without validators they have nothing to get wrong.
        return replace(await fetch_feed(client, replace(request, full=True), readers), request=request)
    except TakefiveError as error:
        return _kept(request, "failed", error=error)
    except Exception as error:
        about = f"{redacted(request.url)}: an error that we did not foresee ({type(error).__name__})"
        return _kept(request, "failed", error=FetchError(about))


def read_retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The wait that a server asks for, as seconds or as a date against its own clock; between 0 s and 2 days."""
    said = headers.get("Retry-After", "").strip()[:60]
    if re.fullmatch(r"\d{1,12}(\.\d+)?", said):
        wait = timedelta(seconds=min(float(said), _LONGEST_WAIT.total_seconds()))
    else:
        then, its_now = read_date(said), read_date(headers.get("Date", "")) or datetime.now(UTC)
        if then is None:
            return None
        wait = then - its_now
    return max(_SHORTEST_WAIT, min(wait, _LONGEST_WAIT))


async def _answer(request: FeedRequest, response: Response, readers: Readers | None) -> FeedAnswer:
    if response.status == 304:
        return _unchanged(request, response)
    if response.status != 200:
        raise FetchError(f"{redacted(request.url)}: the server answered {response.status}", status=response.status)
    try:
        if takes_long(response.body):
            feed = await asyncio.to_thread(_read, request, response)
        elif readers is not None:
            said = response.headers.get("Content-Type")
            feed = await readers.read(response.body, source=response.url, content_type=said)
        else:
            feed = _read(request, response)
    except FeedError as error:
        raise FeedError(f"{redacted(request.url)}: {error}") from error
    return FeedAnswer(
        request=request,
        outcome="changed",
        feed=feed,
        etag=_validator(response.headers.get("ETag")),
        last_modified=_validator(response.headers.get("Last-Modified")),
        moved_to=response.moved_to,
        body=response.body if feed.unchanged else b"",
    )


def read_whole(answer: FeedAnswer) -> ParsedFeed | None:
    """The feed of an answer with all of its items, also where only those that are new to us were read."""
    if answer.feed is None or not answer.body:
        return answer.feed
    return read_feed(answer.body, source=answer.feed.source)


def _read(request: FeedRequest, response: Response) -> ParsedFeed:
    """Only what is new to us, where that can be told for sure; all of it too where the show has moved, as a proof."""
    if request.known and not request.full and response.moved_to is None:
        feed = read_changes(response.body, request.known, source=response.url)
        if feed is not None and feed.new_feed_url in (None, request.url, feed.source):
            return feed
    return read_feed(response.body, source=response.url, content_type=response.headers.get("Content-Type"))


def _unchanged(request: FeedRequest, response: Response) -> FeedAnswer:
    if not _is_conditional(request):
        about = f"{redacted(request.url)}: the server says unchanged though it was asked for the whole feed"
        return _kept(request, "failed", error=FetchError(about, status=304))
    return _kept(request, "unchanged", moved_to=response.moved_to)


def _kept(
    request: FeedRequest,
    outcome: Outcome,
    *,
    error: TakefiveError | None = None,
    retry_after: timedelta | None = None,
    moved_to: str | None = None,
) -> FeedAnswer:
    """An answer without a feed: the validators stay as they were."""
    return FeedAnswer(
        request=request,
        outcome=outcome,
        etag=request.etag,
        last_modified=request.last_modified,
        error=error,
        retry_after=retry_after,
        moved_to=moved_to,
    )


def _asked_to_wait(request: FeedRequest) -> FetchError:
    """Without the address that was answered so: another feed of the host may be somebody's private one."""
    return FetchError(f"{urlsplit(request.url).hostname}: the host asks for a pause")


def _is_conditional(request: FeedRequest) -> bool:
    return bool(request.etag or request.last_modified) and not request.full


def _headers(request: FeedRequest) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if request.etag and not request.full:
        headers["If-None-Match"] = request.etag
    if request.last_modified and not request.full:
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _validator(text: str | None) -> str | None:
    """As it came, or not at all: what is too long to send back, or could not be sent back unchanged, is not kept."""
    return text if text and len(text) <= _MOST_VALIDATOR and text.isascii() and text.isprintable() else None
