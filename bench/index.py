"""Search and relations in a large library: a million insights made around real ones, in the real PostgreSQL with pgvector.

`--count 100000` is quick. Vectors are mixtures of two real ones with noise, so that every insight has neighbours as near as
real ones have; texts are put together from real sentences. The truth is an exact comparison by numpy.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from bench.installation import fresh_home
from bench.large import BLOCK, SEED, Corpus, around, corpus, fill
from bench.table import Row, show

COMMAND = "python -m bench.index"
QUERIES, TOP = 100, 10
say = Console(stderr=True)


class Built:
    """An index as it was built: seconds, of those on a processor in the server's own process (a helper's are not counted),
    megabytes on the disk, and at the peak in that process's memory."""

    def __init__(self, name: str, definition: str, *, memory: str, workers: int) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(f"SET maintenance_work_mem = '{memory}'")
            cursor.execute(f"SET max_parallel_maintenance_workers = {workers}")
            cursor.execute("SELECT pg_backend_pid()")
            server = Path(f"/proc/{cursor.fetchone()[0]}")
            began, worked = time.perf_counter(), processor(server)
            cursor.execute(definition)
            self.seconds, self.worked = time.perf_counter() - began, processor(server) - worked
            peak = [
                line.split()[1] for line in (server / "status").read_text().splitlines() if line.startswith("VmHWM")
            ]
            self.peak = int(peak[0]) // 1024
            cursor.execute("SELECT pg_relation_size(%s::regclass) / 1048576", [name])
            self.size = cursor.fetchone()[0]


def processor(process: Path) -> float:
    """Seconds that a process has had a processor."""
    user, system = (process / "stat").read_text().rpartition(") ")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


INDEXES = ("insight_search", "insight_topics", "insight_nearest")


def load(data: Corpus, memory: str, workers: int) -> tuple[float, dict[str, Built]]:
    """Seconds for the rows, and the indexes that were built when they were there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(INDEXES)])
        definitions = dict(cursor.fetchall())
        cursor.execute(f"DROP INDEX {', '.join(INDEXES)}")
        began = time.perf_counter()
        fill(data)
        took = time.perf_counter() - began
        say.print(f"rows copied in {took:.0f} s")
        built = {name: _told(name, definitions[name], memory, workers) for name in INDEXES}
        cursor.execute("VACUUM ANALYZE")
    return took, built


def _told(name: str, definition: str, memory: str, workers: int) -> Built:
    built = Built(name, definition, memory=memory, workers=workers)
    say.print(
        f"{name}: {built.seconds:.0f} s ({built.worked:.0f} on a processor), {built.size:,} MB, at the peak {built.peak:,} MB"
    )
    return built


def truth(data: Corpus, queries: np.ndarray[Any, Any], mask: np.ndarray[Any, Any] | None) -> list[np.ndarray[Any, Any]]:
    """For each query the cosines of all rows that pass, exactly: shape (QUERIES, TOP), best first, as cosines."""
    best = np.full((len(queries), TOP), -2, dtype=np.float32)
    for start in range(0, len(data.vectors), BLOCK * 5):
        block = data.vectors[start : start + BLOCK * 5].astype(np.float32)
        if mask is not None:
            block = block[mask[start : start + BLOCK * 5]]
        if len(block):
            best = np.sort(np.hstack([best, queries @ block.T]), axis=1)[:, ::-1][:, :TOP]
    return list(best)


class Times:
    """Seconds by the clock of each of many; in `said` beside them what one took of a processor, here and in the server."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._server = Path(f"/proc/{cursor.fetchone()[0]}")
        self._taken: list[float] = []
        self._here = self._there = 0.0

    @contextmanager
    def one(self) -> Iterator[None]:
        began, here, there = time.perf_counter(), time.process_time(), processor(self._server)
        yield
        self._taken.append(time.perf_counter() - began)
        self._here += time.process_time() - here
        self._there += processor(self._server) - there

    def said(self) -> str:
        """p50, p95 and p99 in milliseconds, and the mean of the processors' time."""
        p50, p95, p99 = np.percentile(np.array(self._taken) * 1000, [50, 95, 99])
        here, there = (1000 * spent / len(self._taken) for spent in (self._here, self._there))
        return f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms (of a processor {here:.1f} here, {there:.1f} in the server)"


def recalls(data: Corpus, queries: np.ndarray[Any, Any]) -> Iterator[Row]:
    from takefive.store import search
    from takefive.store.filters import Filters

    cases: dict[str, tuple[Filters, np.ndarray[Any, Any] | None]] = {
        "no filter": (Filters(), None),
        "one kind (17 %)": (Filters(kind="data"), data.kind_of == 1),
        "one language (2 %)": (Filters(language="de"), data.show_of % 50 == 0),
        "one show (0.05 %)": (Filters(podcast="Show 7"), data.show_of == 7),
        "one topic (0.1 %)": (Filters(topic="topic 7"), np.arange(len(data.vectors)) % 997 == 7),
    }
    usual = search._CAREFUL
    for name, (filters, mask) in cases.items():
        exact = truth(data, queries, mask)
        first, last = np.mean(exact, axis=0)[[0, -1]]
        say.print(f"{name}: the nearest at cosine {first:.2f}, the tenth at {last:.2f}")
        peer = _exactly(queries[:3]) if mask is None else ""
        for careful in (100, 200, 400, usual) if mask is None else (usual,):
            search._CAREFUL = careful
            figure = _recall(data, queries, filters, exact)
            what = f"nearest, {name}, {careful} in view" + (" (as in search)" if careful == usual else "")
            yield Row(what=what, figure=figure, peer=peer, command=COMMAND)
        search._CAREFUL = usual


