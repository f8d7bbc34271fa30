"""What an operator does to topics and people in the admin."""

from __future__ import annotations

import pytest
from django.test import Client

from takefive.accounts.models import Reader
from takefive.store import entities
from takefive.store.models import Entity, EntityRule, Episode, Insight, Podcast

LIST, RULES = "/admin/store/entity/", "/admin/store/entityrule/"


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    client.force_login(Reader.objects.create_superuser("operator@example.org", "x"))
    for number in range(2):
        podcast = Podcast.objects.create(feed_url=f"https://feeds.example/{number}", title=f"Show {number}")
        episode = Episode.objects.create(podcast=podcast, guid="1", title="")
        for position, topics in enumerate((["containers"], ["docker images"])[: number + 1]):
            texts = {"headline": "Headline", "text": "Text.", "quote": f"Quote {position}", "kind": "claim"}
            Insight.objects.create(
                episode=episode, position=position, topics=topics, speaker="Ada Night", score=0.5, **texts
            )
    entities.rebuild()
    return client


def chosen(*keys: str) -> list[int]:
    return [Entity.objects.get(key=key).pk for key in keys]


def topics() -> dict[str, int]:
    return dict(Entity.objects.topics().values_list("key", "insights"))


def test_two_are_merged_and_taking_the_rule_back_parts_them(operator: Client) -> None:
    answer = operator.post(
        LIST, {"action": "merge", "_selected_action": chosen("container", "docker image")}, follow=True
    )
    assert "1 merged into containers." in answer.content.decode()
    assert topics() == {"container": 3}
    rule = EntityRule.objects.get()
    assert operator.get(RULES).status_code == operator.get(f"{RULES}{rule.pk}/change/").status_code == 200
    operator.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"})
    assert topics() == {"container": 2, "docker image": 1}


def test_a_topic_and_a_person_are_not_merged(operator: Client) -> None:
    answer = operator.post(LIST, {"action": "merge", "_selected_action": chosen("container", "ada night")}, follow=True)
    assert "Choose two or more topics, or two or more people." in answer.content.decode()
    assert not EntityRule.objects.exists()


def test_a_person_is_split_by_shows_and_back(operator: Client) -> None:
    operator.post(LIST, {"action": "split", "_selected_action": chosen("ada night")})
    assert sorted(Entity.objects.people().values_list("insights", flat=True)) == [1, 2]
    operator.post(
        RULES,
        {"action": "delete_selected", "_selected_action": [EntityRule.objects.get().pk], "post": "yes"},
    )
    assert list(Entity.objects.people().values_list("insights", flat=True)) == [3]


def test_nobody_deletes_what_insights_name(operator: Client) -> None:
    (pk,) = chosen("container")
    assert operator.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert operator.get(LIST).status_code == operator.get(f"{LIST}{pk}/change/").status_code == 200
