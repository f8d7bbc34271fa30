from __future__ import annotations

import pytest

from takefive.relations.signs import contrary, negations, opposites


def test_denials_are_counted() -> None:
    assert negations("It doesn't scale, and nobody can't say it is not slow") == 4
    assert negations("A knot is notable") == 0


def test_opposites_count_only_where_each_side_has_its_own() -> None:
    assert opposites("Remote work is cheap", "remote work is expensive")
    assert not opposites("cheap or expensive", "expensive")
    assert opposites("Taxes increased", "Taxes decreased")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Taxes on sugar work.", "Taxes on sugar do not work."),
        ("Static types make teams faster.", "Static types make teams slower."),
        ("Sales of the print edition grew 40 percent", "Sales of the print edition grew 15 percent"),
    ],
)
def test_nearly_the_same_words_with_a_contrary_sign_are_contrary(a: str, b: str) -> None:
    assert contrary(a, b)
    assert contrary(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Taxes on sugar work.", "Levies on sweet drinks do not fail to change what people buy."),
        ("Sales grew 40 percent", "Sales grew 40 percent."),
        ("", ""),
    ],
)
def test_other_words_or_no_sign_are_not_contrary(a: str, b: str) -> None:
    assert not contrary(a, b)
