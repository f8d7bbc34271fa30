"""What feeds answered is saved together, and each has its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from takefive.feeds.fetch import FeedAnswer, FeedRequest
from takefive.feeds.values import ParsedEpisode, ParsedFeed, TranscriptLink
from takefive.pipeline.steps import take
from takefive.store.models import Episode, FeedMarks, Podcast

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def item(number: int) -> ParsedEpisode:
    return ParsedEpisode(
        guid=f"the same {number}",
        title=f"Episode {number}",
        published=NOW - timedelta(days=number),
        transcripts=(TranscriptLink(f"https://example.org/{number}.vtt"),),
        mark=1 + number,
    )


def answered(name: str) -> tuple[Podcast, FeedAnswer]:
    """A new feed whose GUIDs are those of every other."""
    url = f"https://{name}.example/feed"
    feed = ParsedFeed(source=url, title=name, items=tuple(map(item, range(3))))
    return Podcast.objects.create(feed_url=url), FeedAnswer(
        request=FeedRequest(url), outcome="changed", feed=feed, etag=f'"{name}"'
    )


def statements(names: str) -> int:
    told = [answered(name) for name in names]
    with CaptureQueriesContext(connection) as asked:
        take.answers(told, NOW, lambda _: None)
    return len(asked)


def test_feeds_that_are_saved_together_keep_their_own_episodes_though_they_share_guids() -> None:
    told, deferred = [answered(name) for name in ("one", "two")], list[int]()
    take.answers(told, NOW, deferred.append)

    assert sorted(deferred) == sorted(Episode.objects.values_list("pk", flat=True))
    for podcast, answer in told:
        kept = Podcast.objects.get(pk=podcast.pk)
        assert (kept.title, kept.etag, kept.full_fetch_at) == (kept.feed_url[8:11], answer.etag, NOW)
        ids = {episode.guid: episode.pk for episode in podcast.episodes.all()}
        assert len(ids) == 3
        assert FeedMarks.objects.get(podcast=podcast).episodes == {1 + n: ids[f"the same {n}"] for n in range(3)}


def test_many_feeds_take_as_many_statements_as_one() -> None:
    assert statements("a") == statements("bcdef")


def test_what_failed_and_what_was_removed_stand_beside_what_is_saved() -> None:
    (gone, answer), (broken, _), (good, said) = (answered(name) for name in ("out", "bad", "new"))
    failed = FeedAnswer(request=FeedRequest(broken.feed_url), outcome="failed")
    gone.delete()
    take.answers(
        [(Podcast(pk=10**9, feed_url=gone.feed_url), answer), (broken, failed), (good, said)], NOW, lambda _: None
    )

    assert Podcast.objects.get(pk=broken.pk).failures == 1
    assert good.episodes.count() == Episode.objects.count() == 3
