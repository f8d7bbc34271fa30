"""What `takefive demo` does with the interests it is given."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.cli import demo
from takefive.store.models import Brief, Episode, Insight, Podcast

pytestmark = pytest.mark.django_db


def test_interests_are_those_of_the_demo_until_others_are_given() -> None:
    assert demo._reader(None).interests == demo.INTERESTS
    assert demo._reader("databases").interests == "databases"
    assert demo._reader(None).interests == "databases"
    assert Reader.objects.get(email=demo.READER).interests == "databases"


def test_other_interests_after_todays_brief_say_when_they_count(capsys: pytest.CaptureFixture[str]) -> None:
    reader = demo._reader("databases")
    podcast = Podcast.objects.create(feed_url="https://one.example/feed.xml")
    episode = Episode.objects.create(podcast=podcast, guid="1", published_at=datetime(2026, 1, 1, tzinfo=UTC))
    insight = Insight.objects.create(episode=episode, headline="H", text="T", quote="Q", score=0.5, position=0)
    brief = Brief.objects.create(reader=reader, day=timezone.now().astimezone(reader.tzinfo).date())
    brief.items.create(insight=insight, rank=1, score=1, reason="R")

    demo._reader("databases")
    assert capsys.readouterr().err == ""
    demo._reader("databases; not crypto")
    assert capsys.readouterr().err.startswith("today's brief was made before; the new interests count from tomorrow's")
