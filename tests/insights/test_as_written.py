"""A quote is given in the letters of its file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.as_written import as_written


def test_entities_of_the_file_stand_in_the_quote() -> None:
    assert as_written("it's a test & more", "So it&#39;s a\n test &amp; more.") == "it&#39;s a test &amp; more"


def test_a_quote_that_stands_there_as_it_is_stays_so() -> None:
    assert as_written("R&D pays", "They say R&D pays, &amp; it does.") == "R&D pays"


def test_a_quote_that_is_nowhere_stays_so() -> None:
    assert as_written("never said", "It&#39;s something else.") == "never said"


@given(st.text(), st.text())
def test_any_text_is_answered(quote: str, source: str) -> None:
    assert isinstance(as_written(quote, source), str)
