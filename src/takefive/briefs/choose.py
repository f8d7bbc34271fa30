"""The few insights of one brief: worth the time, unlike one another, and new to the reader.

Greedy maximal marginal relevance (Carbonell & Goldstein 1998), each of the reader's interests in its turn (after xQuAD:
Santos, Macdonald & Ounis 2010), under the house rules: at most one insight per episode and two per podcast unless there
are too few, a labelled slot from outside the reader's subjects, never the same point twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime

import numpy as np

from takefive.briefs.pool import Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS, Ranked, Weights, is_known, rank
from takefive.briefs.reasons import OUTSIDE, reason
from takefive.briefs.values import Candidate, Choice, ComposedBrief, Profile, Vector

FLOOR = 0.40
SAME_POINT = 0.75  # two writers on one moment: 0.7 to 0.9; insights of different episodes pass 0.62 once in 10,000
FAR = 0.25  # under this an insight is on none of the reader's subjects
ALIKE = 0.35  # two insights on one subject; what is nearer than that begins to repeat
LIKENESS_COST = 0.60
INTEREST_COST = 0.04  # for each insight chosen already for the same interest: all of them should have their turn
TIES = ("liked", "followed", "against")  # what makes an insight no stranger, besides a stated interest
SHORTLIST = 200  # greedy choosing looks no further down the ranking

# How many of one episode and of one podcast; the next line holds only where the one before left too few.
CAPS = ((1, 2), (1, 99), (99, 99))


def compose(
    candidates: Sequence[Candidate] | Pool,
    profile: Profile,
    interest_vectors: Vector | None,
    not_interest_vectors: Vector | None,
    *,
    day: date,
    now: datetime,
    top: int = 5,
    floor: float = FLOOR,
    weights: Weights = DEFAULT_WEIGHTS,
) -> ComposedBrief:
    """The brief of `day`: 0 to `top` choices, best first, those from outside last. The same input, the same brief.

    Vectors have rows of length 1: (k, d) and (m, d). Nothing that scores under `floor` is chosen, so an empty brief
    is a valid one.
    """
    pool = allowed(candidates if isinstance(candidates, Pool) else Pool.of(candidates, now), profile)
    ranking = [r for r in rank(pool, profile, interest_vectors, not_interest_vectors, now, weights) if is_new(r)]
    outside = from_outside(pool, ranking, profile, not_interest_vectors, now, weights)
    guests = pick([r for r in outside if r.score >= floor], min(profile.serendipity, top - 1))
    own = pick([r for r in ranking if r.score >= floor], top - len(guests), beside=guests)
    choices = [_choice(r, reason(r, profile)) for r in sorted(own, key=_best_first)] + [
        _choice(r, OUTSIDE) for r in guests
    ]
    return ComposedBrief(day=day, choices=tuple(choices))


def allowed(pool: Pool, profile: Profile) -> Pool:
    """The pool without what the reader muted, had already, or cannot read."""
    tests: list[Callable[[Candidate], bool]] = [
        lambda c: c.id in profile.sent_insights or c.podcast in profile.muted_podcasts
    ]
    tests += [_said_by(profile.muted_people)] if profile.muted_people else []
    tests += [_about(profile.muted_topics)] if profile.muted_topics else []
    tests += [_not_in(profile.languages)] if profile.languages else []
    return pool.only(np.flatnonzero([not any(test(c) for test in tests) for c in pool.candidates]))


def is_new(ranked: Ranked) -> bool:
    """Whether no point already sent says the same in other words."""
    return ranked.repeats < SAME_POINT


def from_outside(
    pool: Pool,
    ranking: Sequence[Ranked],
    profile: Profile,
    not_interest_vectors: Vector | None,
    now: datetime,
    weights: Weights,
) -> list[Ranked]:
    """What is far from all that the reader asked for, best first by the weights that know no reader.

    Nobody is a stranger to a reader of whom nothing is known: then there is none.
    """
    if not profile.serendipity or not is_known(profile):
        return []
    far = [r.row for r in ranking if r.cosine < FAR and not any(r.signals[tie] for tie in TIES)]
    stranger = Profile(sent_vectors=profile.sent_vectors)
    return rank(pool.only(np.array(far, dtype=np.intp)), stranger, None, not_interest_vectors, now, weights)


def pick(ranking: Sequence[Ranked], count: int, beside: Sequence[Ranked] = ()) -> list[Ranked]:
    """Up to `count` of `ranking`, in turn the best less its likeness to those before it and to `beside`."""
    short = list(ranking[:SHORTLIST])
    everyone = [*short, *beside]
    if not short:
        return []
    vectors = np.stack([r.candidate.vector for r in everyone])
    alike = vectors @ vectors.T
    taken = list(range(len(short), len(everyone)))
    goal = len(taken) + count
    for caps in CAPS:
        while len(taken) < goal:
            likeness = alike[:, taken].max(axis=1, initial=0.0)
            full = _full(everyone, taken, *caps)
            open_ = [i for i, r in enumerate(short) if i not in taken and likeness[i] < SAME_POINT and not full(r)]
            if not open_:
                break
            served = Counter(_served(everyone[i]) for i in taken)
            taken.append(max(open_, key=lambda i: _marginal(short[i], float(likeness[i]), served)))
    return [everyone[i] for i in taken[len(beside) :]]


def _marginal(ranked: Ranked, likeness: float, served: Counter[int | None]) -> float:
    """What an insight adds to those taken: its score, less likeness, less the turns its interest has had already."""
    interest = _served(ranked)
    turns = 0 if interest is None else served[interest]
    return ranked.score - LIKENESS_COST * max(0.0, likeness - ALIKE) - INTEREST_COST * turns


def _served(ranked: Ranked) -> int | None:
    """The interest an insight was near enough to serve."""
    return ranked.interest if ranked.cosine >= FAR else None


def _full(everyone: list[Ranked], taken: list[int], per_episode: int, per_podcast: int) -> Callable[[Ranked], bool]:
    """A test whether an insight's episode or podcast has given its share already."""
    episodes = Counter(everyone[i].candidate.episode for i in taken)
    podcasts = Counter(everyone[i].candidate.podcast for i in taken)
    return lambda r: episodes[r.candidate.episode] >= per_episode or podcasts[r.candidate.podcast] >= per_podcast


def _best_first(ranked: Ranked) -> tuple[float, int]:
    return -ranked.score, ranked.candidate.id


def _choice(ranked: Ranked, why: str) -> Choice:
    return Choice(id=ranked.candidate.id, score=ranked.score, reason=why, parts=ranked.parts, signals=ranked.signals)


def _said_by(people: frozenset[str]) -> Callable[[Candidate], bool]:
    names = {name.casefold() for name in people}
    return lambda c: c.speaker is not None and c.speaker.casefold() in names


def _about(topics: frozenset[str]) -> Callable[[Candidate], bool]:
    """Whether one of the topics, or its very words, stands on the insight."""
    words = "|".join(re.escape(topic.casefold()) for topic in sorted(topics))
    muted = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    return lambda c: muted.search("\n".join((c.headline, c.text, *c.topics)).casefold()) is not None


def _not_in(languages: frozenset[str]) -> Callable[[Candidate], bool]:
    """Whether the insight is in a language that the reader does not read; "pt-BR" counts as "pt"."""
    read = {language.casefold().split("-")[0] for language in languages}
    return lambda c: c.language is not None and c.language.casefold().split("-")[0] not in read
