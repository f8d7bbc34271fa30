from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.delivery.clean import address, clock, line


@given(st.text(max_size=300), st.integers(2, 80))
def test_a_line_is_one_line_of_visible_characters_and_not_too_long(text, most):
    clean = line(text, most)
    assert len(clean) <= most
    assert clean == " ".join(clean.split())
    assert not [c for c in clean if unicodedata.category(c) in {"Cc", "Cs"}]
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")


@given(st.from_regex(r"[A-Za-z0-9,.<>&\"' äöüß漢]{0,80}", fullmatch=True))
def test_plain_words_stay_as_they_are(text):
    assert line(text) == " ".join(text.split())


def test_what_is_too_long_is_cut_between_words():
    assert line("one two three four", 12) == "one two…"


def test_joiners_that_languages_need_stay():
    assert line("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


def test_a_tower_of_marks_is_cut_down():
    assert len(line("e" + "\u0301" * 500)) == 5


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://a.example", "https://", "https:///x", "",
        "https://a.example/\r\nBcc: x", "https://a b.example", "https://bank.example@evil.example/", "https://[::1",
        "https://a.example/\"onclick=", "https://a.example/<x>", "https://é.example/", "JAVASCRIPT:x", " https://a.example",
        "https://a.example/" + "x" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_none(url):
    assert address(url) is None


@pytest.mark.parametrize("url", ["https://a.example/b?c=d&e=%20#t=1421", "http://127.0.0.1:8000/x", "https://[::1]:8/"])
def test_web_addresses_stay_as_they_are(url):
    assert address(url) == url


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.9, "0:59"), (1421.4, "23:41"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_seconds_are_shown_as_a_player_shows_them(seconds, shown):
    assert clock(seconds) == shown
