"""What a reader has had enough of, from each "less": one presses its like down at once, two on one subject mute it.

A subject is the middle of the points that were too much, put together as they came (leader clustering: Hartigan 1975). Two
points of one subject are hardly nearer to each other than strangers are, but they are to its middle: 94, 98 and 99 in a
hundred of those on a subject lie `WITHIN` the middle of two, three and four of them (docs/benchmarks/briefs.md). What is nearer
to a subject that was liked is left alone. Where the two stand side by side that would be nearly all of it, so the third to
fifth "less" mute what Fisher's discriminant puts on their side, or hardly on the other; after that the middle tells by itself.
Taking a "less" back undoes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from takefive.briefs.pool import Floats, Pool
from takefive.briefs.values import Feedback, Profile, Tired, TiredOf

JOINS = 0.25  # of the points on a subject nine in ten are so near to another, of others one
WITHIN = 0.30  # of a middle: one stranger in ten; where strangers lie closer together, nearer than most of them
SPREADS = 0.25
MUTES = 2
DOUBTFUL = range(3, 6)
LEEWAY = 0.3  # of the way from between the two subjects to the liked one
NEAR_NOTHING, NEAR_ALL = 0.40, 0.65  # to a point, as long as there is only one
ONE_TOPIC = 0.3
SOURCE_FROM, SOURCE_ALL = 2, 4  # "less" is said of a point: a speaker or a show is pressed from the third on

NOTHING = TiredOf()

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Pressed:
    """How far each row is pressed down, (n,), 0 to 1, and which are as good as muted, (n,)."""

    share: Floats
    muted: NDArray[np.bool_]


def tired_of(less: Sequence[Feedback], liked: Sequence[Feedback]) -> TiredOf:
    """What `less` was said of: subjects beside those that were liked; topics, people, podcasts oftener than they were liked."""
    if not less:
        return TiredOf()
    return TiredOf(
        subjects=tuple(_subjects(less)),
        liked=tuple(_subjects(liked)),
        topics=_more(_topics(less), _topics(liked)),
        people=_more(_people(less), _people(liked)),
        podcasts=_more([f.podcast for f in less], [f.podcast for f in liked]),
    )


def but_followed(tired: TiredOf, profile: Profile) -> TiredOf:
    """The same without the names that the reader follows: what they say outright counts for more than a "less" of a point."""
    topics, people = ({name.casefold() for name in of} for of in (profile.followed_topics, profile.followed_people))
    return replace(
        tired,
        topics={topic: times for topic, times in tired.topics.items() if topic not in topics},
        people={who: times for who, times in tired.people.items() if who not in people},
        podcasts={show: times for show, times in tired.podcasts.items() if show not in profile.followed_podcasts},
    )


def press(pool: Pool, profile: Profile, near: Floats, liked: Floats) -> Pressed:
    """What that does to each row of a pool; `near` (t, n) and `liked` (l, n) are the products with the middles of subjects.

    A row is on the subject whose middle it is nearest to. No subject touches what the reader follows by topic or person.
    """
    tired = profile.tired
    share = np.zeros(len(pool.candidates), dtype=np.float32)
    muted = np.zeros(len(pool.candidates), dtype=np.bool_)
    if not len(share) or tired == NOTHING:
        return Pressed(share, muted)
    free = ~(pool.on_topics(profile.followed_topics) | pool.by_people(profile.followed_people))
    own = free & (near > liked.max(axis=0, initial=0.0))
    apart = near.mean(axis=1) + SPREADS * near.std(axis=1)
    for subject, cosines, theirs, strangers in zip(tired.subjects, near, own, apart.tolist(), strict=True):
        np.maximum(share, theirs * np.clip((cosines - NEAR_NOTHING) / (NEAR_ALL - NEAR_NOTHING), 0, 1), out=share)
        if subject.times in DOUBTFUL and tired.liked:
            theirs = theirs | (free & _on_its_side(pool, subject, tired.liked))
        if subject.times >= MUTES:
            muted |= theirs & (cosines >= max(WITHIN, strangers))
    muted |= pool.on_topics({topic for topic, times in tired.topics.items() if times >= MUTES})
    share[pool.on_topics(tired.topics)] += np.float32(ONE_TOPIC)
    for rows, times in [(pool.by_people({name}), n) for name, n in tired.people.items() if n > SOURCE_FROM] + [
        (pool.podcast == podcast, n) for podcast, n in tired.podcasts.items() if n > SOURCE_FROM
    ]:
        share[rows] = np.maximum(share[rows], min(1.0, (times - SOURCE_FROM) / (SOURCE_ALL - SOURCE_FROM)))
    share[muted] = 1.0
    return Pressed(np.minimum(share, 1), muted)


def _on_its_side(pool: Pool, subject: Tired, liked: Sequence[Tired]) -> NDArray[np.bool_]:
    """Which rows (n,) Fisher's discriminant puts with this subject rather than the liked one beside it, or nearly."""
    beside = max(liked, key=lambda other: float(other.middle @ subject.middle)).middle
    assert pool.background is not None  # there are rows
    way = pool.background.inverse @ (subject.middle - beside)
    between, reach = way @ (subject.middle + beside) / 2, way @ (subject.middle - beside) / 2
    on_it: NDArray[np.bool_] = pool.vectors @ way > between - LEEWAY * reach
    return on_it


def _subjects(said: Sequence[Feedback]) -> list[Tired]:
    """All of them; each point joins the subject whose middle it is nearest to, or begins one."""
    members: list[list[Feedback]] = []
    middles = np.empty((len(said), len(said[0].vector) if said else 0), dtype=np.float32)
    for feedback in said:
        cosines = middles[: len(members)] @ feedback.vector
        if not len(members) or cosines.max() < JOINS:
            members.append([])
        at = int(cosines.argmax()) if len(members) == len(cosines) else len(cosines)
        members[at].append(feedback)
        total = np.sum([f.vector for f in members[at]], axis=0)
        middles[at] = total / np.linalg.norm(total)
    return [
        Tired(middle=middle, times=len(of), insights=tuple(f.insight for f in of))
        for middle, of in zip(middles, members, strict=False)
    ]


def _topics(said: Iterable[Feedback]) -> list[str]:
    return [topic.casefold() for f in said for topic in f.topics]


def _people(said: Iterable[Feedback]) -> list[str]:
    return [f.speaker.casefold() for f in said if f.speaker]


def _more(less: Iterable[Name], liked: Iterable[Name]) -> dict[Name, int]:
    """How much more often each was said less of than liked; only what was."""
    return dict(Counter(less) - Counter(liked))
