"""Which topics stand out lately over how often they are usually spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

PRIOR = (
    20.0  # mentions that all topics together are credited with beforehand: what is rare anyway needs more to stand out
)
SURE = 1.64  # standard deviations: one topic in twenty would stand out so far by chance
FEWEST, SHOWS = 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """How often a topic was spoken of: in so many episodes lately, on so many shows, and in episodes of the time before."""

    lately: int
    shows: int
    before: int


def trending(spoken: Mapping[int, Spoken], *, most: int = 8) -> list[tuple[int, float]]:
    """The ids of topics that stand out, the surest first, each with how far (standard deviations).

    The log-odds of being spoken of lately against before, with an informative Dirichlet prior, over its deviation (Monroe,
    Colaresi & Quinn 2008, "Fightin' Words"): so more episodes in all make no topic trend, nor does one that was said once more.
    Only what was spoken of in three episodes lately, of two shows at least.
    """
    lately, before = sum(one.lately for one in spoken.values()), sum(one.before for one in spoken.values())
    scored = [
        (id_, _z(one, lately, before)) for id_, one in spoken.items() if one.lately >= FEWEST and one.shows >= SHOWS
    ]
    return sorted(((id_, z) for id_, z in scored if z >= SURE), key=lambda pair: (-pair[1], pair[0]))[:most]


def _z(one: Spoken, lately: int, before: int) -> float:
    prior = PRIOR * (one.lately + one.before) / (lately + before)
    odds = [
        (said + prior) / (all_ + PRIOR - said - prior + 1e-9)
        for said, all_ in ((one.lately, lately), (one.before, before))
    ]
    return (log(odds[0]) - log(odds[1])) / sqrt(1 / (one.lately + prior) + 1 / (one.before + prior))
