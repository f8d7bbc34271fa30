from __future__ import annotations

import numpy as np
import pytest

from relations.points import at_angle
from takefive.relations.lexical import Overlap
from takefive.relations.nearest import alike, nearest


def test_the_nearest_come_first_and_never_oneself() -> None:
    rows, cosines = nearest(np.stack([at_angle(d, 2) for d in (0, 10, 46, 90)]), 2)
    assert rows.tolist() == [[1, 2], [0, 2], [1, 3], [2, 1]]
    assert cosines[0, 0] == pytest.approx(np.cos(np.radians(10)), abs=1e-6)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_texts_have_no_neighbours(count: int) -> None:
    rows, _ = nearest(np.zeros((count, 3), dtype=np.float32), 5)
    assert rows.shape == (count, 0)


def test_blocks_give_what_one_comparison_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole, _ = nearest(vectors, 5)
    monkeypatch.setattr("takefive.relations.nearest.BLOCK", 7)
    parts, _ = nearest(vectors, 5)
    assert (whole == parts).all()


def test_alike_ones_are_found_by_meaning_and_words_together() -> None:
    texts = ["Kafka brokers fail", "Kafka brokers recover", "Bread needs salt", "Flour and yeast"]
    vectors = np.eye(4, dtype=np.float32)
    vectors[3] = vectors[2]
    found = [(rows.tolist(), near.tolist()) for rows, near in alike(vectors, Overlap(texts), 2)]
    assert found[0][0] == [1, 2]
    assert found[2][0][0] == 3
    assert all(near == sorted(near, reverse=True) for _, near in found)
    assert list(alike(vectors[:0], Overlap([]), 3)) == []
    assert [rows.tolist() for rows, _ in alike(vectors[:1], Overlap(texts[:1]), 3)] == [[]]
