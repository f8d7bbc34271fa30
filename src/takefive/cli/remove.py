"""`takefive remove`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from takefive.cli.boot import boot
from takefive.cli.output import complain, finish, print_json
from takefive.common.errors import TakefiveError, UsageError
from takefive.feeds.find import is_address
from takefive.pipeline import following
from takefive.store.models import Podcast


def run(
    sources: Annotated[list[str], typer.Argument(metavar="WHAT...", help="Addresses of feeds, or titles.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Stop following podcasts and forget their episodes and insights: what `takefive add` did, undone.

    A title must be whole, and no other show's.

    \b
    Examples:
      takefive remove https://example.org/podcast.xml
      takefive remove "Ship It!" --dry-run
    """
    boot()
    rows, failed = [], 0
    for source in sources:
        try:
            rows += list(_remove(source, really=not dry_run))
        except TakefiveError as error:
            complain(source, error)
            failed += 1
    if json:
        print_json(rows)
    else:
        for row in rows:
            typer.echo(f"{row['result']:18} {row['feed']}")
    finish(failed)


def _remove(source: str, *, really: bool) -> Iterator[dict[str, str]]:
    podcast = following.known(source) if is_address(source) else _titled(source)
    secret = podcast.private if podcast else following.is_secret(source)
    address = podcast.feed_url if podcast else source
    yield {
        "feed": following.shown(address, private=secret),
        "title": podcast.title if podcast else "",
        "result": "removed" if podcast else "was not followed",
    }
    if podcast and really:
        podcast.delete()


def _titled(title: str) -> Podcast:
    found = list(Podcast.objects.filter(title__iexact=title.strip())[:2])
    if len(found) != 1:
        many = "several shows have" if found else "no show has"
        raise UsageError(f"{many} this title; give the address of the feed, as `takefive export` lists it.")
    return found[0]
