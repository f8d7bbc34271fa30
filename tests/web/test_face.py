"""The mail and the pages have one face."""

from __future__ import annotations

import re
from pathlib import Path

import takefive

SOURCE = Path(takefive.__file__).parent
PALETTE = SOURCE / "delivery" / "templates" / "palette.css"
PAGES = SOURCE / "web" / "static" / "takefive.css"
SHARED = ("paper", "ink", "muted", "hairline", "accent", "serif", "sans")


def _values(css: str) -> dict[str, list[str]]:
    """All values of a custom property in order: light, then dark."""
    return {name: re.findall(rf"--{name}:\s*([^;]+);", css) for name in SHARED}


def test_colours_and_families_are_the_same_in_the_mail_and_on_the_pages() -> None:
    pages = PAGES.read_text().split("@media print")[0]
    assert _values(pages) == _values(PALETTE.read_text())


def test_the_style_sheet_stays_small() -> None:
    assert len(PAGES.read_bytes()) < 14_000


def test_pages_bring_nothing_from_outside() -> None:
    for file in [*(SOURCE / "web" / "static").iterdir(), *(SOURCE / "web" / "templates").iterdir()]:
        text = file.read_text()
        assert not re.search(r"(src|href)=\"(https?:)?//|@import|url\([\"']?(https?:)?//", text), file.name
        assert " style=" not in text, file.name
