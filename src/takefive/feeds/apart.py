"""Feeds that may take long are read in a process beside this one: no feed, however it was made, holds up the others.

The process runs at a low priority and with a limit on its memory; past its time it is killed, and another is started for
the next feed. It ends by itself when this one is gone.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Timer
from typing import IO, Any

from takefive.common.errors import FeedError
from takefive.feeds.parse import parse_feed
from takefive.feeds.slices import mark_items
from takefive.feeds.values import ParsedFeed

_LONG, _MANY = 150_000, 8_000  # bytes and signs of markup; what has fewer of both is read within 50 ms
MOST_SECONDS = 15.0
_MOST_MEMORY = 256_000_000  # bytes beyond what it starts with; the bounds within the parser need a fourth
_KEPT_BELOW = 100_000_000  # bytes; one that holds more is not used again
_PIPE = (
    1 << 18
)  # bytes on their way, so that a usual feed goes at once: each wait for a reader is a wait for Python's lock
_NICE = 15  # of the one for long feeds: a thirtieth of what others get, where there is no other core


def takes_long(data: bytes) -> bool:
    """Whether to read this apart."""
    return len(data) > _LONG or sum(map(data.count, (b"<", b"&", b"="))) > _MANY


def read_feed(data: bytes, *, source: str, content_type: str | None = None) -> ParsedFeed:
    """As `parse_feed`, with the marks of the items; in the other process where it may take long.

    Blocks for `MOST_SECONDS` at most, after those who asked before. Raises FeedError.
    """
    if not takes_long(data):
        return _read(data, source, content_type)
    said = _beside.ask(data, source, content_type)
    if isinstance(said, FeedError):
        raise said
    return said


def _read(data: bytes, source: str, content_type: str | None) -> ParsedFeed:
    feed = parse_feed(data, source=source, content_type=content_type)
    mark_items(feed, data)
    return feed


class Readers:
    """Processes that read usual feeds which nobody has seen yet, and clean all of their notes: work for another core.

    Never the one for long feeds, behind which usual ones would wait.
    """

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="readers")
        self._free = SimpleQueue[_Beside]()
        for _ in range(count):
            self._free.put(_Beside(nice=0))

    async def read(self, data: bytes, *, source: str, content_type: str | None = None) -> ParsedFeed:
        """As `read_feed`. Raises FeedError."""
        said = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, data, source, content_type)
        if isinstance(said, FeedError):
            raise said
        return said

    def _ask(self, *about: object) -> ParsedFeed | FeedError:
        beside = self._free.get()
        try:
            return beside.ask(*about, True)
        finally:
            self._free.put(beside)


@cache
def readers(count: int) -> Readers | None:
    """So many processes, which are started when they are first needed and used again; None for none."""
    return Readers(count) if count > 0 else None


class _Beside:
    """The other process, started when it is first needed; one feed at a time."""

    def __init__(self, nice: int) -> None:
        self._nice = nice
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def ask(self, *about: object) -> ParsedFeed | FeedError:
        with self._lock:
            process = self._process = self._process or _start(self._nice)
            assert process.stdin
            assert process.stdout
            late = Timer(MOST_SECONDS, process.kill)
            late.start()
            try:
                pickle.dump(about, process.stdin, protocol=5)
                process.stdin.flush()
                said, memory = pickle.load(process.stdout)  # noqa: S301  # ours, by a pipe of ours
            except (OSError, EOFError, pickle.UnpicklingError):
                said, memory = FeedError("it takes more time to read than any feed does"), _KEPT_BELOW
            finally:
                late.cancel()
            if memory >= _KEPT_BELOW:
                self.end()
            return said  # type: ignore[no-any-return]

    def end(self) -> None:
        """Start anew for the next one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


_beside = _Beside(_NICE)


def process_id() -> int | None:
    """The number of the process that reads, where one runs."""
    return _beside.pid


def _start(nice: int) -> subprocess.Popen[bytes]:
    pipe, command = subprocess.PIPE, [sys.executable, "-m", __name__, str(nice)]
    # In a session of its own: a Ctrl-C is for the one that asks, which finishes what it has begun.
    return subprocess.Popen(
        command,
        pipesize=_PIPE,
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Read what is asked until nobody asks any more."""
    while True:
        try:
            about = pickle.load(asked)  # noqa: S301
        except EOFError:
            return
        pickle.dump((_answer(*about), _memory()[1]), answers, protocol=5)
        answers.flush()


def _answer(data: bytes, source: str, content_type: str | None, clean: bool = False) -> Any:
    try:
        feed = _read(data, source, content_type)
        for item in feed.items if clean else ():
            item.clean()
        return feed
    except FeedError as error:
        return error
    except MemoryError:
        return FeedError("it takes more memory to read than any feed does")


def _stay_small(nice: int) -> None:
    os.nice(nice)
    with suppress(OSError, ValueError):  # where that is not to be had the bounds within the parser have to do
        most = _memory()[0] + _MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _memory() -> tuple[int, int]:
    """Bytes of address space and of memory that this process holds now; zeros elsewhere than on Linux."""
    try:
        size, resident = Path("/proc/self/statm").read_text().split()[:2]
    except OSError:
        return 0, 0
    return int(size) * resource.getpagesize(), int(resident) * resource.getpagesize()


if __name__ == "__main__":
    _stay_small(int(sys.argv[1]))
    _serve(sys.stdin.buffer, sys.stdout.buffer)
