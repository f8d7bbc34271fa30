"""The whole flow on real episodes: real HTTP, a real PostgreSQL, the real queue, a real outbox."""

from __future__ import annotations

import email
import email.policy

from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.pipeline.candidates import candidates
from takefive.pipeline.steps import brief as briefs
from takefive.pipeline.today import brief_of_today, deliver_now
from takefive.store.models import Brief, Delivery, Episode, Insight, Podcast, Relation

from .conftest import Library


def test_from_feeds_to_related_insights_each_with_its_proof(library: Library) -> None:
    library.scan()
    library.work()

    assert set(Episode.objects.values_list("stage", flat=True)) == {Episode.Stage.RELATED}
    assert Insight.objects.filter(vector=None).count() == 0
    for insight in Insight.objects.select_related("episode__transcript"):
        said = " ".join(" ".join(segment["text"] for segment in insight.episode.transcript.segments).split())
        assert " ".join(insight.quote.split()) in said
        assert insight.speaker
        assert insight.start is not None


def test_a_second_scan_finds_nothing_new_and_changes_nothing(library: Library) -> None:
    library.scan()
    before = list(Episode.objects.order_by("pk").values("pk", "guid", "stage", "digest"))
    library.scan()

    assert list(Episode.objects.order_by("pk").values("pk", "guid", "stage", "digest")) == before
    assert set(Podcast.objects.values_list("error", flat=True)) == {""}


def test_a_feed_that_did_not_change_is_answered_with_304(library: Library) -> None:
    library.scan()
    fetched = set(Podcast.objects.values_list("full_fetch_at", flat=True))
    library.scan()

    assert set(Podcast.objects.values_list("full_fetch_at", flat=True)) == fetched


def test_related_insights_come_from_other_episodes_first_and_never_repeat_the_point(library: Library) -> None:
    library.scan()
    library.work()

    related = Relation.objects.filter(kind=Relation.Kind.RELATED)
    assert related.exists()
    for source in Insight.objects.all():
        targets = related.filter(source=source).order_by("rank").values_list("target__episode", flat=True)
        own = [episode == source.episode_id for episode in targets]
        assert own == sorted(own)
    same = set(Relation.objects.filter(kind=Relation.Kind.SAME_POINT).values_list("source", "target"))
    assert not same & set(related.values_list("source", "target"))
    assert max(related.values_list("rank", flat=True)) <= 10 + len(same)


def test_the_brief_is_made_once_and_mailed_once(library: Library, reader: Reader) -> None:
    library.scan()
    library.work()
    for _ in range(2):
        deliver_now(brief_of_today(reader))

    assert Brief.objects.count() == 1
    assert Delivery.objects.get().status == Delivery.Status.SENT
    files = list((library.folder / "outbox").glob("*.eml"))
    assert len(files) == 1
    message = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert message["To"] == "you@example.org"
    assert {part.get_content_type() for part in message.walk()} >= {"text/plain", "text/html"}


def test_a_brief_has_one_insight_of_each_episode(library: Library, reader: Reader) -> None:
    library.scan()
    library.work()
    reader.interests = ""
    brief = brief_of_today(reader)

    episodes = list(brief.items.values_list("insight__episode", flat=True))
    assert len(episodes) == len(set(episodes)) == 4
    assert all(brief.items.values_list("reason", flat=True))


def test_what_was_sent_is_not_sent_again_the_next_day(library: Library, reader: Reader) -> None:
    library.scan()
    library.work()
    first = brief_of_today(reader)
    Brief.objects.filter(pk=first.pk).update(day=timezone.now().date() - timezone.timedelta(days=1))
    second = brief_of_today(reader)

    assert first.pk != second.pk
    sent = set(first.items.values_list("insight", flat=True))
    assert not sent & set(second.items.values_list("insight", flat=True))


def test_a_rebuild_gives_the_same_relations_as_the_increments(library: Library) -> None:
    from takefive.pipeline.steps.relate import renew

    library.scan()
    library.work()
    columns = ("source", "target", "kind", "rank", "score", "reason")
    before = set(Relation.objects.values_list(*columns))
    groups = set(Insight.objects.values_list("pk", "same_as"))
    renew(set(Insight.objects.values_list("pk", flat=True)))

    assert set(Relation.objects.values_list(*columns)) == before
    assert set(Insight.objects.values_list("pk", "same_as")) == groups


def test_a_preview_for_someone_unknown_is_what_they_would_get(library: Library, reader: Reader) -> None:
    library.scan()
    library.work()
    now = timezone.now()
    pool = candidates(now)
    unknown = Reader(email="new@example.org", interests=reader.interests)

    preview = briefs.choose(unknown, now.date(), pool, now=now)
    real = briefs.choose(reader, now.date(), pool, now=now)

    assert [choice.id for choice in preview.choices] == [choice.id for choice in real.choices]
    assert preview.choices
