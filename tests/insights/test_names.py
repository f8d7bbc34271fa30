from __future__ import annotations

import pytest

from takefive.insights.names import often_named, unheard_names

HEARD = "We moved our billing to the cloud, and Ana from Berlin said that we broke three treatments of it."
VOCABULARY = frozenset({"moved", "billing", "cloud", "broke", "treatments"})


def unheard(text: str, *, into: str = "en") -> list[str]:
    return unheard_names([text], HEARD, VOCABULARY, into=into)


@pytest.mark.parametrize(
    "text",
    [
        "Ana moved it from Berlin.",
        "Treatment of it broke.",  # a capital at the head, of a word heard in another form
        "Half-finished work broke it.",
        "It was an Ana-drawn plan.",  # only the part with the capital is a name
        "In this Berlin-based team it broke.",
    ],
)
def test_what_was_heard_is_no_invented_name(text: str) -> None:
    assert unheard(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Zebulon said that it moved.", ["Zebulon"]),
        ("It was a Zebulon-drawn plan.", ["Zebulon-drawn"]),
        ("We like Paris and Ana.", ["Paris"]),
        ("It ran on GPT-9 there.", ["GPT-9"]),
    ],
)
def test_what_was_not_heard_is(text: str, names: list[str]) -> None:
    assert unheard(text) == names


def test_a_german_noun_in_a_translation_is_no_name_but_a_full_name_is() -> None:
    assert unheard("Sie haben die Abrechnung in Berlin umgezogen.", into="de") == []
    assert unheard("Es war Hans Zebulon, der die Abrechnung umzog.", into="de") == ["Hans", "Zebulon"]
    assert unheard("Dort lief es auf GPT-9 und MySQL.", into="de") == ["GPT-9", "MySQL"]
    assert unheard("Las facturas pasaron a la nube con Pedro.", into="es") == ["Pedro"]


def test_what_an_episode_names_again_and_again_is_its_subject() -> None:
    sentences = ["Then Kafka broke.", "We run Kafka's brokers.", "Kafka is a log.", "Ask Ana."]
    assert often_named(sentences, 2) == ["Kafka"]
    assert often_named(sentences, 3) == []  # at the head of a sentence any word has a capital
