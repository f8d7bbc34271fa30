from __future__ import annotations

from pathlib import Path

from delivery.examples import content, item
from takefive.delivery.text import render

GOLDEN = Path(__file__).parent / "golden" / "brief.txt"


def test_a_brief_reads_as_it_always_did():
    assert render(content()) == GOLDEN.read_text()


def test_no_line_but_those_with_addresses_is_wider_than_asked():
    for width in (40, 72, 100):
        wide = [row for row in render(content(), width=width).splitlines() if len(row) > width]
        assert all("https://" in row for row in wide)


def test_the_text_has_all_that_the_mail_has():
    text = render(content(items=(item(play_url="javascript:x"),)))
    assert "1421" not in text
    for words in (
        "Mara Lindqvist, Out of Office",
        "→ Close to “how small teams ship”",
        "https://takefive.example/insights/1",
    ):
        assert words in text


def test_a_brief_without_insights_says_so():
    assert "Nothing in today's shows was worth your time." in render(content(items=()))
