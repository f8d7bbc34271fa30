"""`takefive demo`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.db import connection
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.cli.boot import boot
from takefive.cli.output import print_json, progress, say
from takefive.cli.show import as_json, show
from takefive.pipeline import flow, queue, samples
from takefive.pipeline.progress import standing
from takefive.pipeline.today import brief_of_today, deliver_now
from takefive.store.models import Brief, Episode, Podcast

READER = "you@takefive.example"
NEVER = timedelta(days=36_500)
INTERESTS = "learning from incidents; careers and luck; the cost of the cloud; not crypto prices"


def run(
    interests: Annotated[
        str | None, typer.Option(help="What the demo's reader cares about, in any words.", show_default=INTERESTS)
    ] = None,
    library: Annotated[
        Path | None, typer.Option("--samples", help="Another folder with feeds/ and transcripts/.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the brief as JSON.")] = False,
) -> None:
    """Do the whole job once on the sample library: scan, transcripts, insights, relations, brief, mail.

    The samples are served over HTTP on loopback and scanned as the world would be. Run it again: nothing is doubled.

    \b
    Examples:
      takefive demo
      takefive demo --interests "databases; not crypto"
      takefive demo --json
    """
    began = time.monotonic()
    boot()
    place = library or samples.folder()
    with samples.served(place) as address:
        settings.TRUSTED_HOSTS[samples.HOST] = address
        settings.BACKLOG = max(settings.BACKLOG, 20)  # the whole library
        urls = samples.feed_urls(place)
        _follow(urls)
        try:
            _work()
        finally:  # from here on nobody serves them, so nobody should ask
            Podcast.objects.filter(feed_url__in=urls).update(next_poll_at=timezone.now() + NEVER)
    brief = brief_of_today(_reader(interests))
    deliver_now(brief)
    if json:
        print_json(as_json(brief))
    else:
        show(brief)
    say.print(f"[dim]{time.monotonic() - began:.1f} s. The pages: takefive serve[/dim]")


def _follow(urls: list[str]) -> None:
    now = timezone.now()
    for url in urls:
        Podcast.objects.update_or_create(feed_url=url, defaults={"next_poll_at": now})
    # A worker started between two demos did not find the sample library, which is served only here.
    Episode.objects.filter(podcast__feed_url__in=urls).update(next_try_at=now)


def _reader(interests: str | None) -> Reader:
    """The demo's reader; other interests than before are kept, and count from the next brief that is made."""
    reader, new = Reader.objects.get_or_create(
        email=READER, defaults={"status": Reader.Status.ACTIVE, "interests": interests or INTERESTS, "hour": 0}
    )
    if new or interests is None or interests == reader.interests:
        return reader
    reader.interests = interests
    reader.save(update_fields=["interests"])
    today = timezone.now().astimezone(reader.tzinfo).date()
    if Brief.objects.filter(reader=reader, day=today, items__isnull=False).exists():
        see = f"takefive brief --to {READER} --dry-run"
        when = "today's brief was made before; the new interests count from tomorrow's"
        say.print(f"{when}; see them now with: {see}", markup=False, soft_wrap=True)
    return reader


def _work() -> None:
    """Everything through the queue, as in real use, until the tables say that it is done."""
    with _watched():
        flow.scan.defer()
        while True:
            flow.sweep()
            queue.drain()
            if standing(timezone.now()).done and not queue.dying():
                break
            time.sleep(0.5)  # a job of a killed worker is given to us ten seconds after its last sign of life
        flow.sweep()  # asks for the map, now that there is something to draw
        queue.drain()


@contextmanager
def _watched() -> Iterator[None]:
    """Progress bars from the tables, while the block works."""
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=[stop], daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _watch(stop: threading.Event) -> None:
    with progress() as bar:
        names = ("transcripts", "insights", "relations")
        tasks = [bar.add_task(name, total=None) for name in names]
        while True:
            last = stop.wait(0.25)
            now = standing(timezone.now())
            for task, done in zip(tasks, (now.transcribed, now.extracted, now.related), strict=True):
                bar.update(task, completed=done, total=now.picked or None)
            if last:
                break
    connection.close()
