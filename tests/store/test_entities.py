"""Topics and people in the tables: the same in any order and made anew, never of hidden shows, mended by the operator."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from takefive.briefs.profile import ProfileDocument
from takefive.pipeline.steps import name as step
from takefive.pipeline.tastes import profile_of
from takefive.store import entities
from takefive.store.models import Entity, EntityRule, Episode, Evidence, Insight, Named, Podcast

pytestmark = pytest.mark.django_db
_number = count(1)
Add = Callable[..., Episode]


@pytest.fixture
def add() -> Add:
    """An episode of a show with insights, each given by speaker and topics; named at once unless `later`."""

    def make(show: str, *insights: tuple[str, list[str]], later: bool = False, **fields: Any) -> Episode:
        podcast, _ = Podcast.objects.get_or_create(feed_url=f"https://feeds.example/{show}", defaults={"title": show})
        given = {"title": "", "published_at": datetime(2026, 5, 3, tzinfo=UTC), "stage": Episode.Stage.RELATED}
        episode = Episode.objects.create(podcast=podcast, guid=str(next(_number)), **given | fields)
        for position, (speaker, topics) in enumerate(insights):
            texts = {"headline": "Headline", "text": "Text.", "quote": f"Quote {next(_number)}.", "kind": "claim"}
            Insight.objects.create(
                episode=episode, position=position, speaker=speaker, topics=topics, score=0.5, **texts
            )
        if not later:
            step.run(episode.pk, now=timezone.now())
        return episode

    return make


def found() -> dict[tuple[str, str], tuple[str, int]]:
    return {(one.kind, one.key): (one.name, one.insights) for one in Entity.objects.filter(insights__gt=0)}


def links() -> set[tuple[int, str, str]]:
    return set(Named.objects.values_list("insight", "entity__kind", "entity__key"))


def test_one_topic_and_one_person_across_shows_called_as_they_are_written_most(add: Add) -> None:
    add("one", ("Ada Night", ["Open-Source", "LLMs"]), ("Dr. Ada Night", ["open source"]))
    add("two", ("Ada Night", ["open source", "large language model"]))
    assert found() == {
        ("topic", "open source"): ("open source", 3),
        ("topic", "large language model"): ("LLMs", 2),
        ("person", "ada night"): ("Ada Night", 3),
    }


def test_an_insight_that_names_a_topic_twice_counts_once(add: Add) -> None:
    add("one", ("", ["LLM", "large language models"]))
    assert found() == {("topic", "large language model"): ("LLM", 1)}


def test_an_abbreviation_explained_later_moves_what_was_named_before(add: Add) -> None:
    add("one", ("", ["RAG"]))
    assert ("topic", "rag") in found()
    add("two", ("", ["vectors"]), title="Retrieval-Augmented Generation (RAG) in practice")
    assert found()["topic", "retrieval augmented generation"] == ("RAG", 1)
    assert ("topic", "rag") not in found()
    add("three", ("", ["cloths"]), title="A rag is no Red Amber Green (RAG) report")
    assert found()["topic", "rag"] == ("RAG", 1)


def test_a_namesake_with_another_page_tells_both_apart_afterwards_too(add: Add) -> None:
    pages = [[{"name": "Ada Night", "href": f"https://x.com/{page}"}] for page in ("ada", "other")]
    add("one", ("Ada Night", []), persons=pages[0])
    add("two", ("Ada Night", []))
    assert found() == {("person", "ada night"): ("Ada Night", 2)}
    add("three", ("Ada Night", []), persons=pages[1])
    assert sorted(many for _, many in found().values()) == [1, 1, 1]


LIBRARY: list[tuple[str, list[tuple[str, list[str]]], dict[str, Any]]] = [
    ("one", [("Jane Smith", ["RAG", "AI"]), ("Adam", ["code reviews"])], {}),
    ("two", [("Jane A. Smith", ["retrieval augmented generation", "ai"]), ("Adam", ["Code review"])], {}),
    ("three", [("Jane B. Smith", ["Windows", "windows"])], {"title": "Retrieval-Augmented Generation (RAG)"}),
    ("one", [("Jane Smith", ["RAG"])], {"persons": [{"name": "Jane Smith", "href": "https://x.com/jane"}]}),
    ("four", [("Jane Smith", ["PKI"])], {"persons": [{"name": "Jane Smith", "href": "https://x.com/j"}]}),
    ("four", [("Bob", ["public key infrastructure", "PKI"])], {"title": "On PKI (public key infrastructure)"}),
]


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_episodes_and_making_it_anew_change_nothing(add: Add, seed: int) -> None:
    episodes = [add(show, *insights, later=True, **fields) for show, insights, fields in LIBRARY]
    shuffled = random.Random(seed).sample(episodes, len(episodes))
    for episode in shuffled:
        step.run(episode.pk, now=timezone.now())
    by_steps, linked = found(), links()
    for episode in shuffled[:2]:  # at least once is enough: twice changes nothing
        step.run(episode.pk, now=timezone.now())
    assert (found(), links()) == (by_steps, linked)
    assert entities.rebuild() == 8
    assert (found(), links()) == (by_steps, linked)
    assert len(linked) == 19
    for (_, key), (_, many) in by_steps.items():
        assert many == Named.objects.filter(entity__key=key).count()


def settled() -> tuple[set[tuple[str, str, str, int]], set[tuple[int, str, str]]]:
    """Everything once the sweep has been round, rows without insights too."""
    for episode in step.waiting():
        step.run(episode, now=timezone.now())
    step.settle()
    return set(Entity.objects.values_list("kind", "key", "name", "insights")), links()


def made_anew() -> tuple[set[tuple[str, str, str, int]], set[tuple[int, str, str]]]:
    entities.rebuild()
    return set(Entity.objects.values_list("kind", "key", "name", "insights")), links()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_hidden_shown_again_or_deleted_in_any_order_leaves_what_making_it_anew_gives(
    add: Add, seed: int
) -> None:
    chance = random.Random(seed)
    for show, insights, fields in chance.sample(LIBRARY, len(LIBRARY)):
        add(show, *insights, **fields)
    shows = chance.sample(["one", "two", "three", "four"], 3)
    Podcast.objects.filter(title=shows[0]).update(private=True)
    assert settled() == made_anew()
    Podcast.objects.filter(title__in=shows[1:2]).update(blocked=True)
    Podcast.objects.filter(title=shows[0]).update(private=False)
    assert settled() == made_anew()
    chance.choice(Episode.objects.order_by("pk")).delete()
    assert settled() == made_anew()
    chance.choice(Insight.objects.order_by("pk")).delete()
    assert settled() == made_anew()
    step.settle()
    step.settle()
    assert not step.stale()


def test_what_only_a_show_that_is_hidden_explained_stands_by_itself_again(add: Add) -> None:
    add("one", ("", ["RAG", "bread"]))
    add("two", ("", ["BREAD"]), ("", ["BREAD"]), title="Retrieval-Augmented Generation (RAG)")
    assert found() == {("topic", "retrieval augmented generation"): ("RAG", 1), ("topic", "bread"): ("BREAD", 3)}
    Podcast.objects.filter(title="two").update(private=True)
    assert step.stale()
    step.settle()
    assert found() == {("topic", "rag"): ("RAG", 1), ("topic", "bread"): ("bread", 1)}
    assert Entity.objects.count() == 2


def test_an_explanation_that_went_with_its_insight_is_gone_too(add: Add) -> None:
    add("one", ("", ["RAG"]))
    add("two", ("", ["RAG"]), later=True)
    Insight.objects.filter(episode__podcast__title="two").update(quote="Retrieval-Augmented Generation (RAG) works.")
    assert settled()[0] == {("topic", "retrieval augmented generation", "RAG", 2)}
    Insight.objects.latest("pk").delete()
    assert settled()[0] == {("topic", "rag", "RAG", 1)}


def test_of_a_private_show_nothing_is_named_and_what_turns_private_is_gone_at_once(add: Add) -> None:
    Podcast.objects.create(feed_url="https://feeds.example/secret", private=True)
    episode = add("secret", ("Zoe Zeppelin", ["zeppelins"]), title="Zeppelin Engine Parts (ZEP)")
    add("one", ("Ada Night", ["sleep"]))
    add("two", ("Ada Night", ["sleep"]))
    assert episode.pk not in step.waiting()
    assert not Evidence.objects.filter(episode=episode).exists()
    assert set(found()) == {("person", "ada night"), ("topic", "sleep")}
    Podcast.objects.filter(title="two").update(blocked=True)
    assert found()["topic", "sleep"] == ("sleep", 1)
    assert step.waiting() == []
    Podcast.objects.filter(title="two").update(blocked=False)
    for one in step.waiting():
        step.run(one, now=timezone.now())
    assert found()["topic", "sleep"] == ("sleep", 2)


def test_counts_follow_what_is_deleted_by_whomever(add: Add) -> None:
    add("one", ("Ada Night", ["sleep"]), ("Ada Night", ["sleep"]))
    Insight.objects.first().delete()  # type: ignore[union-attr]
    assert found()["topic", "sleep"] == ("sleep", 1)
    Podcast.objects.all().delete()
    assert found() == {}


def test_the_operator_merges_and_takes_it_back_and_what_comes_later_obeys(add: Add) -> None:
    add("one", ("", ["Kubernetes", "k8s clusters"]))
    one, other = (Entity.objects.get(key=key) for key in ("k8s cluster", "kubernetes"))
    entities.merge(one, other)
    assert found() == {("topic", "kubernetes"): ("Kubernetes", 1)}
    add("two", ("", ["k8s cluster"]))
    assert found()["topic", "kubernetes"][1] == 2
    before = (found(), links())
    entities.rebuild()
    assert (found(), links()) == before
    assert entities.find("topic", "k8s cluster") == Entity.objects.get(key="kubernetes")
    entities.unrule(EntityRule.objects.all())
    assert {key: many for (_, key), (_, many) in found().items()} == {"kubernetes": 1, "k8s cluster": 2}


def test_merging_there_and_back_ends_as_last_said(add: Add) -> None:
    add("one", ("", ["alpha"]), ("", ["beta"]), ("", ["gamma"]))
    alpha, beta, gamma = (Entity.objects.get(key=key) for key in ("alpha", "beta", "gamma"))
    entities.merge(alpha, beta)
    entities.merge(beta, gamma)
    assert set(found()) == {("topic", "gamma")}
    entities.merge(gamma, beta)
    assert set(found()) == {("topic", "beta")}
    assert found()["topic", "beta"][1] == 3


def test_a_person_who_is_two_is_split_by_show_and_a_topic_by_its_abbreviations(add: Add) -> None:
    add("one", ("Ada Night", ["RAG", "AI"]), title="Retrieval-Augmented Generation (RAG)")
    add("two", ("Ada Night", ["retrieval augmented generation"]))
    entities.split(Entity.objects.get(key="ada night"))
    entities.split(Entity.objects.get(key="retrieval augmented generation"))
    people = [key for kind, key in found() if kind == "person"]
    assert len(people) == 2
    assert {"rag", "retrieval augmented generation"} <= {key for _, key in found()}
    before = (found(), links())
    add("three", ("Ada Night", []))
    assert len([key for kind, key in found() if kind == "person"]) == 3
    Podcast.objects.filter(title="three").delete()
    entities.rebuild()
    assert (found(), links()) == before
    entities.unrule(EntityRule.objects.all())
    assert ("person", "ada night") in found()
    assert ("topic", "rag") not in found()


def test_following_one_way_to_write_a_topic_or_a_name_is_following_all(add: Add) -> None:
    entities._ways_of.cache_clear()
    add("one", ("Dr. Ada Night", ["LLMs", "Postgres"]))
    add("two", ("Ada Night", ["large language models", "PostgreSQL"]), title="Large Language Models (LLM)")
    document = ProfileDocument(
        follow_topics=("LLM", "gardens"), mute_topics=("PostgreSQL",), follow_people=("ada night",)
    )
    profile = profile_of(document, date(2026, 5, 4))
    assert profile.followed_topics == {"LLM", "gardens", "LLMs", "large language models"}
    assert profile.muted_topics == {"PostgreSQL", "Postgres"}
    assert profile.followed_people == {"ada night", "Ada Night", "Dr. Ada Night"}
    assert profile.muted_people == frozenset()
