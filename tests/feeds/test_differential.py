"""Field by field as feedparser and podcastparser read it, but for what disagreements.toml explains."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from oracles import ORACLES, Difference, differences, ours, said

TABLE = Path(__file__).with_name("disagreements.toml")
SMALL = 300_000  # bytes; feedparser takes seconds for a longer feed
RIGHT = ("ours", "theirs", "both", "neither")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One reason why an oracle and we disagree, as disagreements.toml explains it."""

    oracle: str
    feeds: list[str]
    fields: list[str]
    right: str
    why: str
    ours: str = ".*"
    theirs: str = ".*"

    def cell(self, feed: str, found: Difference) -> tuple[str, str] | None:
        """The glob and the field by which this row explains a difference in a feed; None where it does not."""
        glob = next((glob for glob in self.feeds if fnmatchcase(feed, glob)), None)
        excused = found.field in self.fields and re.fullmatch(self.ours, found.ours) is not None
        if glob is None or not excused or re.fullmatch(self.theirs, found.theirs) is None:
            return None
        return glob, found.field


def faults(found: dict[str, list[Difference]], rows: Iterable[Row]) -> list[str]:
    """What no row explains in the feeds that were read, and what rows say of them that explains nothing."""
    rows, wrong, used = list(rows), [], set()
    for feed, differs in found.items():
        for one in differs:
            cells = {(number, cell) for number, row in enumerate(rows) if (cell := row.cell(feed, one))}
            used |= cells
            if not cells:
                wrong.append(f"{feed}: {one.field} is {one.ours!r}, and {one.theirs!r} to the other")
    for number, row in enumerate(rows):
        read = [glob for glob in row.feeds if any(fnmatchcase(feed, glob) for feed in found)]
        idle = [(glob, field) for glob in read for field in row.fields if (number, (glob, field)) not in used]
        wrong += [f"explains nothing: {glob}, {field}: {row.why}" for glob, field in idle]
    return wrong


def table() -> list[Row]:
    return [Row(**row) for row in tomllib.loads(TABLE.read_text())["row"]]


def compare(folder: Path, oracle: str, most: int) -> tuple[int, list[str]]:
    """How many values the oracle gave that we were compared with, and the faults; prints what -rP shows."""
    values, found = 0, {}
    for path in sorted(p for p in (folder / "feeds" / "real").iterdir() if p.stat().st_size < most):
        data = path.read_bytes()
        theirs = ORACLES[oracle](data)
        if theirs is not None:
            found[path.name] = list(differences(ours(data), theirs))
            values += said(theirs)
    rows = [row for row in table() if row.oracle in (oracle, "*")]
    right = Counter(
        next((row.right for row in rows if row.cell(feed, one)), "?")
        for feed, differs in found.items()
        for one in differs
    )
    print(f"{oracle}: {len(found)} feeds, {values:,} values, right where we differ: {dict(right)}")
    return values, faults(found, rows)


def test_podcastparser_reads_what_we_read_from_every_feed_it_can_read(shared_data: Path) -> None:
    values, wrong = compare(shared_data, "podcastparser", 2**40)
    assert not wrong, "\n".join(wrong)
    assert values > 20_000


def test_feedparser_reads_what_we_read_from_every_small_feed(shared_data: Path) -> None:
    values, wrong = compare(shared_data, "feedparser", SMALL)
    assert not wrong, "\n".join(wrong)
    assert values > 10_000


@pytest.mark.slow
def test_feedparser_reads_what_we_read_from_every_feed(shared_data: Path) -> None:
    values, wrong = compare(shared_data, "feedparser", 2**40)
    assert not wrong, "\n".join(wrong)
    assert values > 20_000


def test_every_row_says_who_is_right_and_why() -> None:
    for row in table():
        assert row.right in RIGHT
        assert row.oracle in (*ORACLES, "*")
        assert row.why.endswith(".")
        assert row.feeds
        assert row.fields


FEED = b"""<rss><channel><title>Show</title><link>https://a.example/</link><language>en</language>
<item><guid isPermaLink="false">1</guid><title>One</title><link>https://a.example/1</link><pubDate>%s</pubDate>
<enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="7"/></item></channel></rss>"""
USUAL = FEED % b"Wed, 02 Oct 2024 08:00:00 GMT"
ODD = FEED % b"Wed., 02 Okt. 2024 08:00:00 GMT"  # only we read it
ODD_DATES = Row(oracle="*", feeds=["odd*"], fields=["item.published"], right="ours", why="So.", ours=r"\d+", theirs="")


@pytest.mark.parametrize("oracle", ORACLES)
def test_a_usual_feed_is_the_same_to_all(oracle: str) -> None:
    theirs = ORACLES[oracle](USUAL)
    assert theirs is not None
    assert said(theirs) == 10
    assert list(differences(ours(USUAL), theirs)) == []


@pytest.mark.parametrize("oracle", ORACLES)
def test_a_disagreement_fails_until_a_row_explains_it_and_the_row_once_there_is_none(oracle: str) -> None:
    odd, usual = ORACLES[oracle](ODD), ORACLES[oracle](USUAL)
    assert odd is not None
    assert usual is not None
    differs, same = list(differences(ours(ODD), odd)), list(differences(ours(USUAL), usual))
    assert faults({"odd.xml": differs}, []) == ["odd.xml: item.published is '1727856000', and '' to the other"]
    assert faults({"odd.xml": differs}, [ODD_DATES]) == []
    assert faults({"other.xml": differs}, [ODD_DATES]) != []
    assert faults({"odd.xml": same}, [ODD_DATES]) == ["explains nothing: odd*, item.published: So."]
    assert faults({"other.xml": same}, [ODD_DATES]) == []
