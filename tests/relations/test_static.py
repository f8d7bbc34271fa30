from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from takefive.common.errors import ModelError
from takefive.relations import static

DOGS = "The dog chased a ball across the park."
PUPPY = "A puppy ran after its toy in the garden."
RATES = "The central bank raised interest rates to fight inflation."


def test_texts_of_like_meaning_lie_nearer_though_they_share_no_telling_word() -> None:
    dogs, puppy, rates = static.load().encode([DOGS, PUPPY, RATES])
    assert dogs @ puppy > dogs @ rates + 0.2


def test_vectors_have_length_one_and_those_of_nothing_are_zero() -> None:
    vectors = static.load().encode([DOGS, "", "   ", "x" * 5000])
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, static.load().dimension)
    assert np.linalg.norm(vectors, axis=1).round(5).tolist() == [1, 0, 0, 1]
    assert static.load().encode([]).shape == (0, static.load().dimension)


def test_a_vector_does_not_depend_on_its_company() -> None:
    alone = static.load().encode([RATES])[0]
    assert np.array_equal(alone, static.load().encode([DOGS] * 200 + [RATES])[200])


def test_a_file_that_is_not_the_one_of_its_card_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = tmp_path / "static.json"
    card.write_text(json.dumps({"sha256": "0" * 64}))
    monkeypatch.setattr(static, "CARD", card)
    with pytest.raises(ModelError, match="install takefive again"):
        static.load.__wrapped__()


def test_the_model_is_small_and_its_card_says_where_it_comes_from() -> None:
    card = json.loads(static.CARD.read_text(encoding="utf-8"))
    assert static.MODEL.stat().st_size < 8_000_000
    assert {"teacher", "data", "licence", "on_passages_left_out", "made_by"} <= card.keys()
