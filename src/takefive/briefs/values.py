"""A reader's wishes and what is chosen for them, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


Signal = Literal["save", "more", "play", "open", "skip", "less"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a reader said or did about one insight. `signals` are those its choice was made with; `vector` is (d,).

    `text` is its headline, text and topics; `insight` its number.
    """

    signal: Signal
    vector: Vector
    podcast: int
    signals: Mapping[str, float]
    text: str = ""
    topics: tuple[str, ...] = ()
    speaker: str | None = None
    insight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tired:
    """A subject that a reader said "less" of: its `middle` (d,), of length 1, and the `insights` they said it of.

    `times` is how much oftener they said so than liked what lies there.
    """

    middle: Vector
    times: int
    insights: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TiredOf:
    """All that a reader said "less" of, each with how much oftener than they liked it. Names are in lower case."""

    subjects: tuple[Tired, ...] = ()
    liked: tuple[Tired, ...] = ()
    topics: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    podcasts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one reader wants. `interests` are the reader's own phrases; names are compared without case.

    `sent_vectors` (n x d) are the points already sent: they never return in other words. `liked_vectors` (with their
    `liked_texts`) are points the reader wanted more of, `tired` is what they said "less" of; `standing` says how a podcast
    fared with the reader, -1 to 1. `sent_points` are the points sent by their number, each with how many voices made it
    then: what many more say since is news.
    """

    interests: tuple[str, ...] = ()
    not_interests: tuple[str, ...] = ()
    followed_podcasts: frozenset[int] = frozenset()
    muted_podcasts: frozenset[int] = frozenset()
    followed_topics: frozenset[str] = frozenset()
    followed_people: frozenset[str] = frozenset()
    muted_topics: frozenset[str] = frozenset()
    muted_people: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    serendipity: int = 1
    sent_insights: frozenset[int] = frozenset()
    sent_points: Mapping[int, int] = field(default_factory=dict)
    sent_vectors: Vector | None = None
    liked_vectors: Vector | None = None
    liked_texts: tuple[str, ...] = ()
    tired: TiredOf = field(default_factory=TiredOf)
    standing: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An insight that could be chosen. `vector` has length 1; `strength` is the extractor's score, 0 to 1.

    `voices` make its point, each counted once; `voice` says which of them, in the order they joined, this one is. `point`
    is the number of another insight that puts the same point better: then it is a candidate only as news, for who was sent
    that point when few had made it, but where it `stands_in` for a better one that may not be seen.
    """

    id: int
    vector: Vector
    episode: int
    podcast: int
    podcast_title: str
    headline: str
    text: str
    topics: tuple[str, ...] = ()
    speaker: str | None = None
    language: str | None = None
    strength: float = 0.0
    published: datetime | None = None
    found: datetime | None = None
    voices: int = 1
    voice: int = 1
    point: int | None = None
    stands_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One chosen insight. `reason` is one true line; `parts`, by name, sum to the score.

    `signals` are the same numbers before weighting, 0 to 1: keep them with the brief, for feedback is learnt on them.
    `propensity` is how probable this choice was, 1 where nothing was left to chance; `voices` made the point then.
    """

    id: int
    score: float
    reason: str
    parts: dict[str, float] = field(default_factory=dict)
    signals: dict[str, float] = field(default_factory=dict)
    propensity: float = 1.0
    voices: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedBrief:
    """The insights chosen for one reader on one local day: 0 to 5, best first."""

    day: date
    choices: tuple[Choice, ...]
