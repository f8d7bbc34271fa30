"""`takefive export`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from takefive.cli.boot import boot
from takefive.cli.output import print_json, say
from takefive.feeds.opml import OpmlFeed, write_opml
from takefive.store.models import Podcast


def run(
    opml: Annotated[bool, typer.Option("--opml/--json", help="OPML, which every podcast app reads, or JSON.")] = True,
    private: Annotated[bool, typer.Option("--private", help="Private feeds too: their addresses are secrets.")] = False,
) -> None:
    """Write the podcasts that are followed to standard output, to take them along.

    \b
    Examples:
      takefive export --opml > podcasts.opml
      takefive export --private --json
    """
    boot()
    podcasts = Podcast.objects.filter(retired_at=None).order_by("title", "feed_url")
    kept = podcasts if private else podcasts.filter(private=False)
    feeds = [OpmlFeed(url, title) for url, title in kept.values_list("feed_url", "title")]
    if opml:
        sys.stdout.buffer.write(write_opml(feeds))
    else:
        print_json(feeds)
    if left_out := podcasts.count() - len(feeds):
        say.print(f"{left_out} private feeds are left out; --private writes them too.")
