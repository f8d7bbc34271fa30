"""A small library to show: the factories make rows that are valid in every field that a test does not name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

if TYPE_CHECKING:  # at run time only inside the fixtures: this file may be loaded before Django is set up
    from takefive.store.models import Episode, Insight, Podcast

Make = Callable[..., Any]
_number = count(1)
SECRET = "zeppelin"  # stands in every text of a private podcast


@pytest.fixture
def a_podcast(db: None) -> Make:
    from takefive.store.models import Podcast

    def make(**fields: Any) -> Podcast:
        given = {"feed_url": f"https://feeds.example/{next(_number)}", "title": "Slow Talk"}
        return Podcast.objects.create(**given | fields)

    return make


@pytest.fixture
def an_episode(a_podcast: Make) -> Make:
    from takefive.store.models import Episode

    def make(**fields: Any) -> Episode:
        given = {
            "guid": f"episode-{next(_number)}",
            "title": "On sleep",
            "published_at": datetime(2022, 5, 3, tzinfo=UTC),
            "audio_url": "https://audio.example/sleep.mp3",
            "duration": 3725.0,
        }
        podcast = fields.pop("podcast", None) or a_podcast()
        return Episode.objects.create(podcast=podcast, **given | fields)

    return make


@pytest.fixture
def an_insight(an_episode: Make) -> Make:
    from takefive.store.models import Insight

    def make(**fields: Any) -> Insight:
        number = next(_number)
        given = {
            "position": number % 30_000,
            "headline": f"Short sleep makes {number} surgeons slower",
            "text": "A study of surgeons found that one short night cost them a fifth of their speed.",
            "quote": f"One short night, and you are a fifth slower. That was number {number}.",
            "speaker": "Ada Night",
            "start": 1421.3,
            "end": 1440.0,
            "kind": "data",
            "topics": ["sleep"],
            "score": 0.5,
        }
        episode = fields.pop("episode", None) or an_episode()
        return Insight.objects.create(episode=episode, **given | fields)

    return make


@pytest.fixture
def library(a_podcast: Make, an_episode: Make, an_insight: Make) -> Insight:
    """Three shows; one insight with related ones, another voice, neighbours, and a private show woven in everywhere."""
    from takefive.accounts.models import Reader
    from takefive.store import entities
    from takefive.store.models import Brief, BriefItem, Insight, Relation

    episode = an_episode(link="https://show.example/1", description="<p>A talk &amp; a half</p>")
    insight = an_insight(episode=episode, headline="Sleep is when surgeons learn", start=1421.3)
    an_insight(episode=episode, headline="The earlier one", start=10.0)
    an_insight(episode=episode, headline="The later one", start=2000.0)
    an_insight(same_as=insight, speaker="Another Voice")
    private = an_episode(podcast=a_podcast(title=f"Show {SECRET}", private=True), title=f"Episode {SECRET}")
    secrets = [an_insight(episode=private, headline=f"Sleep {n} {SECRET}", score=1.0) for n in range(3)]
    others = [an_insight(headline=f"Related number {n}", score=0.1) for n in range(12)]
    for rank, other in enumerate([*secrets, *others], 1):
        Relation.objects.create(
            source=insight, target=other, kind="related", score=0.6, rank=rank, reason="also on sleep"
        )
    Insight.objects.filter(pk=secrets[0].pk).update(same_as=insight)
    entities.rebuild()
    brief = Brief.objects.create(reader=Reader.objects.create_user("ada@example.org"), day=timezone.localdate())
    for rank, one in enumerate([secrets[1], insight, *others[:3]], 1):
        BriefItem.objects.create(brief=brief, insight=one, rank=rank, score=1, reason="You asked for sleep")
    return insight


@pytest.fixture
def addresses(library: Insight) -> dict[str, str]:
    """Every page, by name."""
    episode = library.episode
    return {
        "home": "/",
        "brief": "/brief/",
        "insight": f"/i/{library.public_id}/",
        "episode": f"/e/{episode.public_id}/",
        "podcast": f"/p/{episode.podcast.public_id}/",
        "search": "/search/?q=sleep",
        "json": "/search/?q=sleep&format=json",
        "feed": "/feed.atom",
        "topics": "/topics/",
        "people": "/people/",
        "topic": "/topic/sleep/",
        "person": "/person/ada-night/",
        "topic-feed": "/topic/sleep/feed.atom",
        "person-feed": "/person/ada-night/feed.json",
        "podcast-feed": f"/p/{episode.podcast.public_id}/feed.atom",
        "sitemap": "/sitemap.xml",
        "sitemap-shows": "/sitemap-0.xml",
        "sitemap-insights": "/sitemap-1.xml",
        "about": "/about",
        "proof": "/proof/",
        "thanks": "/thanks/",
        "robots": "/robots.txt",
        "healthz": "/healthz",
    }
