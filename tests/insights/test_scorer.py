from dataclasses import replace
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
    assert scorer.load().heard(said).scores.argmax() == 1


def test_each_sentence_has_every_sign() -> None:
    assert sentence_signs(rows("One.", "Two?")).shape == (2, len(NAMES))
    assert sentence_signs([]).shape == (0, len(NAMES))
    assert scorer.load().heard([]).scores.shape == (0,)


def test_of_two_equal_passages_the_longer_wins() -> None:
    said = [Sentence(text="word " * 21, turn=0), Sentence(text="word " * 21, turn=0)]
    found = candidates(said)
    heard = replace(scorer.load().heard(said), scores=np.zeros(2))
    scores = scorer.passage_scores(found, heard)
    assert found[int(scores.argmax())].last - found[int(scores.argmax())].first == 1


def test_a_model_file_that_is_not_the_one_of_its_card_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scorer.npz"
    with pytest.raises(ModelError, match="missing"):
        scorer.verified(file, "0" * 64)
    file.write_bytes(b"other")
    with pytest.raises(ModelError, match="not the one its card describes"):
        scorer.verified(file, "0" * 64)


def test_a_passage_that_opens_with_what_came_before_is_weaker_by_its_sum() -> None:
    text = "the page took nine seconds, which is why so many of our users left us within a week of the launch, we measured."
    for opening, leaning in (("Because", 0), ("That is because", 1)):
        said = rows(f"{opening} {text}")
        found = candidates(said)
        strength = scorer.load().strengths(found, said)
        assert scorer.leanings(found).tolist() == [leaning]
        assert strength.sums[0] == pytest.approx(
            scorer.passage_scores(found, scorer.load().heard(said))[0] - scorer.LEANING * leaning
        )


def test_a_passage_is_judged_by_its_place_and_its_neighbours_too() -> None:
    good = "It turns out that we lost 40% of our users because the page took nine seconds, which nobody had believed at all."
    said = [
        Sentence(text=good, turn=0, speaker="Ada"),
        *rows("Right.", "Yeah.", "Sure.")[1:],
        Sentence(text=good, turn=7),
    ]
    found = candidates(said)
    strength = scorer.load().strengths(found, said)
    assert len(found) == 2
    assert strength.wholes[0] != strength.wholes[1]
    assert strength.together.sum() == pytest.approx(0, abs=1e-6)


def test_no_passages_have_no_strengths() -> None:
    strength = scorer.load().strengths([], rows("Yes."))
    assert strength.together.shape == (0,)
