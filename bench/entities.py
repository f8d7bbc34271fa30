"""Topics and people in a large library: how long their pages take, naming an episode, and making all of them anew.

`--count 20000` is quick. Insights are made around those of the sample library: their own topics and speakers, by which the few
are heard often and most seldom, as in a real one. Pages are asked for in this process, without a network, so the server's own
cost (bench.pages) is not in it; the limit is the page of one insight.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from bench.installation import fresh_home, takefive
from bench.table import Row, show

COMMAND = "python -m bench.entities"
SHOWS, EACH, DAYS, REQUESTS = 400, 12, 730, 40


def fill(count: int, dice: random.Random) -> None:
    """Insights of many shows over two years. One topic in three is a new one; half of the speakers are."""
    from django.utils import timezone

    from takefive.store.models import Episode, Insight, Podcast

    real = list(Insight.objects.values("headline", "text", "quote", "speaker", "kind", "topics", "score"))
    shows = Podcast.objects.bulk_create(
        Podcast(feed_url=f"https://made.example/{n}", public_id=f"made{n:08}", title=f"Made {n}") for n in range(SHOWS)
    )
    now, made = timezone.now(), 0
    while made < count:
        episodes = Episode.objects.bulk_create(
            Episode(
                podcast=dice.choice(shows),
                guid=f"made {made + n}",
                public_id=f"{dice.getrandbits(48):012x}",
                title=f"Episode {made + n}",
                published_at=now - timedelta(days=dice.random() * DAYS),
                stage=Episode.Stage.RELATED,
            )
            for n in range(500)
        )
        insights = [around(dice, episode, n, real) for episode in episodes for n in range(EACH)]
        Insight.objects.bulk_create(insights, batch_size=2_000)
        made += len(insights)


def around(dice: random.Random, episode: Any, position: int, real: list[dict[str, Any]]) -> Any:
    from takefive.store.models import Insight

    fields = dict(dice.choice(real))
    fields["topics"] = [
        topic if dice.random() < 0.67 else f"{topic} number {dice.randrange(30_000)}" for topic in fields["topics"]
    ]
    if dice.random() < 0.5:
        fields["speaker"] = f"Made{dice.randrange(9_000)} Speaker"
    return Insight(episode=episode, position=position, public_id=f"{dice.getrandbits(48):012x}", **fields)


def times(work: Callable[[], object], many: int) -> list[float]:
    """Milliseconds of each, after a first one that is not counted."""
    work()
    took = []
    for _ in range(many):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1_000)
    return took


def pages() -> dict[str, str]:
    from takefive.store.models import Entity, Insight

    most, person = (rows.order_by("-insights")[0] for rows in (Entity.objects.topics(), Entity.objects.people()))
    usual = Entity.objects.topics().filter(insights__lte=20).order_by("-insights")[0]
    return {
        "one insight (the limit)": f"/i/{Insight.objects.order_by('pk')[0].public_id}/",
        "topics": "/topics/",
        "topics by letter": "/topics/?letter=s",
        "topics by words": "/topics/?q=source",
        "people": "/people/",
        f"topic of {most.insights:,} insights": f"/topic/{most.slug}/",
        f"topic of {most.insights:,}, strongest first": f"/topic/{most.slug}/?by=best",
        f"Atom feed of {most.insights:,}": f"/topic/{most.slug}/feed.atom",
        f"topic of {usual.insights:,} insights": f"/topic/{usual.slug}/",
        f"person of {person.insights:,} insights": f"/person/{person.slug}/",
    }


def measure(count: int) -> Iterator[Row]:
    with fresh_home() as home:
        takefive(home, "demo")
        os.environ["TAKEFIVE_HOME"] = str(home)
        from takefive.cli.boot import boot, set_up

        set_up()
        boot()
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.utils import timezone

        from takefive.pipeline.steps import name
        from takefive.store import entities
        from takefive.store.models import Entity, Episode

        settings.ALLOWED_HOSTS = ["*"]
        fill(count, random.Random(1))
        began, worked = time.perf_counter(), time.process_time()
        many = entities.rebuild()
        took, own = time.perf_counter() - began, time.process_time() - worked
        figure = f"{took:.0f} s, of them {own:.0f} s in Python; {Entity.objects.count():,} entities"
        yield Row(what=f"{many:,} insights named anew", figure=figure, peer="", command=COMMAND)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        for what, path in pages().items():
            cuts = statistics.quantiles(times(lambda path=path: client.get(path), REQUESTS), n=100)
            yield Row(what=what, figure=f"p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms", peer="", command=COMMAND)
        ids = iter(Episode.objects.filter(title__startswith="Episode").values_list("pk", flat=True)[: REQUESTS + 1])
        took = statistics.median(times(lambda: name.run(next(ids), now=timezone.now()), REQUESTS))
        yield Row(what=f"an episode of {EACH} insights named", figure=f"{took:.0f} ms", peer="", command=COMMAND)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    show(measure(parser.parse_args().count))