def _recall(data: Corpus, queries: np.ndarray[Any, Any], filters: Any, exact: Sequence[Any]) -> str:
    """Time and recall: how many of those found are as near as the true ten (to the third decimal: half floats)."""
    from takefive.store.search import nearest_to

    times, found = Times(), 0.0
    for query, best in zip(queries, exact, strict=True):
        with times.one():
            ids = list(nearest_to(query, filters))[:TOP]
        cosines = data.vectors[np.array(ids, dtype=int) - 1].astype(np.float32) @ query
        wanted = best[best >= 0.2]  # what is less like the query than that is not shown
        found += min(1.0, np.sum(cosines >= wanted[-1] - 1e-3) / len(wanted)) if len(wanted) else 1
    return f"{times.said()}; recall@{TOP} {found / len(queries):.3f}"


def _exactly(queries: np.ndarray[Any, Any]) -> str:
    from django.db import connection

    times = []
    with connection.cursor() as cursor:
        for query in queries:
            began = time.perf_counter()
            cursor.execute(
                "SELECT id FROM store_insight ORDER BY (vector <#> %s::halfvec) + 0 LIMIT 10", [str(query.tolist())]
            )
            cursor.fetchall()
            times.append(time.perf_counter() - began)
    return f"every row compared by PostgreSQL {np.median(times) * 1000:,.0f} ms"


def searches(data: Corpus, queries: np.ndarray[Any, Any]) -> Iterator[Row]:
    """Whole searches without the making of the query's vector: three words of a real text, words and meaning fused."""
    from takefive.store.filters import Filters
    from takefive.store.search import corrected, search
    from takefive.store.vocabulary import learn

    learn(data.said)
    draw = random.Random(SEED)
    for name, filters in {
        "": Filters(),
        ", in one language": Filters(language="de"),
        ", in one show": Filters(podcast="Show 7"),
    }.items():
        times = Times()
        for query in queries:
            words = " ".join(draw.sample(draw.choice(data.said).split(), 3))
            with times.one():
                search(corrected(words), vector=query, limit=10, filters=filters)
        yield Row(what=f"search{name}", figure=times.said(), peer="p95 under 50 ms", command=COMMAND)


def relating(data: Corpus) -> Iterator[Row]:
    """A new insight of another episode at a time: its neighbours found, its ten chosen and saved, those near it marked."""
    from django.db import transaction

    from takefive.pipeline.steps import relate
    from takefive.store.nearest import mark_near, nearest

    found, linked, marked = Times(), Times(), Times()
    few = np.random.default_rng(SEED).choice(len(data.vectors), 50, replace=False) + 1
    for one in few.tolist():
        with transaction.atomic():
            with found.one():
                nearest([one], relate.NEIGHBOURS)
            with linked.one():
                relate.renew([one])
            with marked.one():
                mark_near([one])
    peer = f"neighbours found {found.said()}; under 20 ms"
    yield Row(what="a new insight linked", figure=linked.said(), peer=peer, command=COMMAND)
    yield Row(what="those near it marked", figure=marked.said(), peer="", command=COMMAND)


def measure(count: int, memory: str, workers: int) -> Iterator[Row]:
    from takefive.cli.boot import boot, set_up

    set_up()
    boot()
    began = time.perf_counter()
    data = corpus(count)
    say.print(f"{count:,} vectors made around {len(data.real):,} real ones in {time.perf_counter() - began:.0f} s")
    filled, built = load(data, memory, workers)
    yield Row(what=f"{count:,} insights copied in", figure=f"{filled:.0f} s", peer="", command=COMMAND)
    for name, one in built.items():
        figure = f"{one.seconds:.0f} s ({one.worked:.0f} on a processor), {one.size:,} MB, at the peak {one.peak:,} MB of memory"
        yield Row(
            what=f"index {name}", figure=figure, peer=f"vectors alone {data.vectors.nbytes >> 20:,} MB", command=COMMAND
        )
    queries = around(data.real, QUERIES, np.random.default_rng(SEED + 1))
    yield from recalls(data, queries)
    yield from searches(data, queries)
    yield from relating(data)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=1_000_000)
    asked.add_argument("--memory", default="3GB", help="maintenance_work_mem while indexes are built")
    asked.add_argument("--workers", type=int, default=1, help="helpers of the server while indexes are built")
    asked.add_argument("--json", action="store_true")
    said = asked.parse_args()
    with fresh_home() as home:
        for name in [name for name in os.environ if name.startswith("TAKEFIVE_") or name == "DATABASE_URL"]:
            del os.environ[name]
        os.environ["TAKEFIVE_HOME"] = str(home)
        show(measure(said.count, said.memory, said.workers))
        from takefive.store import embedded

        embedded.stop(home)


if __name__ == "__main__":
    sys.exit(main())
