"""The tables, one file for each stage."""

from takefive.store.models.briefs import Brief, BriefItem, Delivery
from takefive.store.models.episodes import Episode, Transcript
from takefive.store.models.insights import Insight, Relation
from takefive.store.models.outlets import Outlet, Reply
from takefive.store.models.podcasts import Podcast, Subscription

__all__ = [
    "Brief",
    "BriefItem",
    "Delivery",
    "Episode",
    "Insight",
    "Outlet",
    "Podcast",
    "Relation",
    "Reply",
    "Subscription",
    "Transcript",
]
