"""A brief with something in it, for the tests of a reader's own outlets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.store.models import Brief, BriefItem, Episode, Insight, Podcast


def a_brief(reader: Reader, *, day: Any = None, audio: str = "https://audio.example/sleep.mp3", **fields: Any) -> Brief:
    """One brief with one insight; `fields` are the insight's."""
    podcast, _ = Podcast.objects.get_or_create(feed_url="https://feeds.example/1", defaults={"title": "Slow Talk"})
    day = day or timezone.localdate()
    episode = Episode.objects.create(
        podcast=podcast, guid=f"e{Episode.objects.count()}", title="On sleep", audio_url=audio
    )
    given = {
        "position": 1,
        "headline": "Short sleep makes surgeons slower",
        "text": "A study of surgeons found that one short night cost them a fifth of their speed.",
        "quote": "One short night, and you are a fifth slower.",
        "speaker": "Ada Night",
        "start": 12.0,
        "end": 15.5,
        "kind": "data",
        "score": 0.5,
    }
    insight = Insight.objects.create(episode=episode, **given | fields)
    brief = Brief.objects.create(reader=reader, day=day, created_at=timezone.now() + timedelta(milliseconds=1))
    BriefItem.objects.create(brief=brief, insight=insight, rank=1, score=1, reason="close to sleep")
    return brief
