from __future__ import annotations

from takefive.relations.signs import clashes, negations
from takefive.relations.words import stem


def stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.lower().split())


def test_denials_are_counted() -> None:
    assert negations("It doesn't scale, and nobody can't say it is not slow") == 4
    assert negations("A knot is notable") == 0


def test_opposites_clash_only_where_each_side_has_its_own() -> None:
    assert clashes(stems("remote work is cheap"), stems("remote work is expensive")) == 1
    assert clashes(stems("cheap or expensive"), stems("expensive")) == 0
    assert clashes(stems("taxes increased"), stems("taxes decreased")) == 1
