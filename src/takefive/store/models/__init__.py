"""The tables, one file for each stage."""

from takefive.store.models.briefs import Brief, BriefItem, Delivery
from takefive.store.models.entities import Departed, Entity, EntityRule, Evidence, Named
from takefive.store.models.episodes import Episode, Transcript
from takefive.store.models.feedback import Feedback
from takefive.store.models.index import Neighbourhood, VectorIndex, Word
from takefive.store.models.insights import Insight, Relation
from takefive.store.models.language_models import Extraction, ModelAnswer, ModelBatch, Spending
from takefive.store.models.mails import Allowance, Hold, Return, SentMail
from takefive.store.models.maps import IdeaMap, MapPoint, MapRegion
from takefive.store.models.outlets import Outlet, Reply
from takefive.store.models.podcasts import FeedMarks, Podcast, Subscription

__all__ = [
    "Allowance",
    "Brief",
    "BriefItem",
    "Delivery",
    "Departed",
    "Entity",
    "EntityRule",
    "Episode",
    "Evidence",
    "Extraction",
    "FeedMarks",
    "Feedback",
    "Hold",
    "IdeaMap",
    "Insight",
    "MapPoint",
    "MapRegion",
    "ModelAnswer",
    "ModelBatch",
    "Named",
    "Neighbourhood",
    "Outlet",
    "Podcast",
    "Relation",
    "Reply",
    "Return",
    "SentMail",
    "Spending",
    "Subscription",
    "Transcript",
    "VectorIndex",
    "Word",
]
