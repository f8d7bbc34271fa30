import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.clean import pieces, readable, without_opening


@pytest.mark.parametrize(
    ("spoken", "read"),
    [
        ("Yeah, so, um, we lost it all.", "We lost it all."),
        ("It was, you know, a mess.", "It was a mess."),
        ("We had-- we had a plan.", "We had a plan."),
        ("The the server died.", "The server died."),
        ("It sort of works.", "It works."),
        ("It is a kind of tax.", "It is a kind of tax."),
        ("We laughed [laughter] and left.", "We laughed and left."),
        ("I know that that is true.", "I know that that is true."),
    ],
)
def test_only_what_speech_alone_needs_is_taken_away(spoken: str, read: str) -> None:
    assert readable(spoken) == read


def test_nothing_but_fillers_is_nothing() -> None:
    assert readable("Yeah. Um. Okay.") == ""


@given(st.text(max_size=200))
def test_no_text_is_too_strange_and_no_word_is_added(text: str) -> None:
    read = readable(text)
    assert len(read.split()) <= len(text.replace("—", " — ").replace("--", " -- ").split()) + text.count(
        "["
    ) + text.count("(")


def test_openings_that_only_tie_to_what_came_before_go() -> None:
    assert without_opening("And so, I think the market decides") == "the market decides"


def test_pieces_keep_a_closing_quotation_mark() -> None:
    assert pieces('He said "No." Then he left.') == ['He said "No."', "Then he left."]
