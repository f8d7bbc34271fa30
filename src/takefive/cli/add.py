"""`takefive add`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from takefive.cli.boot import boot
from takefive.cli.choosing import chosen
from takefive.cli.output import complain, finish, print_json, say
from takefive.common.errors import FetchError, RefusedAddressError, TakefiveError, UsageError
from takefive.feeds.discover import apple_id
from takefive.feeds.find import is_address
from takefive.feeds.opml import Skipped, parse_opml
from takefive.feeds.search import Listing
from takefive.pipeline import following

Row = dict[str, str]
_GONE = (404, 410)


def run(
    sources: Annotated[list[str], typer.Argument(metavar="WHAT...", help="Addresses, words, or OPML files.")],
    private: Annotated[bool, typer.Option("--private", help="Never show anything of these feeds to others.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the first where several are found.")] = False,
    pick: Annotated[str, typer.Option("--pick", help="Which to take where several are found: 1,3.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow podcasts: by the address of a feed or of a show's page, a link of Apple Podcasts, words, or an OPML file.

    Where several shows are found they are listed with numbers and you are asked; `takefive remove` undoes it. An address
    with a password or a token in it is private from the start: it gets no public page and is never logged.

    \b
    Examples:
      takefive add https://example.org/podcast.xml
      takefive add https://example.org/ "hard fork" --dry-run
      takefive add https://podcasts.apple.com/us/podcast/some-show/id1528594034
      takefive add subscriptions.opml
      takefive add "ship it" --pick 2
    """
    boot()
    rows: list[Row] = []
    failed = 0
    for source in sources:
        try:
            rows += _add(source, private=private, really=not dry_run, picks=pick or ("1" if yes else ""))
        except (TakefiveError, OSError) as error:
            complain("add" if isinstance(error, RefusedAddressError) else source, error)
            failed += 1
    if json:
        print_json(rows)
    else:
        _tell(rows)
    finish(failed + sum(row["result"] == "refused" for row in rows))


def _add(source: str, *, private: bool, really: bool, picks: str) -> list[Row]:
    wanted, skipped = _from_file(Path(source)) if _is_file(source) else (_found(source, picks), ())
    rows = [_row(one) for one in following.follow(wanted, private=private, really=really)]
    if twice := len(wanted) - len(rows):
        say.print(f"{twice} entries stand in {source} more than once.", markup=False)
    return rows + [{"feed": one.text, "result": "skipped", "why": one.why} for one in skipped]


def _is_file(source: str) -> bool:
    if is_address(source):
        return False
    looks_so = source.lower().endswith((".opml", ".xml")) or "/" in source
    if looks_so and not Path(source).is_file():
        raise UsageError("neither an address (https://...) nor an OPML file that exists.")
    return looks_so or Path(source).is_file()


def _from_file(path: Path) -> tuple[list[Listing], tuple[Skipped, ...]]:
    report = parse_opml(path.read_bytes())
    return [Listing(feed.url, feed.title) for feed in report.feeds], report.skipped


def _found(source: str, picks: str) -> list[Listing]:
    """What an address or words mean. A feed that cannot be read now is followed all the same: scans go on trying."""
    address = is_address(source) and apple_id(source) is None
    if address:
        following.check(source)
        if following.known(source):
            return [Listing(source, "")]
    try:
        with say.status("looking"):
            found = asyncio.run(following.search(source))
    except FetchError as error:
        if not address or error.status in _GONE:
            raise
        say.print(f"not read yet: {error}", markup=False, soft_wrap=True)
        return [Listing(source, "")]
    return chosen(found, picks)


def _row(one: following.Followed) -> Row:
    row = {"feed": following.shown(one.url, private=one.private), "title": one.title, "result": one.result}
    if not one.why:
        return row
    complain("add", UsageError(one.why))
    return row | {"why": one.why}


def _tell(rows: list[Row]) -> None:
    for row in rows:
        if row["result"] == "skipped":
            say.print(f"skipped: {row['feed']}: {row['why']}", markup=False, soft_wrap=True)
        elif row["result"] != "refused":
            typer.echo(f"{row['result']:18} {row['feed']}" + (f"  {row['title']}" if row["title"] else ""))
    if any(row["result"].startswith("added") for row in rows):
        say.print("Next: `takefive scan` looks for episodes, `takefive work` does the rest.")
