"""Why an insight is in a brief: one true line, from the numbers that decided."""

from __future__ import annotations

from takefive.briefs.rank import Ranked
from takefive.briefs.signals import CLOSE
from takefive.briefs.values import Profile

OUTSIDE = "from outside your bubble"
LIKED = "like others you wanted more of"
CLEARLY = 0.25


def reason(ranked: Ranked, profile: Profile) -> str:
    """The tie to the reader that added most to the score; without one, what else made the insight stand out."""
    shown = ranked.parts["liked"] + ranked.parts["words"]
    clearly = max(ranked.signals["liked"], ranked.signals["words"]) >= CLEARLY
    ties = [
        (ranked.parts["relevance"], _interest(ranked, profile)),
        (ranked.parts["followed"], _follow(ranked, profile)),
        (ranked.parts["standing"], f"you liked others from {ranked.candidate.podcast_title}"),
        (shown, LIKED if clearly else ""),
    ]
    told = [(part, text) for part, text in ties if text and part > 0]
    return max(told)[1] if told else _standing(ranked)


def _interest(ranked: Ranked, profile: Profile) -> str:
    if ranked.interest is None or ranked.cosine < CLOSE:
        return ""
    return f"close to “{profile.interests[ranked.interest]}”"


def _follow(ranked: Ranked, profile: Profile) -> str:
    if ranked.candidate.podcast in profile.followed_podcasts:
        return f"you follow {ranked.candidate.podcast_title}"
    wanted = {topic.casefold() for topic in profile.followed_topics}
    topic = next((topic for topic in ranked.candidate.topics if topic.casefold() in wanted), None)
    if topic:
        return f"you follow {topic}"
    speaker = ranked.candidate.speaker or ""
    return f"you follow {speaker}" if speaker.casefold() in {p.casefold() for p in profile.followed_people} else ""


def _standing(ranked: Ranked) -> str:
    candidate = ranked.candidate
    if candidate.voices >= 3:
        return f"{candidate.voices} voices make this point"
    if ranked.parts["freshness"] > ranked.parts["strength"]:
        return f"new from {candidate.podcast_title}"
    return f"a strong point from {candidate.podcast_title}"
