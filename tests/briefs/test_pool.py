from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from briefs.examples import NOW, insight
from takefive.briefs.pool import HALF_LIFE_DAYS, Pool


def test_freshness_halves_with_each_half_life_and_counts_from_the_publishing():
    ages = [0, HALF_LIFE_DAYS, 2 * HALF_LIFE_DAYS]
    pool = Pool.of([insight(i, published=NOW - timedelta(days=age), found=NOW) for i, age in enumerate(ages)], NOW)
    assert pool.freshness == pytest.approx([1, 0.5, 0.25])


def test_without_a_date_of_publishing_the_finding_counts_and_without_both_half():
    pool = Pool.of([insight(1, published=None, found=NOW), insight(2, published=None)], NOW)
    assert pool.freshness == pytest.approx([1, 0.5])


def test_scores_that_lie_close_together_are_spread_by_their_places():
    pool = Pool.of([insight(i, strength=0.99 + i / 1000) for i in range(5)], NOW)
    assert np.diff(pool.strength).min() > 0.09
    assert pool.strength.max() == pytest.approx(0.994)


def test_what_has_no_claim_for_a_headline_is_worth_less():
    said = ["Salt is cheap", "Salt is so much …", "Maria Chen on salt"]
    pool = Pool.of([insight(i, strength=0.8, headline=line, speaker="Maria Chen") for i, line in enumerate(said)], NOW)
    assert pool.strength[0] > pool.strength[1] == pool.strength[2]


def test_scores_out_of_bounds_are_brought_back():
    pool = Pool.of([insight(1, strength=-3.0), insight(2, strength=7.0)], NOW)
    assert pool.strength == pytest.approx([0, 1])


def test_a_part_of_a_pool_is_a_pool():
    pool = Pool.of([insight(i) for i in range(9)], NOW).only(np.array([2, 5]))
    assert [c.id for c in pool.candidates] == pool.id.tolist() == [2, 5]
    assert pool.vectors.shape[0] == 2
