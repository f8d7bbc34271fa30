"""`takefive parse`: feeds to JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from takefive.cli.output import each_file, finish, print_json
from takefive.feeds.parse import parse_feed
from takefive.feeds.values import ParsedEpisode, ParsedFeed


def run(files: Annotated[list[Path], typer.Argument(help="RSS, Atom or RDF files.", metavar="FEED.xml...")]) -> None:
    """Read podcast feeds and write what they say as JSON.

    \b
    Examples:
      takefive parse show.xml
      takefive parse feeds/*.xml > parsed.json
    """
    feeds, failed = each_file(files, lambda path: _shown(parse_feed(path.read_bytes(), source=str(path))))
    print_json(feeds)
    finish(failed)


_OURS = ("mark", "unchanged")  # what only the scanner uses


def _shown(feed: ParsedFeed) -> dict[str, Any]:
    """All that we read, `source` and `title` first."""
    shown = {name: getattr(feed, name) for name in feed.__slots__ if name not in _OURS}
    return shown | {"items": [_episode(item) for item in feed.items]}


def _episode(item: ParsedEpisode) -> dict[str, Any]:
    shown = {name: getattr(item, name) for name in item.__slots__ if not name.startswith(("raw_", *_OURS))}
    return shown | {"description": item.description, "summary": item.summary}
