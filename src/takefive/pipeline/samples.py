"""The sample library, served over HTTP on loopback as a publisher would serve it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import takefive
from takefive.common.errors import UsageError

HOST = "samples.takefive.example"


def folder() -> Path:
    """Where the sample library lies: inside an installed package, or beside `src` in a checkout."""
    package = Path(takefive.__file__).parent
    for place in (package / "samples", package.parents[1] / "samples"):
        if (place / "feeds").is_dir():
            return place
    raise UsageError("the sample library is not installed; run this from a checkout of the repository.")


def feed_urls(samples: Path) -> list[str]:
    """The addresses under which the sample feeds are published."""
    return [f"http://{HOST}/feeds/{file.name}" for file in sorted((samples / "feeds").glob("*.xml"))]


class _Publisher(SimpleHTTPRequestHandler):
    """Answers conditional requests with 304 by Last-Modified, as the standard library does; says nothing on the terminal."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  (as the base class has it)
        **SimpleHTTPRequestHandler.extensions_map,
        ".xml": "application/rss+xml; charset=utf-8",
        ".vtt": "text/vtt; charset=utf-8",
        ".srt": "application/x-subrip; charset=utf-8",
        ".json": "application/json; charset=utf-8",
    }

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextlib.contextmanager
def served(samples: Path) -> Iterator[str]:
    """Serve the folder on a free port of loopback while the block runs; gives "address:port"."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Publisher, directory=str(samples)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
