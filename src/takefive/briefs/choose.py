"""The few insights of one brief: worth the time, unlike one another, and new to the reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.learn import Reals, as_weights
from takefive.briefs.news import is_news
from takefive.briefs.news import reason as news_reason
from takefive.briefs.pick import FAR, SAME_POINT, cap_of, odds, pick
from takefive.briefs.pool import Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS, Ranked, Rows, Weights, best, is_known, ranked
from takefive.briefs.reasons import OUTSIDE, reason
from takefive.briefs.signals import NAMES, Asking, Near, Signals, signals, with_sent
from takefive.briefs.values import Candidate, Choice, ComposedBrief, Profile, Vector
from takefive.briefs.wishes import refused

FLOOR = 0.10  # a weak insight that touches nothing of what the reader told stays under it; a strong one fills a place
PROMISING = 500
SHORTLIST = 100  # greedy choosing looks no further down the ranking
FROM_EACH = 20  # of one podcast, so that the shortlist has five of them where there are five
AGAINST = NAMES.index("against")
TIES = [NAMES.index(name) for name in ("liked", "followed", "against")]  # no stranger has these


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
    draws: Reals | None = None,
    near: Near | None = None,
) -> ComposedBrief:
    """The brief of `day`: 0 to `top` choices, best first, those from outside last. The same input, the same brief.

    Vectors have rows of length 1: (k, d) and (m, d). Nothing worth less than `floor` is chosen and no guest comes alone, so
    an empty brief is a valid one. At most one insight per episode, and two per podcast where there are three or more;
    nothing that makes a point already sent, but as news; up to `profile.serendipity` from outside the reader's subjects,
    which say so.
    `draws` (m, p) are weights drawn from what is believed of this reader (learn.py): the first decide, and all together
    tell how probable each choice was. `near` are this reader's products with the pool, where they were made for many
    readers at once (signals.nearness).
    """
    pool = candidates if isinstance(candidates, Pool) else Pool.of(candidates, now)
    told = signals(pool, Asking(profile, interest_vectors, not_interest_vectors), near)
    rows = _promising(told, profile, weights)
    pool, told = (pool.only(rows), told.only(rows)) if len(rows) < len(pool.candidates) else (pool, told)
    repeats = near.sent[rows] if near is not None and near.sent is not None else None
    told = with_sent(told, pool, profile.sent_vectors, repeats)
    before = np.isin(pool.point, list(profile.sent_points))
    news, known = _news(pool, profile, before), is_known(profile)
    open_ = ~refused(pool, profile) & ~told.muted
    new = (told.repeats < SAME_POINT) & ~before & pool.alone & open_
    ranked_by = partial(_shortlist, pool, told, floor)
    anyones, theirs = weights.impersonal(), weights if draws is None else as_weights(draws[0])
    theirs = theirs if known else anyones
    strangers = ranked_by(anyones, new & _far(told) & ~news & known)
    ranking = ranked_by(theirs, new | (news & open_))
    cap = cap_of(pool, np.union1d(strangers, ranking))
    guests = pick(pool, told, anyones, strangers, min(profile.serendipity, top - 1), cap=cap)
    chosen = pick(pool, told, theirs, ranking, top - len(guests), beside=guests, cap=cap)
    if not chosen:  # beside nothing of their own there is no outside: what is worth the time stands for itself
        guests, chosen = [], pick(pool, told, theirs, ranking, top, cap=cap)
    own = sorted(ranked(pool, told, theirs, chosen), key=lambda r: (-r.score, r.candidate.id))
    many = draws if known and draws is not None and len(draws) > 1 else None
    chances = _odds(pool, told, many, ranking, top - len(guests), guests, floor, cap) if many is not None else {}
    reasons = {r.row: news_reason(r.candidate) if news[r.row] else reason(r, profile) for r in own}
    choices = [_choice(r, reasons[r.row], chances.get(r.row, 1.0)) for r in own]
    choices += [_choice(r, OUTSIDE) for r in ranked(pool, told, anyones, guests)]
    return ComposedBrief(day=day, choices=tuple(choices))


def _promising(told: Signals, profile: Profile, weights: Weights) -> NDArray[np.intp]:
    """The rows that stand first before it is asked what was sent already: half for the reader, half for anyone.

    That question costs a product with all that was ever sent, so it is put to these alone.
    """
    if len(told.values) <= 2 * PROMISING:
        return np.arange(len(told.values))
    sets = [weights, weights.impersonal()] if is_known(profile) else [weights.impersonal()]
    scores = [-(told.values @ some.row().astype(np.float32)) for some in sets]
    return np.unique(np.concatenate([np.argpartition(of, PROMISING)[:PROMISING] for of in scores]))


def _shortlist(pool: Pool, told: Signals, floor: float, weights: Weights, only: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The best rows of `only` that are worth `floor`; of few podcasts alone only where there are no others."""
    rows = best(pool, told, weights, only=only, floor=floor)
    shows = pool.podcast[rows]
    by_show = np.argsort(shows, kind="stable")
    place = np.empty_like(by_show)  # of each among those of its podcast
    place[by_show] = np.arange(len(rows)) - np.searchsorted(shows[by_show], shows[by_show])
    return rows[np.sort(np.argsort(place >= FROM_EACH, kind="stable")[:SHORTLIST])]


def _news(pool: Pool, profile: Profile, before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows tell again, as news, what was sent `before`."""
    news = before.copy()
    for row in np.flatnonzero(news):
        news[row] = is_news(pool.candidates[row], profile)
    return news


def _odds(
    pool: Pool, told: Signals, draws: Reals, rows: Rows, count: int, guests: Sequence[int], floor: float, cap: int
) -> dict[int, float]:
    """How probable each row was to be chosen: the share of the draws that have it."""
    drawn = draws.copy()
    drawn[:, AGAINST] = np.minimum(drawn[:, AGAINST], 0)  # as as_weights has it
    return odds(pool, told, drawn, rows, count, guests, floor, cap=cap)


def _far(told: Signals) -> NDArray[np.bool_]:
    """Which rows touch nothing that the reader asked for, follows, liked or refused."""
    far: NDArray[np.bool_] = (told.cosine < FAR) & ~told.values[:, TIES].any(axis=1)
    return far


def _choice(ranked: Ranked, why: str, propensity: float = 1.0) -> Choice:
    return Choice(
        id=ranked.candidate.id,
        score=ranked.score,
        reason=why,
        parts=ranked.parts,
        signals=ranked.signals,
        propensity=propensity,
        voices=ranked.candidate.voices,
    )
