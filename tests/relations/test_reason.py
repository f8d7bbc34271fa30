from __future__ import annotations

import pytest

from relations.points import a_point
from takefive.relations.reason import NEAR, reason
from takefive.relations.words import vague


def test_a_shared_topic_is_the_first_reason() -> None:
    one, other = a_point(1, topics=("Go", "Kubernetes")), a_point(2, topics=("kubernetes",))
    assert reason(one, other) == "both on Kubernetes"


def test_the_same_speaker_is_named_with_the_time() -> None:
    one = a_point(1, speaker="Ada Byron", published=10.0)
    assert reason(one, a_point(2, speaker="ada byron", published=3.0)) == "same speaker, earlier"
    assert reason(one, a_point(2, speaker="Ada Byron", published=12.0)) == "same speaker, later"
    assert reason(one, a_point(2, speaker="Ada Byron")) == "same speaker, another episode"
    assert reason(one, a_point(2, speaker="Ada Byron", episode=1)) == "same speaker, same episode"


@pytest.mark.parametrize("label", ["Speaker 1", "Host", "Unknown", "Guests"])
def test_a_label_that_names_nobody_is_no_same_speaker(label: str) -> None:
    one = a_point(1, speaker=label, podcast=1)
    for other in (a_point(2, speaker=label, podcast=2), a_point(2, speaker=label, podcast=1)):
        assert "speaker" not in reason(one, other)
        assert "speaker" not in reason(one, other, same=True)


def test_a_first_name_is_the_same_speaker_on_one_show_only() -> None:
    one = a_point(1, speaker="Adam", podcast=1)
    assert reason(one, a_point(2, speaker="Adam", podcast=1)) == "same speaker, another episode"
    assert reason(one, a_point(2, speaker="Adam", podcast=2)) == NEAR


def test_a_title_makes_no_other_speaker_and_a_middle_name_does() -> None:
    one = a_point(1, speaker="Dr. Ann Lee")
    assert reason(one, a_point(2, speaker="Ann Lee")) == "same speaker, another episode"
    assert reason(one, a_point(2, speaker="Ann Marie Lee")) == NEAR


def test_a_topic_in_other_letters_is_the_same_topic() -> None:
    assert reason(a_point(1, topics=("Open-Source",)), a_point(2, topics=("open source",))) == "both on Open-Source"
    assert reason(a_point(1, topics=("Windows",)), a_point(2, topics=("windows",))) != "both on Windows"


def test_a_shared_subject_is_told_in_the_words_of_the_other() -> None:
    one = a_point(1, text="Good onboarding documentation halves the time to a first commit")
    other = a_point(2, text="They measured their onboarding documentations by asking new people")
    assert reason(one, other) == "also about onboarding documentations"


def test_names_keep_their_capitals() -> None:
    one, other = a_point(1, text="We moved to PostgreSQL"), a_point(2, text="PostgreSQL was slow")
    assert reason(one, other) == "also about PostgreSQL"


def test_common_words_are_no_subject() -> None:
    one, other = a_point(1, text="people like new things"), a_point(2, text="people made the things")
    assert reason(one, other) == NEAR
    assert reason(one, a_point(2, text="people made the things", podcast=1)) == "from the same podcast"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He argues that restricting trade hurts", "She argues for restricting fonts"),  # verbs
        ("It was entirely autonomous", "An autonomous region of Spain"),  # no noun in either
        ("The workers left", "Workers stayed"),  # as common as that says nothing
    ],
)
def test_only_a_noun_that_is_rare_enough_is_a_subject(one: str, other: str) -> None:
    assert reason(a_point(1, text=one), a_point(2, text=other)) == NEAR


def test_where_nothing_is_shared_the_topic_of_the_other_is_told() -> None:
    one, other = a_point(1, text="ferries"), a_point(2, text="flights", topics=("stuff", "homesickness"))
    assert reason(one, other) == "on homesickness"


def test_the_same_point_says_who_or_where_not_what() -> None:
    one = a_point(1, topics=("Go",), speaker="Ada Byron", published=10.0)
    assert reason(one, a_point(2, topics=("Go",)), same=True) == "said on another show"
    assert reason(one, a_point(2, speaker="Ada Byron", published=11.0), same=True) == "same speaker, later"


def test_a_word_that_only_opens_a_sentence_is_no_name() -> None:
    one = a_point(1, text="Sponsorship keeps a project alive; sponsorship is steady")
    assert reason(one, a_point(2, text="Sponsorship can vanish")) == "also about sponsorship"


@pytest.mark.parametrize(
    "word", ["it's", "it’s", "don't", "that’s", "you're", "they’re", "gonna", "stuff", "yourself", "yeah"]
)
def test_a_contraction_a_pronoun_or_a_vague_word_is_no_subject(word: str) -> None:
    one, other = a_point(1, text=f"{word} cheap, {word} new"), a_point(2, text=f"{word.capitalize()} said {word}")
    assert reason(one, other) == NEAR
    assert reason(a_point(1, topics=(word,)), a_point(2, topics=(word,), text="else")) == NEAR


def test_a_phrase_holds_no_word_that_is_no_subject() -> None:
    one = a_point(1, text="I think gonna sponsorship it's sponsorship")
    assert reason(one, a_point(2, text="but gonna sponsorship it's sponsorship")) == "also about sponsorship"


def test_a_word_of_a_topic_is_a_subject_though_it_is_common() -> None:
    one, other = (
        a_point(1, text="the market was closed"),
        a_point(2, text="a market of ours", topics=("Market reform",)),
    )
    assert reason(one, other) == "also about market"


def test_vague_words_are_written_in_lower_case() -> None:
    assert all(word.islower() for word in vague())
