"""How long a map of 100,000 ideas takes to draw, and how fluently a browser shows it; fewer with `--count`.

Needs Playwright and the program chromium. Chromium paints without a GPU here, as it would on no reader's machine: an upper bound.
"""

from __future__ import annotations

import atexit
import gzip
import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.installation import fresh_home
from bench.library import texts
from bench.pages import get, served
from bench.table import Row, show
from takefive.relations import layout
from takefive.relations.cells import near_by_cells
from takefive.relations.embed import default_embedder
from takefive.relations.layout import Plane, lay_out
from takefive.relations.nearest import nearest
from takefive.relations.regions import regions
from takefive.relations.values import Vectors
from takefive.relations.words import words
from takefive.store import embedded

COMMAND = "python -m bench.map"
COUNT = int(sys.argv[sys.argv.index("--count") + 1]) if "--count" in sys.argv else 100_000
PROBES = 500
SCREENS: dict[str, dict[str, Any]] = {
    "1280 x 900": {"viewport": {"width": 1280, "height": 900}},
    "a phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3},
}
CHROMIUM = ["--no-sandbox", "--disable-gpu"]


def vectors(real: Vectors, count: int) -> Vectors:
    """So many between real ones: each a mixture of three near one another, so that they fill the space as insights do."""
    random = np.random.default_rng(0)
    near = np.concatenate([np.arange(len(real))[:, None], nearest(real, 30)[0]], axis=1)
    one = random.integers(0, len(real), count)
    parts = real[near[one[:, None], random.integers(0, 31, (count, 3))]]
    mixed = np.einsum("np,npd->nd", random.dirichlet([1, 1, 1], count), parts) + random.normal(
        0, 0.02, (count, real.shape[1])
    )
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def kept(points: Vectors, at: Plane) -> float:
    """Of each point's ten nearest by meaning, the share among its ten nearest on the plane: of some hundred points."""
    probes = np.random.default_rng(1).choice(len(points), PROBES, replace=False)
    shares = []
    for probe in probes.tolist():
        meant = np.argsort(-(points @ points[probe]))[1:11]
        seen = np.argsort(((at - at[probe]) ** 2).sum(axis=1))[1:11]
        shares.append(len({*meant} & {*seen}) / 10)
    return statistics.mean(shares)


def fill(home: Path, at: Plane, spoken: list[str]) -> None:
    """A library of so many insights, and their map, in a database of its own."""
    os.environ |= {"TAKEFIVE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "takefive.settings"}
    import django

    django.setup()
    from django.utils import timezone

    from takefive.cli.boot import boot
    from takefive.pipeline.steps import chart
    from takefive.store.models import Episode, Insight, Podcast

    boot()
    began = datetime(2019, 1, 1, tzinfo=UTC)
    shows = Podcast.objects.bulk_create(
        Podcast(feed_url=f"https://show.example/{n}", public_id=f"show{n}", title=f"Show {n}") for n in range(200)
    )
    days = [began + timedelta(days=n / 5) for n in range(len(at) // 10)]
    episodes = Episode.objects.bulk_create(
        Episode(podcast=shows[n % 200], guid=str(n), public_id=f"e{n}", title=f"Episode {n}", published_at=day)
        for n, day in enumerate(days)
    )
    same = {"text": "", "quote": "", "kind": "claim", "score": 0.5}
    rows = (
        Insight(
            episode=episodes[n // 10],
            position=n % 10,
            public_id=f"{n:012}",
            headline=spoken[n % len(spoken)][:70],
            **same,
        )
        for n in range(len(at))
    )
    ids = [one.pk for one in Insight.objects.bulk_create(rows, batch_size=5000)]
    topics = [words(spoken[n % len(spoken)])[:3] for n in range(len(at))]
    found, own = regions(at, topics, [spoken[n % len(spoken)] for n in range(len(at))])
    chart._show(ids, at, found, own, timezone.now())


def frames(port: int, screen: dict[str, Any]) -> dict[str, Any]:
    """What a browser takes to load the map, and for each frame while it is moved, then brought closer by the wheel (ms)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(**screen)
        page.goto(f"http://127.0.0.1:{port}/map/")
        page.wait_for_selector("#atlas[data-ready]", timeout=60_000)
        loaded = page.evaluate("performance.now()")
        page.locator("[data-part=sheet]").scroll_into_view_if_needed()
        box = page.locator("[data-part=names]").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def drag() -> None:
            page.mouse.move(x, y)
            page.mouse.down()
            for n in range(60):
                page.mouse.move(x + 3 * n, y + n)
            page.mouse.up()

        def zoom() -> None:
            for _ in range(30):
                page.mouse.wheel(0, -60)
                page.wait_for_timeout(20)

        found = {"loaded": loaded}
        for way, act in (("dragged", drag), ("brought closer", zoom)):
            page.evaluate("performance.clearMeasures()")
            act()
            found[way] = page.evaluate("performance.getEntriesByName('map frame').map(one => one.duration)")
        browser.close()
    return found


def _frames(port: int) -> Iterator[Row]:
    for name, screen in SCREENS.items():
        seen = frames(port, screen)
        shown = f"shown {seen.pop('loaded') / 1000:.1f} s after the address was typed in"
        for way, times in seen.items():
            figure = (
                f"median {statistics.median(times):.1f} ms, one in ten over {statistics.quantiles(times, n=10)[8]:.1f}"
            )
            what = f"frame of a map {way}, {name} ({len(times)} frames)"
            yield Row(what=what, figure=figure, peer=f"16.7 ms are 60 a second; {shown}", command=COMMAND)


def measure() -> Iterator[Row]:
    real = default_embedder().encode(texts(1200))
    points = vectors(real, COUNT)
    began = time.process_time()
    near_by_cells(points, layout.NEIGHBOURS)
    cells = time.process_time() - began
    at = lay_out(points)
    took = time.process_time() - began - cells
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peer = f"of that {cells:.0f} s for neighbours; {memory:.0f} MB at the peak"
    yield Row(what=f"map of {COUNT:,} points laid out", figure=f"{took:.0f} s of CPU", peer=peer, command=COMMAND)
    plain = kept(points, layout._principal(points))
    yield Row(
        what="ten nearest kept",
        figure=f"{kept(points, at):.2f}",
        peer=f"principal components {plain:.3f}",
        command=COMMAND,
    )
    with fresh_home() as home:
        fill(home, at, texts(1200))
        with served(home) as connection:
            began = time.perf_counter()
            data = get(connection, "/map/points.bin")
            first = time.perf_counter() - began
            size = len(gzip.compress(data, 6)) / 1e6
            yield Row(
                what="its data, gzipped", figure=f"{size:.2f} MB", peer=f"packed in {first:.1f} s", command=COMMAND
            )
            yield from _frames(connection.port)
        atexit.unregister(embedded.stop)
        embedded.stop(home)


if __name__ == "__main__":
    show(measure())
