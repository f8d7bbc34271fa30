"""Today's five: a brief where one may be shown, else the strongest new insights of public podcasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from takefive.briefs.values import ComposedBrief
from takefive.store import shown
from takefive.store.models import Brief, Insight
from takefive.web.visitor import reader_of

_FRESH = 300  # how many of the newest insights compete


@dataclass(frozen=True, slots=True)
class Item:
    """One insight with the reason why it was chosen, empty where nobody in particular was thought of."""

    insight: Insight
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Five:
    """0 to 5 insights of a day. `personal`: chosen for one reader, so nobody may keep the page."""

    day: date
    items: tuple[Item, ...]
    personal: bool


def todays_five(request: HttpRequest) -> Five:
    """The newest brief that this visitor may see, else the strongest for everyone."""
    brief = _brief_for(request)
    return _of_brief(brief) if brief else strongest()


def of_composed(composed: ComposedBrief) -> Five:
    """A brief that nobody saved."""
    reasons = {choice.id: choice.reason for choice in composed.choices}
    items = tuple(Item(insight, reasons[insight.pk]) for insight in shown.in_order(list(reasons)))
    return Five(composed.day, items, personal=True)


def strongest() -> Five:
    """The strongest of the newest points, one from each episode, and one from each show while there are enough."""
    newest = (
        shown.points().order_by("-created_at", "-id").values_list("id", "episode_id", "episode__podcast_id", "score")
    )
    ranked = sorted(newest[:_FRESH], key=lambda row: (-row[3], row[0]))
    ids = spread([row[:3] for row in ranked])
    return Five(timezone.localdate(), tuple(Item(insight) for insight in shown.in_order(ids)), personal=False)


def spread(ranked: list[tuple[int, int, int]], limit: int = 5) -> list[int]:
    """Of (id, episode, podcast), best first: the ids of `limit`, never two of one episode, new shows first."""
    one_each: dict[int, tuple[int, int, int]] = {}
    for row in ranked:
        one_each.setdefault(row[1], row)
    shows: set[int] = set()
    first: list[int] = []
    later: list[int] = []
    for row in one_each.values():
        (later if row[2] in shows else first).append(row[0])
        shows.add(row[2])
    return (first + later)[:limit]


def _brief_for(request: HttpRequest) -> Brief | None:
    """One's own newest brief: when signed in, or on a machine that serves only itself and has one reader."""
    reader = reader_of(request)
    return Brief.objects.filter(reader=reader).order_by("-day", "-created_at").first() if reader else None


def _of_brief(brief: Brief) -> Five:
    reasons = dict(brief.items.order_by("rank").values_list("insight_id", "reason"))
    items = tuple(Item(insight, reasons[insight.pk]) for insight in shown.in_order(list(reasons)))
    return Five(brief.day, items, personal=True)
