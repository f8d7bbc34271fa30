"""What the tests of briefs share."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from briefs.examples import NOW, insight
from takefive.briefs.values import Candidate


@pytest.fixture(scope="session")
def crowd() -> list[Candidate]:
    """Three thousand candidates with vectors spread at random."""
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(3000, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        insight(i, vectors[i], episode=i // 10, podcast=i // 100, strength=float(rng.random()),
                published=NOW - timedelta(days=float(rng.exponential(7))))
        for i in range(3000)
    ]  # fmt: skip
