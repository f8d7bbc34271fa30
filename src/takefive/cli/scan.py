"""`takefive scan`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from takefive.cli.boot import boot
from takefive.cli.output import finish, print_json, say
from takefive.pipeline import flow, samples
from takefive.store.models import Episode, Podcast


def run(
    every: Annotated[bool, typer.Option("--all", help="Ask every feed now, also those that are not due.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look for new episodes in the feeds that are due, now. The worker does this every minute by itself.

    \b
    Examples:
      takefive scan
      takefive scan --all --json
    """
    boot()
    started = timezone.now()
    if every:
        theirs = Podcast.objects.exclude(feed_url__startswith=f"http://{samples.HOST}/")  # served only by the demo
        theirs.active().update(next_poll_at=started)
    due = list(Podcast.objects.due(started).values_list("pk", flat=True))
    with say.status(f"asking {len(due)} feeds"):
        while Podcast.objects.due(started).exists():
            flow.scan()
    asked = Podcast.objects.filter(pk__in=due)
    new = Episode.objects.filter(created_at__gte=started)
    counts = {
        "feeds": asked.count(),
        "failed": asked.exclude(error="").count(),
        "new_episodes": new.count(),
        "picked": new.filter(stage=Episode.Stage.PICKED).count(),
        "wait_for_budget": Episode.objects.filter(stage=Episode.Stage.OFFERED).count(),
    }
    if json:
        print_json(counts)
    else:
        typer.echo(
            "{feeds} feeds asked, {failed} failed; {new_episodes} new episodes, {picked} picked.".format(**counts)
        )
        if counts["wait_for_budget"]:
            say.print("{wait_for_budget} wait until the day's budget has room for their audio.".format(**counts))
        if counts["picked"]:
            say.print("Next: `takefive work --once` turns them into insights.")
    finish(counts["failed"])
