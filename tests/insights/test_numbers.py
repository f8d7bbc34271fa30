import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.numbers import claimed, spoken


def said(claim: str, passage: str) -> bool:
    heard = spoken(passage, "en")
    return all(not readings.isdisjoint(heard) for readings in claimed(claim))


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("1.2 million users", "about one point two, so 1,200,000 users"),
        ("250,000 dollars", "two hundred and fifty thousand dollars"),
        ("50% of users", "half of the users"),
        ("half the users", "fifty percent of them"),
        ("in 1999", "back in nineteen ninety-nine"),
        ("in 2023", "in twenty twenty-three"),
        ("$5,000", "five thousand bucks"),
        ("twelve eggs", "a dozen eggs"),
        ("2 to 3 million", "two to three million"),
        ("the 1990s", "in the nineties"),
        ("one team", "a team"),
        ("2 people", "a couple of people"),
        ("25 years", "twenty-five years"),
    ],
)
def test_the_same_value_in_other_words_was_said(claim: str, passage: str) -> None:
    assert said(claim, passage)


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("50% of users", "50 users"),
        ("250 dollars", "250 thousand dollars"),
        ("3 million", "3 billion"),
        ("half of them", "a third of them"),
        ("version 3.11.2", "version 3.11.3"),
        ("97 percent", "most of them"),
        ("two teams", "one team"),
    ],
)
def test_another_value_was_not(claim: str, passage: str) -> None:
    assert not said(claim, passage)


@pytest.mark.parametrize(
    "claim", ["half-finished work", "a few thousand people", "splitting the two helps", "known as 0xB10C"]
)
def test_words_that_count_nothing_claim_nothing(claim: str) -> None:
    assert said(claim, "nothing")


@pytest.mark.parametrize("claim", ["half of it", "a thousand people", "the two million", "two of them"])
def test_words_beside_them_still_claim(claim: str) -> None:
    assert not said(claim, "nothing")


def test_centuries_and_decades_are_years() -> None:
    assert said("four centuries of trade", "400 years of trade")
    assert said("30 years", "three decades")
    assert not said("four centuries of trade", "300 years of trade")


@given(st.text(max_size=80))
def test_whatever_a_text_claims_it_says_itself(text: str) -> None:
    assert said(text, text)


@given(st.integers(2, 10**9))
def test_a_number_with_and_without_separators_is_one(number: int) -> None:
    assert said(f"{number:,} things", f"{number} things")
    assert not said(f"{number:,} things", f"{number + 1} things")
