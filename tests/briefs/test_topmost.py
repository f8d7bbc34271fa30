from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.briefs import topmost as module
from takefive.briefs.topmost import topmost


@settings(max_examples=60, deadline=None)
@given(
    readers=st.integers(0, 20),
    candidates=st.integers(0, 90),
    top=st.integers(0, 12),
    blocks=st.tuples(st.integers(1, 9), st.integers(1, 40)),
    seed=st.integers(0, 999),
)
def test_the_best_are_those_of_the_whole_product_whatever_the_blocks(readers, candidates, top, blocks, seed):
    rng = np.random.default_rng(seed)
    some = rng.standard_normal((readers, 8)).astype(np.float32)
    many = rng.standard_normal((candidates, 8)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "READERS", blocks[0])
        patch.setattr(module, "CANDIDATES", blocks[1])
        rows = topmost(some, many, top)
    assert rows.shape == (readers, min(top, candidates))
    exact = np.argsort(-(some @ many.T), axis=1)[:, :top]
    assert np.array_equal(rows, exact)


def test_candidates_that_are_worth_the_same_fill_the_list_without_one_twice():
    rows = topmost(np.ones((3, 4), dtype=np.float32), np.ones((30, 4), dtype=np.float32), 7)
    assert all(len(set(row)) == 7 for row in rows.tolist())
