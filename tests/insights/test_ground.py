from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.ground import find_quote
from takefive.transcripts.values import Sentence

SAID = [
    Sentence(text="Fees rose.", turn=0, speaker="Ada", start=0.0, end=1.0),
    Sentence(text="It’s a “fee market” now.", turn=0, speaker="Ada", start=1.0, end=3.0),
    Sentence(text="Fees rose.", turn=1, speaker="Bob", start=3.0, end=4.0),
    Sentence(text="Nobody paid.", turn=1, speaker="Bob", start=4.0, end=5.0),
]


def test_a_quote_comes_back_in_the_words_of_the_transcript_with_speaker_and_times() -> None:
    found = find_quote('Fees  rose.\nIt\'s a "fee market" now.', SAID)
    assert found is not None
    assert found.text == "Fees rose. It’s a “fee market” now."
    assert (found.first, found.last, found.speaker, found.start, found.end) == (0, 1, "Ada", 0.0, 3.0)


def test_the_place_nearest_to_where_it_should_be_wins() -> None:
    found = find_quote("Fees rose.", SAID, near=3)
    assert found is not None
    assert found.speaker == "Bob"


def test_no_quote_crosses_speakers_or_is_made_up_or_begins_within_a_word() -> None:
    assert find_quote("now. Fees rose.", SAID) is None
    assert find_quote("Fees fell.", SAID) is None
    assert find_quote("ees rose.", SAID) is None
    assert find_quote("  ", SAID) is None


@given(st.lists(st.text('ab .’"', min_size=1, max_size=12), min_size=1, max_size=6), st.data())
def test_every_run_of_whole_sentences_is_found_where_it_stands(texts: list[str], data: st.DataObject) -> None:
    rows = [Sentence(text=" ".join(text.split()) or "x", turn=0) for text in texts]
    first = data.draw(st.integers(0, len(rows) - 1))
    last = data.draw(st.integers(first, len(rows) - 1))
    quote = " ".join(row.text for row in rows[first : last + 1])
    found = find_quote(quote, rows, near=first)
    assert found is not None
    assert found.text == quote
