"""A found insight for machines and for terminals."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from django.urls import reverse

from takefive.store.models import Insight
from takefive.store.search import Hit
from takefive.web.environment import absolute, moment, printable, timestamp, when


def address(insight: Insight) -> str:
    """The whole address of its public page."""
    return absolute(reverse("insight", kwargs={"public_id": insight.public_id}))


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """What a page shows of a hit, as JSON types. `start` is in seconds, None where unknown; `audio` starts there."""
    insight, episode = hit.insight, hit.insight.episode
    return {
        "url": address(insight),
        "headline": insight.headline,
        "text": insight.text,
        "quote": insight.quote,
        "speaker": insight.speaker or None,
        "start": insight.start,
        "audio": moment(insight) or None,
        "kind": insight.kind,
        "topics": insight.topics,
        "language": episode.podcast.language or None,
        "found": [{"text": piece, "match": matched} for piece, matched in hit.snippet],
        "episode": episode.title,
        "podcast": episode.podcast.title,
        "published": episode.published_at.isoformat() if episode.published_at else None,
    }


def hit_as_text(hit: Hit) -> str:
    """A hit for a terminal: the headline, what was found, who said it where, the address of its page."""
    insight, episode = hit.insight, hit.insight.episode
    found = "".join(piece for piece, _ in hit.snippet)
    at = f"at {timestamp(insight.start)}" if insight.start is not None else ""
    source = ", ".join(filter(None, [insight.speaker, episode.podcast.title, when(episode.published_at), at]))
    lines = (insight.headline, fill(found, 96, initial_indent="  ", subsequent_indent="  "), f"  {source}")
    return "\n".join([*map(printable, lines), f"  {address(insight)}"])
