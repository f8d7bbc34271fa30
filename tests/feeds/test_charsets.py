"""Feeds in every charset, declared rightly, wrongly or not at all in three places, beside what feedparser makes of them."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import product

import feedparser
import pytest

from takefive.feeds.parse import parse_feed

from .test_legacy import TEXTS

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
WRITTEN = (
    {codec: texts[0] for codec, texts in TEXTS.items()}
    | dict.fromkeys(MARKS, "Как – “déjà vu” 如何")
    | {"iso8859-15": "Œuvre à 5 € près d'été"}
)
SAID = ("nothing", "the truth", "utf-8", "iso-8859-1", "no-such-charset")


@dataclass(frozen=True)
class Case:
    """A title in a charset, and what the XML declaration and the header say of it."""

    codec: str
    prologue: str
    header: str
    marked: bool

    @property
    def title(self) -> str:
        return WRITTEN[self.codec]

    def _named(self, said: str) -> str:
        return self.codec.removesuffix("-le").removesuffix("-be") if said == "the truth" else said

    @property
    def data(self) -> bytes:
        said = "" if self.prologue == "nothing" else f' encoding="{self._named(self.prologue)}"'
        item = f"<item><guid>1</guid><title>{self.title}</title></item>"
        text = f'<?xml version="1.0"{said}?><rss version="2.0"><channel><title>Show</title>{item}</channel></rss>'
        return (MARKS[self.codec] if self.marked else b"") + text.encode(self.codec)

    @property
    def content_type(self) -> str:
        kind = "application/rss+xml"
        return kind if self.header == "nothing" else f"{kind}; charset={self._named(self.header)}"


# Who is right where the two differ, and why; the first row that fits explains it.
EXPLAINED = {
    "the zeros between the letters, or the mark at the start, tell UTF-16 and UTF-32 from anything else": lambda c: (
        c.codec.startswith(("utf-16", "utf-32"))
    ),
    "ISO-2022-JP is told by its escape sequences, which no other text has": lambda c: c.codec == "iso2022_jp",
    "Latin-1 is said of any bytes; where the other place names a charset that fits, that is it": lambda c: (
        "iso-8859-1" in (c.prologue, c.header) and "the truth" in (c.prologue, c.header)
    ),
    "Latin-1 is said, and has no meaning for some of the bytes (81, 8D, 8F, 90, 9D): it is a guess, ours is better": lambda c: (
        c.codec == "shift_jis" and "iso-8859-1" in (c.prologue, c.header)
    ),
}

UNGUESSED = "feedparser guesses with chardet, which is not installed here"


def cases() -> Iterator[Case]:
    for codec, prologue, header, marked in product(WRITTEN, SAID, SAID, (False, True)):
        if codec in MARKS or not marked:
            yield Case(codec, prologue, header, marked)


@cache
def read() -> dict[Case, tuple[str, str]]:
    """For each case our title and feedparser's; "" where there is none."""
    return {case: (_ours(case), _theirs(case)) for case in cases()}


def _ours(case: Case) -> str:
    return parse_feed(case.data, source="x", content_type=case.content_type).items[0].title


def _theirs(case: Case) -> str:
    found = feedparser.parse(case.data, response_headers={"content-type": case.content_type}).entries
    return found[0].title if found else ""


def test_every_title_that_feedparser_recovers_is_recovered() -> None:
    assert not [case for case, (ours, theirs) in read().items() if theirs == case.title != ours]


def test_where_we_read_it_right_and_feedparser_does_not_the_reason_is_known() -> None:
    better = [case for case, (ours, theirs) in read().items() if ours == case.title != theirs]
    unknown = UNGUESSED if find_spec("chardet") is None else "??"
    reasons = Counter(next((why for why, fits in EXPLAINED.items() if fits(case)), unknown) for case in better)
    assert reasons.keys() - {UNGUESSED} == EXPLAINED.keys()
    print(f"{len(read())} cases, {len(better)} that feedparser reads wrongly", *reasons.items(), sep="\n")


def test_what_neither_reads_right_is_called_latin_1_and_nothing_contradicts_it() -> None:
    wrong = [case for case, (ours, _) in read().items() if ours != case.title]
    assert all(
        "iso-8859-1" in (case.prologue, case.header) and "the truth" not in (case.prologue, case.header)
        for case in wrong
    )


@pytest.mark.parametrize("where", ["prologue", "header"])
def test_what_is_said_in_vain_is_a_warning(where: str) -> None:
    said = {"prologue": "nothing", "header": "nothing"} | {where: "utf-8"}
    case = Case("cp1251", marked=False, **said)
    warnings = parse_feed(case.data, source="x", content_type=case.content_type).warnings
    assert any("utf-8" in line for line in warnings)
