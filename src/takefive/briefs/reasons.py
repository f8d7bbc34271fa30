"""Why an insight is in a brief: one true line, from the numbers that decided."""

from __future__ import annotations

from takefive.briefs.rank import Ranked
from takefive.briefs.signals import CLOSE
from takefive.briefs.values import Profile

OUTSIDE = "from outside your bubble"
LIKED = "like others you wanted more of"
CLEARLY = 0.25
TOUCHES = 0.28  # one unrelated pair in thirty is so near: said as what may be


def reason(ranked: Ranked, profile: Profile) -> str:
    """The tie to the reader that added most to the score; where that is too slight to be told, what made the insight stand out."""
    clearly = max(ranked.signals["liked"], ranked.signals["words"]) >= CLEARLY
    ties = [
        (ranked.parts["relevance"], _interest(ranked, profile)),
        (ranked.parts["followed"], _follow(ranked, profile)),
        (ranked.parts["standing"], f"you liked others from {ranked.candidate.podcast_title}"),
        (ranked.parts["liked"] + ranked.parts["words"], LIKED if clearly else ""),
    ]
    part, text = max(ties)
    return text if part > 0 and text else _standing(ranked)


def _interest(ranked: Ranked, profile: Profile) -> str:
    if ranked.interest is None or ranked.cosine < TOUCHES:
        return ""
    close = "close to" if ranked.cosine >= CLOSE else "may touch on"
    return f"{close} “{profile.interests[ranked.interest]}”"


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
