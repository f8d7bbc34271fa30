"""What `takefive add` does with podcasts that it followed before."""

from __future__ import annotations

import pytest
from django.utils import timezone

from takefive.cli import add
from takefive.store.models import Podcast

OLD, NEW = "https://old.example/feed.xml", "https://new.example/feed.xml"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def booted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add, "boot", lambda: None)  # the tests have their database already


def result(url: str, *, remove: bool = False) -> str:
    (row,) = add._apply({url: None}, private=False, dry_run=False, remove=remove)
    return row["result"]


def test_the_old_address_of_a_show_that_moved_is_followed_already() -> None:
    assert result(OLD) == "added"
    Podcast.objects.update(feed_url=NEW)

    assert result(OLD) == result(NEW) == "followed already"
    assert Podcast.objects.get().feed_url == NEW
    assert result(OLD, remove=True) == "removed"


def test_a_feed_that_was_given_up_is_asked_again() -> None:
    result(OLD)
    Podcast.objects.update(retired_at=timezone.now(), failures=3, error="gone", next_poll_at="2999-01-01T00:00Z")

    assert result(OLD) == "added again"
    again = Podcast.objects.get()
    assert (again.retired_at, again.failures, again.error) == (None, 0, "")
    assert list(Podcast.objects.due(timezone.now())) == [again]
