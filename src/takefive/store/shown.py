"""What the public may see, ready to be shown: nothing of a private podcast, each with its episode and show."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from takefive.store.models import Episode, Insight, Podcast

# Long columns that no page shows.
_HEAVY = ("vector", "search", "episode__description", "episode__summary", "episode__podcast__description")


# The insight that puts the same point best may not be seen.
HIDDEN = Q(same_as__episode__podcast__private=True) | Q(same_as__episode__podcast__blocked=True)


def insights() -> QuerySet[Insight]:
    """Every public insight with episode and podcast, in one query."""
    return Insight.objects.public().with_show().defer(*_HEAVY)


def points() -> QuerySet[Insight]:
    """One public insight for each point: where the one that puts it best is hidden, those that say it in public."""
    return insights().filter(Q(same_as=None) | HIDDEN)


def points_among(meeting: Q) -> QuerySet[Insight]:
    """Of the public insights that meet this, one for each point: the one that puts it best, or the strongest of the others."""
    best_first = [F("same_as").asc(nulls_first=True), F("score").desc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=Coalesce("same_as", "pk"), order_by=best_first)
    first = Insight.objects.public().filter(meeting).annotate(at=place).filter(at=1)
    return insights().filter(pk__in=first.values("pk"))


def episodes() -> QuerySet[Episode]:
    """Public episodes with their podcast."""
    return Episode.objects.filter(podcast__private=False, podcast__blocked=False).select_related("podcast")


def podcasts() -> QuerySet[Podcast]:
    """Public podcasts."""
    return Podcast.objects.public()


def in_order(ids: list[int]) -> list[Insight]:
    """The public insights with these ids, in the order of `ids`; those that are gone are left out."""
    found = insights().in_bulk(ids)
    return [found[id_] for id_ in ids if id_ in found]
