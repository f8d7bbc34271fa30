from hypothesis import given
from hypothesis import strategies as st

from takefive.insights.passages import MAX_WORDS, MIN_WORDS, candidates, words
from takefive.transcripts.values import Sentence

sentence_lists = st.lists(
    st.builds(
        lambda count, turn: Sentence(text=" ".join(["word"] * count) + ".", turn=turn, speaker=f"S{turn}"),
        st.integers(1, 60),
        st.integers(0, 3),
    ),
    max_size=12,
).map(lambda rows: sorted(rows, key=lambda row: row.turn))


@given(sentence_lists)
def test_every_passage_is_a_run_of_one_turn_of_20_to_90_words(rows: list[Sentence]) -> None:
    for passage in candidates(rows):
        run = rows[passage.first : passage.last + 1]
        assert len({row.turn for row in run}) == 1
        assert passage.text == " ".join(row.text for row in run)
        assert MIN_WORDS <= len(words(passage.text)) <= MAX_WORDS


def test_a_passage_takes_its_times_from_its_first_and_last_sentence() -> None:
    rows = [
        Sentence(text="word " * 15, turn=0, speaker="Ada", start=1.0, end=2.0),
        Sentence(text="word " * 15, turn=0, speaker="Ada", start=2.0, end=3.5),
    ]
    (passage,) = candidates(rows)
    assert (passage.start, passage.end, passage.speaker) == (1.0, 3.5, "Ada")


def test_words_keep_their_apostrophes_whatever_their_shape() -> None:
    assert words("Don’t stop, it's 3.5 km") == ["don't", "stop", "it's", "3", "5", "km"]


def test_a_script_without_spaces_has_passages_too() -> None:
    said = [
        "大切なのは、失敗したときにチームを責めないことだと私は思います。",
        "小さな会社が勝てるのは、意思決定が速いからです。",
    ]

    assert candidates([Sentence(text=text, turn=1) for text in said])
