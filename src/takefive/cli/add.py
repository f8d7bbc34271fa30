"""`takefive add`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone

from takefive.cli.boot import boot
from takefive.cli.output import complain, finish, print_json, say
from takefive.common.addresses import looks_private, redacted
from takefive.common.errors import RefusedAddressError, TakefiveError, UsageError
from takefive.common.guard import GuardedResolver, checked_url
from takefive.feeds.opml import parse_opml
from takefive.store.models import Podcast
from takefive.store.models.publicids import public_id


def run(
    sources: Annotated[list[str], typer.Argument(metavar="URL-OR-OPML...", help="Feed addresses, or OPML files.")],
    private: Annotated[bool, typer.Option("--private", help="Never show anything of these feeds to others.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Undo: stop following these, and forget their episodes.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow podcasts, by the address of their feed or by an OPML file from another app.

    An address with a password or a token in it is private from the start: it gets no public page and is never logged.

    \b
    Examples:
      takefive add https://example.org/podcast.xml
      takefive add subscriptions.opml --dry-run
      takefive add --remove https://example.org/podcast.xml
    """
    wanted, failed = [], 0
    for source in sources:
        try:
            found = _addresses(source)
        except (TakefiveError, OSError) as error:
            complain(source, error)
            failed += 1
            continue
        kept = found if remove else [url for url in found if _may_be_asked(url)]
        failed += len(found) - len(kept)
        wanted += kept
    rows = _apply(dict.fromkeys(wanted), private=private, dry_run=dry_run, remove=remove)
    if json:
        print_json(rows)
    else:
        _tell(rows)
    finish(failed)


def _addresses(source: str) -> list[str]:
    if source.startswith(("http://", "https://")):
        return [source]
    path = Path(source)
    if not path.is_file():
        raise UsageError("neither an address (https://...) nor an OPML file that exists.")
    report = parse_opml(path.read_bytes())
    for skipped in report.skipped:
        say.print(f"skipped: {skipped.text}: {skipped.why}", markup=False)
    return [feed.url for feed in report.feeds]


def _may_be_asked(url: str) -> bool:
    """Whether a scan would connect there at all; if not, one line says why."""
    try:
        checked_url(url, GuardedResolver(settings.TRUSTED_HOSTS))
    except RefusedAddressError as error:
        complain("add", error)
        return False
    return True


def _apply(urls: dict[str, None], *, private: bool, dry_run: bool, remove: bool) -> list[dict[str, str]]:
    boot()
    rows = []
    for url in urls:
        found = _find(url)
        if remove:
            what = "removed" if found else "was not followed"
        elif found:
            what = "added again" if found.retired_at else "followed already"
        else:
            what = "added"
        if not dry_run:
            _do(what, url, found, private=private)
        secret = found.private if found else private
        rows.append({"feed": _host_of(url) if secret else redacted(url), "result": what})
    return rows


def _find(url: str) -> Podcast | None:
    """The podcast at this address, or the one that was added under it and has moved since."""
    podcasts = Podcast.objects
    return podcasts.filter(feed_url=url).first() or podcasts.filter(public_id=public_id("podcast", url)).first()


def _do(what: str, url: str, found: Podcast | None, *, private: bool) -> None:
    if what == "removed" and found:
        found.delete()
    elif what == "added":
        Podcast.objects.create(feed_url=url, private=private or looks_private(url))
    elif what == "added again" and found:
        Podcast.objects.filter(pk=found.pk).update(retired_at=None, failures=0, error="", next_poll_at=timezone.now())


def _host_of(url: str) -> str:
    return "/".join(redacted(url).split("/")[:3]) + "/…"


def _tell(rows: list[dict[str, str]]) -> None:
    for row in rows:
        typer.echo(f"{row['result']:18} {row['feed']}")
    if any(row["result"].startswith("added") for row in rows):
        say.print("Next: `takefive scan` looks for episodes, `takefive work` does the rest.")
