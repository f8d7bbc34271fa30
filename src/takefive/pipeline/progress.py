"""How far the episodes have come: what progress bars and `doctor` show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from takefive.accounts.models import Challenge
from takefive.store.models import Brief, Delivery, Episode, Insight, Podcast

_ORDER = [Episode.Stage.PICKED, Episode.Stage.TRANSCRIBED, Episode.Stage.EXTRACTED, Episode.Stage.RELATED]


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of episodes that have passed each step, of those picked at all; and of those that failed or wait for a retry."""

    picked: int
    transcribed: int
    extracted: int
    related: int
    failed: int
    insights: int

    @property
    def done(self) -> bool:
        """Whether nothing is left that could go on now."""
        return self.related + self.failed >= self.picked


def standing(now: datetime) -> Standing:
    """Where the episodes stand. `failed` counts those given up and those whose next try lies ahead."""
    counted = Episode.objects.exclude(stage=Episode.Stage.SKIPPED).values_list("stage").annotate(Count("pk"))
    stages = dict(counted)
    passed = [sum(stages.get(stage, 0) for stage in _ORDER[i:]) for i in range(4)]
    stuck = Episode.objects.filter(next_try_at__gt=now, stage__in=_ORDER[:3]).count()
    given_up = stages.get(Episode.Stage.FAILED, 0)
    return Standing(passed[0] + given_up, passed[1], passed[2], passed[3], given_up + stuck, Insight.objects.count())


def complaints(*, besides: Brief | None = None) -> list[str]:
    """One line for each thing that failed and waits for its next try or for a person, whose name no line tells.

    The mails of the brief `besides` are left out: they are told of elsewhere.
    """
    lines = [f"{podcast.title or 'a feed'}: {podcast.error}" for podcast in Podcast.objects.exclude(error="")]
    lines += [f"{episode.title}: {episode.error}" for episode in Episode.objects.exclude(error="")]
    troubled = Delivery.objects.exclude(error="").exclude(status=Delivery.Status.SENT).exclude(brief=besides)
    lines += [f"mail of a {delivery.brief}: {delivery.error}" for delivery in troubled.select_related("brief")]
    unsent = Challenge.objects.exclude(error="")  # nameless: whose address it was is nobody's business here
    return lines + [f"mail to {challenge}: {challenge.error}" for challenge in unsent]
