import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.headline import MOST_WORDS, headline, is_name


def test_the_clause_that_claims_most_becomes_the_headline() -> None:
    line = headline("You might wonder why. The smaller team was faster because nobody waited for a meeting.").text
    assert line.startswith("The smaller team was faster")


def test_what_the_speaker_did_is_given_to_the_speaker() -> None:
    line = headline("I lost 40 customers in one weekend.", "Ada Lovelace").text
    assert line == "Ada Lovelace: I lost 40 customers in one weekend"


def test_a_condition_is_no_claim() -> None:
    line = headline("If you run a tiny server, then large companies can copy your product quickly.").text
    assert line == "Large companies can copy your product quickly"


@pytest.mark.parametrize(
    "text",
    [
        "And so the thing is, because of that, and this is what people miss, big companies never pay developers.",
        "We had, like, the database fall over, and the customers noticed before the alerts did.",
    ],
)
def test_it_never_dangles(text: str) -> None:
    line = headline(text).text
    assert len(line.split()) <= MOST_WORDS
    assert line[0].isupper()
    assert line.split()[0].lower() not in {"and", "so", "because", "but"}
    assert line.split()[-1].lower() not in {"and", "so", "because", "but", "the", "of", "to"}


@given(st.text(max_size=300))
def test_any_text_gives_a_line_of_at_most_twelve_words(text: str) -> None:
    assert len(headline(text, "Ada").text.split()) <= MOST_WORDS + 1


def test_labels_are_no_names() -> None:
    assert is_name("Suz Hinton")
    assert not is_name("Speaker 1")
    assert not is_name("Host")


def test_a_clause_that_leans_is_given_its_topic_and_a_person_only_a_name() -> None:
    assert headline("They halve the delay of every new block.", topics=("compact blocks",)).text.startswith(
        "Compact blocks: they"
    )
    assert "Permission" not in headline("She was an officer in the navy.", topics=("permission",)).text
