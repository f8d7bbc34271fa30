"""How many readers' briefs a second the batch job makes, from the database to stored rows; with --where, what takes the time.

A thousand readers with three interests each, ten briefs behind them and, every other one, ten answers to what was sent;
5,000 insights of the week. Vectors are those of texts of the sample transcripts, turned a little.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from bench.installation import fresh_home
from bench.library import texts
from bench.table import Row, show

COMMAND = "python -m bench.briefs"
READERS, INSIGHTS, PAST, SHOWS = 1_000, 5_000, 10, 200
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def insights(chance: random.Random) -> list[Any]:
    """Rows as long as real ones, of many shows."""
    from takefive.relations.embed import default_embedder
    from takefive.store.models import Episode, Insight, Podcast

    said = texts(600)
    vectors = default_embedder().encode(said)
    noise = np.random.default_rng(0).standard_normal((INSIGHTS, vectors.shape[1])).astype(np.float32) / 25
    turned = vectors[np.arange(INSIGHTS) % len(said)] + noise
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    shows = Podcast.objects.bulk_create(
        Podcast(feed_url=f"https://feeds.example/{n}", public_id=f"p{n}", title=f"Show {n}") for n in range(SHOWS)
    )
    episodes = Episode.objects.bulk_create(
        Episode(
            podcast=chance.choice(shows), guid=str(n), public_id=f"e{n}", published_at=NOW - timedelta(hours=n % 160)
        )
        for n in range(INSIGHTS // 5)
    )
    rows = []
    for n in range(INSIGHTS):
        text = said[n % len(said)]
        made = {"headline": text[:60], "text": text, "quote": text[:200], "topics": text.split()[:3], "speaker": "Mara"}
        marks = {"public_id": f"i{n}", "position": n % 5, "kind": "claim", "score": chance.random()}
        found = NOW - timedelta(hours=n % 160)
        rows.append(Insight(episode=episodes[n // 5], vector=turned[n].tolist(), created_at=found, **made, **marks))
    return Insight.objects.bulk_create(rows, batch_size=500)


def readers(chance: random.Random, rows: list[Any]) -> None:
    """A thousand with a past."""
    from takefive.accounts.models import Reader
    from takefive.briefs.signals import NAMES
    from takefive.store.models import Brief, BriefItem, Feedback

    phrases = [" ".join(text.split()[:4]) for text in texts(600)]
    everyone = Reader.objects.bulk_create(
        Reader(email=f"r{n}@example.org", status="active", interests="; ".join(chance.sample(phrases, 3)))
        for n in range(READERS)
    )
    days = [NOW.date() - timedelta(days=n) for n in range(1, PAST + 1)]
    signals = {name: round(chance.random(), 4) for name in NAMES}
    past = Brief.objects.bulk_create(Brief(reader=reader, day=day) for reader in everyone for day in days)
    sent = [chance.sample(rows, 5 * PAST) for _ in everyone]
    BriefItem.objects.bulk_create(
        (
            BriefItem(
                brief=past[PAST * at + n // 5],
                insight=row,
                rank=n % 5,
                score=1,
                reason="",
                parts=signals,
                signals=signals,
            )
            for at, theirs in enumerate(sent)
            for n, row in enumerate(theirs)
        ),
        batch_size=2_000,
    )
    Feedback.objects.bulk_create(
        Feedback(reader=reader, insight=row, kind=chance.choice(("more", "less", "save")), at=NOW)
        for reader, theirs in zip(everyone[::2], sent[::2], strict=True)
        for row in theirs[::5]
    )


def again(today: date) -> None:
    """Today's are not made yet."""
    from django.db import connection

    from takefive.accounts.models import Reader

    Reader.objects.update(next_brief_at=None)
    with connection.cursor() as cursor:
        for table in ("store_delivery", "store_briefitem"):
            cursor.execute(
                f"DELETE FROM {table} WHERE brief_id IN (SELECT id FROM store_brief WHERE day = %s)", [today]
            )
        cursor.execute("DELETE FROM store_brief WHERE day = %s", [today])


def make_all() -> tuple[float, float]:
    """Wall and CPU seconds for all of them."""
    from takefive.pipeline.steps import brief
    from takefive.store.models import Brief

    again(NOW.date())
    began, cpu = time.perf_counter(), time.process_time()
    brief.run(now=NOW, then=lambda _: None)
    took = time.perf_counter() - began, time.process_time() - cpu
    assert Brief.objects.filter(day=NOW.date()).count() == READERS
    return took


def measure() -> Iterator[Row]:
    with fresh_home() as home:
        os.environ["TAKEFIVE_HOME"] = str(home)
        os.environ.pop("DATABASE_URL", None)
        from takefive.cli.boot import boot, set_up

        set_up()
        boot()
        chance = random.Random(5)
        readers(chance, insights(chance))
        wall, cpu = make_all()
        yield Row(
            what=f"{READERS:,} briefs of {INSIGHTS:,} insights made and stored",
            figure=f"{READERS / wall:.0f} a second, {READERS / cpu:.0f} a CPU second of the job",
            peer="",
            command=COMMAND,
        )
        if "--where" in sys.argv:
            profile = cProfile.Profile(time.process_time)
            profile.runcall(make_all)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(50)


if __name__ == "__main__":
    show(measure())
