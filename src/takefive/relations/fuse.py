"""Several rankings into one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


def reciprocal_rank(*rankings: Sequence[int], k: int = 60) -> list[int]:
    """Ids of all rankings, best first, by reciprocal rank fusion (Cormack, Clarke & Büttcher 2009).

    Each ranking gives its n-th id 1 / (k + n). An id repeated in a ranking counts once; ties go to the smaller id.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, item in enumerate(dict.fromkeys(ranking), start=1):
            scores[item] += 1 / (k + rank)
    return sorted(scores, key=lambda item: (-scores[item], item))
