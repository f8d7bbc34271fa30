"""Every field of every row comes from outside: none of it may become markup, a link that runs, or a turned page."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.store.models import Brief, BriefItem, Insight, Relation

Make = Callable[..., Any]
PAYLOADS = [
    "<script>alert(1)</script>sleep",
    '"><img src=x onerror=alert(1)>sleep',
    "' onmouseover='alert(1) sleep",
    "</title></script><script>alert(1)</script>sleep",
    "<svg><style><img src=x onerror=alert(1)></style></svg>sleep",
    "<!--><iframe srcdoc='<script>alert(1)</script>'>sleep",
    "{{ 7*7 }}{% raw %}</textarea><base href=//evil.example>sleep",
    "]]><meta http-equiv=refresh content='0;url=//evil.example'>sleep",
    "\u202e\x07\x0b\ufffesleep",
    "javascript:alert(1)//sleep",
    "data:text/html,<script>alert(1)</script>sleep",
]


class _Tags(HTMLParser):
    """All start tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def poisoned(a_podcast: Make, an_episode: Make, an_insight: Make) -> list[Insight]:
    """For each payload, one insight with the payload in every text around it."""
    return [_poison(bad, a_podcast, an_episode, an_insight) for bad in PAYLOADS]


def _poison(bad: str, a_podcast: Make, an_episode: Make, an_insight: Make) -> Insight:
    """One payload in every text of podcast, episode, insight, relation and brief."""
    podcast = a_podcast(title=bad, description=bad, author=bad + "x", link=bad, image=bad, language=bad[:35])
    texts = {"title": bad, "link": bad, "description": bad, "summary": bad, "audio_url": bad, "guid": bad}
    episode = an_episode(podcast=podcast, **texts)
    words = {"headline": bad, "text": bad, "speaker": bad, "topics": [bad], "kind": bad[:20], "score": 1.0}
    insight, other = (an_insight(episode=episode, quote=f"{bad} {n}", start=float(n), **words) for n in range(2))
    an_insight(headline=bad, same_as=insight)
    Relation.objects.create(source=insight, target=other, kind="related", score=1, rank=1, reason=bad)
    brief = Brief.objects.create(
        reader=Reader.objects.create_user(f"{insight.pk}@example.org"), day=timezone.localdate()
    )
    BriefItem.objects.create(brief=brief, insight=insight, rank=1, score=1, reason=bad)
    return insight


def _pages(insight: Insight) -> list[str]:
    episode = insight.episode
    return [
        "/",
        f"/i/{insight.public_id}/",
        f"/e/{episode.public_id}/",
        f"/p/{episode.podcast.public_id}/",
        "/search/?q=sleep",
    ]


def test_no_field_becomes_markup(poisoned: list[Insight], client: Client) -> None:
    for insight in poisoned:
        for address in _pages(insight):
            answer = client.get(address)
            assert answer.status_code == 200
            page = answer.content.decode()
            assert not set(page) & set("\u202e\x07\x0b\ufffe")
            for tag, attributes in _Tags(page).found:
                _must_be_ours(tag, attributes)


def test_no_reason_of_a_brief_becomes_markup(poisoned: list[Insight], client: Client) -> None:
    for _ in poisoned:
        for tag, attributes in _Tags(client.get("/brief/").content.decode()).found:
            _must_be_ours(tag, attributes)
        Brief.objects.latest("pk").delete()


def _must_be_ours(tag: str, attributes: dict[str, str | None]) -> None:
    assert tag not in {"img", "iframe", "base", "object", "embed", "style", "textarea"}
    assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcdoc", "srcset"}]
    assert "http-equiv" not in attributes
    if tag == "script":
        assert attributes.get("type") == "application/ld+json" or (attributes["src"] or "").startswith("/static/")
    for name in ("href", "src", "action"):
        value = attributes.get(name)
        assert value is None or value.startswith(("/", "#", "?", "https://audio.example/", "http://127.0.0.1:8000/"))
        assert value is None or not value.startswith("//")


def test_no_field_breaks_a_feed_or_the_sitemap(poisoned: list[Insight], client: Client) -> None:
    shows = [f"/p/{insight.episode.podcast.public_id}/feed.atom" for insight in poisoned]
    for address in ("/feed.atom", "/sitemap-1.xml", *shows):
        answer = client.get(address)
        assert answer.status_code == 200
        ElementTree.fromstring(answer.content)


def test_no_query_becomes_markup(client: Client, db: None) -> None:
    for query in PAYLOADS:
        for tag, attributes in _Tags(client.get("/search/", {"q": query}).content.decode()).found:
            _must_be_ours(tag, attributes)


def test_no_form_field_becomes_markup(client: Client, db: None) -> None:
    for payload in PAYLOADS:
        answer = client.post("/sign-up/", {"email": payload, "interests": payload, "zone": payload})
        assert answer.status_code == 422
        for tag, attributes in _Tags(answer.content.decode()).found:
            _must_be_ours(tag, attributes)
