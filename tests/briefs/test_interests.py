from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.briefs.interests import MAX_LENGTH, MAX_PHRASES, parse


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("how small teams ship; sleep; not crypto prices", ("how small teams ship", "sleep"), ("crypto prices",)),
        ("AI, databases and sleep, but not crypto", ("AI", "databases and sleep"), ("crypto",)),
        ("I'm interested in testing, Rust and no football", ("testing", "Rust"), ("football",)),
        ("- sleep\n- teams\n* design", ("sleep", "teams", "design"), ()),
        ("1. sleep\n2) teams", ("sleep", "teams"), ()),
        ("-crypto; C++; .NET; no-code tools", ("C++", "NET", "no-code tools"), ("crypto",)),
        ("I don't like football. I love hearing about whales.", ("whales",), ("football",)),
        ("nothing about politics; anything about bees", ("bees",), ("politics",)),
        ("Sleep; sleep; SLEEP", ("Sleep",), ()),
        ("sleep; not sleep", (), ("sleep",)),
        ("“how teams decide”", ("how teams decide",), ()),
        (
            "Schlafforschung; nicht zu verachten; 睡眠、経済",
            ("Schlafforschung", "nicht zu verachten", "睡眠", "経済"),
            (),
        ),
        ("Node.js vs. Deno", ("Node.js vs. Deno",), ()),
        ("", (), ()),
        ("; , . - !", (), ()),
    ],
)
def test_a_readers_own_words_become_phrases(text, wanted, unwanted):
    assert parse(text) == (wanted, unwanted)


@given(st.text(max_size=2000))
def test_any_text_gives_clean_phrases(text):
    for phrases in parse(text):
        assert len(phrases) <= MAX_PHRASES
        assert len({p.casefold() for p in phrases}) == len(phrases)
        assert all(p.isprintable() and p == p.strip() and 0 < len(p) <= MAX_LENGTH for p in phrases)


@given(st.lists(st.from_regex(r"[a-z]{4,9}( [a-z]{4,9})?", fullmatch=True), min_size=1, max_size=9, unique=True))
def test_plain_phrases_between_semicolons_come_back_unchanged(phrases):
    phrases = [f"zz{phrase}" for phrase in phrases]
    assert parse("; ".join(phrases)) == (tuple(phrases), ())


def test_a_long_hostile_text_is_read_at_once():
    assert parse("not " * 100_000 + "a")[0] == ()
    assert parse("," * 1_000_000) == ((), ())
    assert len(parse("i am " * 50_000)[0]) <= 1
