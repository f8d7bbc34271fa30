"""What the tests of the flow share: committed rows, as workers see them, and an empty queue."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.insights.extraction import Extraction, locally
from takefive.pipeline import flow, queue, samples
from takefive.pipeline.steps import extract
from takefive.store.models import Podcast
from takefive.transcripts.values import TimedText


@cache
def _found(text: TimedText, top: int, title: str, names: tuple[str, ...]) -> Extraction:
    return locally(text, top=top, title=title, names=names)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same few episodes are read in test after test: the local engine, a pure function, reads each once."""

    def found(text: TimedText, *, top: int, title: str, names: Iterable[str]) -> Extraction:
        return _found(text, top, title, tuple(names))

    monkeypatch.setattr(extract, "locally", found)


@pytest.fixture(autouse=True)
def empty_queue(transactional_db: None) -> None:
    """Django's own clean-up passes over the queue's tables, which it does not manage."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events CASCADE")


@dataclass
class Library:
    """A small sample library as a publisher serves it, followed by us."""

    folder: Path

    def scan(self) -> None:
        """Ask every feed now."""
        Podcast.objects.update(next_poll_at=timezone.now())
        flow.scan()

    def work(self) -> None:
        """Do all that waits, through the queue."""
        flow.sweep()
        queue.drain()

    def break_file(self, name: str, content: str = "") -> None:
        """The publisher breaks a file."""
        (self.folder / name).write_text(content)

    def lose_file(self, name: str) -> None:
        """The publisher loses a file."""
        (self.folder / name).unlink()


@pytest.fixture
def library(tmp_path: Path, settings: Settings) -> Iterator[Library]:
    """Three shows with four episodes, served on loopback."""
    for part in ("feeds", "transcripts"):
        (tmp_path / part).mkdir()
    for show in ("rfc", "spotlight", "gotime"):
        for file in [samples.folder() / "feeds" / f"{show}.xml", *samples.folder().glob(f"transcripts/{show}-*")]:
            shutil.copy2(file, tmp_path / file.parent.name)
    settings.OUTBOX = tmp_path / "outbox"
    with samples.served(tmp_path) as address:
        settings.TRUSTED_HOSTS = {samples.HOST: address}
        for url in samples.feed_urls(tmp_path):
            Podcast.objects.create(feed_url=url)
        yield Library(tmp_path)


@pytest.fixture
def reader() -> Reader:
    """A reader who wants briefs at any hour."""
    return Reader.objects.create(
        email="you@example.org", status="active", interests="security; open source money", hour=0
    )
