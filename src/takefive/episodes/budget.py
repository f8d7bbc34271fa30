"""What to transcribe within the day's budget: most worth for each minute of audio, readers' follows first. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from takefive.feeds.values import ParsedEpisode

_UNKNOWN_MINUTES = 45.0  # the usual length of an episode that does not say its own
_MEGABYTES_A_MINUTE = 0.96
_DAY = 86_400.0
_HALF_LIFE = 3.0  # days: an episode of last week is worth a fifth of today's
_FILLER = re.compile(
    r"\b(rerun|re-run|repeat|replay|rebroadcast|best of|trailer|teaser|coming soon|announcement|wiederholung)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one day may cost, in all and for one podcast (`_each`): minutes of audio to recognise, megabytes, money."""

    minutes: float
    minutes_each: float
    megabytes: float = float("inf")
    megabytes_each: float = float("inf")
    cents: float = float("inf")
    cents_each: float = float("inf")
    cents_per_hour: float = 0.0

    @property
    def affordable(self) -> float:
        """Minutes in all, as far as the money goes."""
        return min(self.minutes, self._paid_for(self.cents))

    @property
    def affordable_each(self) -> float:
        """Minutes for one podcast, as far as the money for it goes."""
        return min(self.minutes_each, self._paid_for(self.cents_each))

    def _paid_for(self, cents: float) -> float:
        return 60 * cents / self.cents_per_hour if self.cents_per_hour else float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One episode that could be transcribed. `podcast` is our id, `followers` how many readers follow the show."""

    podcast: int
    episode: ParsedEpisode
    followers: int = 0


def choose(offers: Sequence[Offer], budget: Budget, *, now: datetime, spent: Sequence[Offer] = ()) -> list[Offer]:
    """The offers to take, best first; `spent` are those that the same day's budget was already spent on.

    A publisher's own transcript costs nothing and is always taken. Of the others, followed shows come first, then
    worth by show notes and freshness; each fits into what is left in all and for its podcast, else the next is tried.
    """
    free = [o for o in offers if o.episode.transcripts]
    paid = sorted((o for o in offers if not o.episode.transcripts), key=lambda o: _rank(o, now), reverse=True)
    minutes = budget.affordable - sum(_minutes(o.episode) for o in spent)
    megabytes = budget.megabytes - sum(_megabytes(o.episode) for o in spent)
    each: dict[int, float] = defaultdict(lambda: budget.affordable_each)
    each_megabytes: dict[int, float] = defaultdict(lambda: budget.megabytes_each)
    for offer in spent:
        each[offer.podcast] -= _minutes(offer.episode)
        each_megabytes[offer.podcast] -= _megabytes(offer.episode)
    taken = []
    for offer in paid:
        long, big = _minutes(offer.episode), _megabytes(offer.episode)
        if long <= min(minutes, each[offer.podcast]) and big <= min(megabytes, each_megabytes[offer.podcast]):
            taken.append(offer)
            minutes, megabytes = minutes - long, megabytes - big
            each[offer.podcast] -= long
            each_megabytes[offer.podcast] -= big
    return free + taken


def worth(episode: ParsedEpisode, *, now: datetime) -> float:
    """0 to 1, from what the publisher says before any audio is heard: show notes with substance, no rerun, fresh."""
    words = len(set(re.findall(r"\w{4,}", episode.summary.casefold())))
    notes = min(1.0, 0.3 + words / 100)
    again = 0.3 if _FILLER.search(episode.title) else 1.0
    bonus = 0.7 if episode.kind == "bonus" else 1.0
    days = max(0.0, (now - episode.published).total_seconds() / _DAY) if episode.published else _HALF_LIFE
    return float(notes * again * bonus * 0.5 ** (days / _HALF_LIFE))


def _rank(offer: Offer, now: datetime) -> tuple[bool, float]:
    per_minute = worth(offer.episode, now=now) / (10 + _minutes(offer.episode))  # ten minutes: the cost of any episode
    return offer.followers > 0, per_minute * (1 + offer.followers) ** 0.5


def _minutes(episode: ParsedEpisode) -> float:
    return (episode.duration or _UNKNOWN_MINUTES * 60) / 60


def _megabytes(episode: ParsedEpisode) -> float:
    """As the feed says, or at the usual 128 kbit/s: publishers often write 0."""
    return (episode.audio_bytes or 0) / 1e6 or _minutes(episode) * _MEGABYTES_A_MINUTE
