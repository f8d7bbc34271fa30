from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.web.environment import language, plural, printable, timestamp, web_address, when


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(1421.3, "23:41"), (0, "0:00"), (59.9, "0:59"), (3600, "1:00:00"), (3723, "1:02:03"), (-2, "0:00"), (None, "")],
)
def test_a_moment_reads_as_on_a_player(seconds: float | None, shown: str) -> None:
    assert timestamp(seconds) == shown


def test_a_date_reads_as_in_a_magazine() -> None:
    assert when(date(2022, 5, 3)) == "3 May 2022"
    assert when(datetime(987, 12, 31, tzinfo=UTC)) == "31 December 987"
    assert when(None) == ""


def test_a_number_takes_its_word() -> None:
    assert plural(1, "voice") == "1 voice"
    assert plural(0, "voice") == "0 voices"
    assert plural(1200, "story", "stories") == "1,200 stories"


@pytest.mark.parametrize("address", ["https://a.example/x.mp3", "http://a.example:8000/?q=1#t=3", "HTTPS://A.example/"])
def test_web_addresses_may_be_linked(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        " https://a.example/",
        "https://a.example/\n",
        "data:text/html,x",
        "//evil.example/x",
        "https:evil",
        "file:///etc/passwd",
        "https://[broken",
        "vbscript:x",
    ],
)
def test_other_addresses_may_not(address: str) -> None:
    assert web_address(address) == ""


def test_only_a_language_tag_becomes_one() -> None:
    assert language("de-AT") == "de-AT"
    assert language('en" onload="x') == language("") == language("x" * 200) == "en"


@given(st.text())
def test_nothing_that_turns_or_breaks_a_page_is_printed(text: str) -> None:
    assert not set(printable(text)) & set("\x00\x07\x1b\u202e\u2066\ufffe")


def test_what_people_write_is_printed_as_it_is() -> None:
    assert printable("Ärzte, “müde”\n\tשלום") == "Ärzte, “müde”\n\tשלום"
