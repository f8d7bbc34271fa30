from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.store.models import Brief, BriefItem
from takefive.web.five import spread, strongest, todays_five

Make = Callable[..., Any]


def _request(user: object = None) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    return request


def _brief(reader: Reader, *insights: Any) -> Brief:
    brief = Brief.objects.create(reader=reader, day=timezone.localdate())
    for rank, insight in enumerate(insights, 1):
        BriefItem.objects.create(brief=brief, insight=insight, rank=rank, score=1, reason=f"reason {rank}")
    return brief


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active")


def test_never_two_of_one_episode_and_new_shows_first() -> None:
    ranked = [(1, 10, 100), (2, 10, 100), (3, 11, 100), (4, 12, 101), (5, 13, 102)]
    assert spread(ranked) == [1, 4, 5, 3]
    assert spread(ranked, limit=2) == [1, 4]
    assert spread([]) == []


def test_the_strongest_come_first_and_a_point_is_made_once(an_insight: Make) -> None:
    weak, strong = an_insight(score=0.2), an_insight(score=0.9)
    an_insight(score=0.8, same_as=strong)
    assert [item.insight for item in strongest().items] == [strong, weak]


def test_a_point_put_best_in_private_is_still_made_by_those_who_say_it_in_public(
    an_insight: Make, an_episode: Make, a_podcast: Make
) -> None:
    best = an_insight(episode=an_episode(podcast=a_podcast(private=True)))
    said_also = an_insight(same_as=best)
    assert [item.insight for item in strongest().items] == [said_also]


def test_alone_on_this_machine_the_newest_brief_is_shown_in_its_order(an_insight: Make, ada: Reader) -> None:
    first, second = an_insight(score=0.1), an_insight(score=0.9)
    _brief(ada, first, second)
    five = todays_five(_request())
    assert five.personal
    assert [(item.insight, item.reason) for item in five.items] == [(first, "reason 1"), (second, "reason 2")]


def test_on_a_machine_of_several_readers_nobody_sees_the_brief_of_another(an_insight: Make, ada: Reader) -> None:
    _brief(ada, an_insight())
    Reader.objects.create_user("bob@example.org", status="active")
    assert not todays_five(_request()).personal
    assert todays_five(_request(ada)).personal


def test_in_public_a_brief_is_shown_to_its_reader_only(an_insight: Make, ada: Reader, settings: Any) -> None:
    settings.SITE_URL = "https://takefive.example"
    _brief(ada, an_insight())
    bob = Reader.objects.create_user("bob@example.org", status="active")
    assert not todays_five(_request()).personal
    assert not todays_five(_request(bob)).personal
    assert todays_five(_request(ada)).personal


def test_a_brief_shows_nothing_of_a_private_podcast(
    an_insight: Make, an_episode: Make, a_podcast: Make, ada: Reader
) -> None:
    secret = an_insight(episode=an_episode(podcast=a_podcast(private=True)))
    shown = an_insight()
    _brief(ada, secret, shown)
    assert [item.insight for item in todays_five(_request()).items] == [shown]
