"""Which of the shows that were found: shown with numbers, and asked for where a person sits at the terminal."""

from __future__ import annotations

import re
import sys

from takefive.cli.output import say
from takefive.common.errors import UsageError
from takefive.feeds.search import Listing


def chosen(found: tuple[Listing, ...], picks: str) -> list[Listing]:
    """Those that `picks` ("1,3") names, or the only one there is. Raises UsageError where nobody can be asked."""
    if len(found) == 1:
        return [found[0]]
    for number, listing in enumerate(found, 1):
        by = f", {listing.author}" if listing.author else ""
        many = f" ({listing.episodes} episodes)" if listing.episodes is not None else ""
        say.print(f"{number:3}  {listing.title or listing.url}{by}{many}", markup=False, soft_wrap=True)
    if not picks and sys.stdin.isatty():
        picks = say.input("Which? Numbers, or nothing for none: ").strip()
        if not picks:
            return []
    if not picks:
        raise UsageError(f"{len(found)} shows were found: say which with --pick 1, or --yes for the first.")
    return [found[number - 1] for number in _numbers(picks, len(found))]


def _numbers(picks: str, most: int) -> list[int]:
    numbers = [int(pick) for pick in re.split(r"[\s,]+", picks.strip(" ,")) if pick.isdecimal() and len(pick) < 4]
    if not numbers or any(not 0 < number <= most for number in numbers):
        raise UsageError(f"--pick takes numbers from 1 to {most}, such as 1,3, not {picks!r}.")
    return numbers
