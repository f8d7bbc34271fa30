"""How long pages take over HTTP from `takefive serve`, with the sample library in it; the limit is its health check."""

from __future__ import annotations

import http.client
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.installation import environment, free_port, fresh_home, takefive
from bench.table import RUNS, Row, show

COMMAND = "python -m bench.pages"
REQUESTS = 60  # in each of five runs
PATIENCE = 60.0  # seconds for the server to answer first


@contextmanager
def served(home: Path) -> Iterator[http.client.HTTPConnection]:
    """`takefive serve --only-web` on a free port, and a connection to it that stays open."""
    port = free_port()
    command = [sys.executable, "-m", "takefive", "serve", "--only-web", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        yield connection
        connection.close()
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not start")


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


def quantiles(connection: http.client.HTTPConnection, path: str) -> tuple[float, float]:
    """p50 and p99 of one request after another, in milliseconds: the medians of five runs."""
    runs = []
    get(connection, path)
    for _ in range(RUNS):
        times = []
        for _ in range(REQUESTS):
            began = time.perf_counter()
            get(connection, path)
            times.append((time.perf_counter() - began) * 1000)
        cuts = statistics.quantiles(times, n=100)
        runs.append((cuts[49], cuts[98]))
    return statistics.median(p50 for p50, _ in runs), statistics.median(p99 for _, p99 in runs)


def measure() -> Iterator[Row]:
    with fresh_home() as home:
        takefive(home, "demo")
        with served(home) as connection:
            first = re.search(rb'"(/i/[\w-]+/)"', get(connection, "/"))
            assert first is not None, "no insight on the home page"
            limit, _ = quantiles(connection, "/healthz")
            named = {
                "home": "/",
                "insight": first[1].decode(),
                "search": "/search/?q=open+source",
                "feed": "/feed.atom",
            }
            for name, path in named.items():
                p50, p99 = quantiles(connection, path)
                peer = f"the health check, same server {limit:.1f} ms"
                yield Row(
                    what=f"page: {name}", figure=f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", peer=peer, command=COMMAND
                )


if __name__ == "__main__":
    show(measure())
