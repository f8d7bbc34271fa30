from pathlib import Path

import numpy as np
import pytest

from takefive.common.errors import ModelError
from takefive.insights import scorer
from takefive.insights.passages import candidates
from takefive.insights.signs import NAMES, sentence_signs
from takefive.transcripts.values import Sentence


def rows(*texts: str) -> list[Sentence]:
    return [Sentence(text=text, turn=i, speaker="Ada") for i, text in enumerate(texts)]


def test_a_reason_with_a_number_outranks_small_talk() -> None:
    said = rows(
        "Hey, how is it going?",
        "It turns out that we lost 40% of our users because the page took nine seconds, which is what nobody believed.",
        "Yeah, cool, thanks so much.",
    )
    assert scorer.load().sentences(said).argmax() == 1


def test_each_sentence_has_every_sign() -> None:
    assert sentence_signs(rows("One.", "Two?")).shape == (2, len(NAMES))
    assert sentence_signs([]).shape == (0, len(NAMES))
    assert scorer.load().sentences([]).shape == (0,)


def test_of_two_equal_passages_the_longer_wins() -> None:
    said = [Sentence(text="word " * 21, turn=0), Sentence(text="word " * 21, turn=0)]
    found = candidates(said)
    scores = scorer.passage_scores(found, said, np.zeros(2))
    assert found[int(scores.argmax())].last - found[int(scores.argmax())].first == 1


def test_a_model_file_that_is_not_the_one_of_its_card_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scorer.npz"
    with pytest.raises(ModelError, match="missing"):
        scorer.verified(file, "0" * 64)
    file.write_bytes(b"other")
    with pytest.raises(ModelError, match="not the one its card describes"):
        scorer.verified(file, "0" * 64)
