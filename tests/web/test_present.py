from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.test import Client

from takefive.store.models import Insight
from takefive.store.search import search
from takefive.web.present import hit_as_json, hit_as_text


def test_a_hit_for_machines_carries_the_proof(library: Insight) -> None:
    hit = next(hit for hit in search("surgeons learn", vector=None, limit=10) if hit.insight == library)
    told = hit_as_json(hit)
    found = told.pop("found")
    assert "".join(piece["text"] for piece in found).startswith(library.text[:20])
    assert {"text": "surgeons", "match": True} in found
    assert told == {
        "audio": f"{library.episode.audio_url}#t=1421.3",
        "kind": library.kind,
        "topics": library.topics,
        "language": library.episode.podcast.language or None,
        "url": f"http://127.0.0.1:8000/i/{library.public_id}/",
        "headline": "Sleep is when surgeons learn",
        "text": library.text,
        "quote": library.quote,
        "speaker": "Ada Night",
        "start": 1421.3,
        "episode": "On sleep",
        "podcast": "Slow Talk",
        "published": "2022-05-03T00:00:00+00:00",
    }


def test_a_hit_for_a_terminal_fits_and_carries_no_control_characters(library: Insight) -> None:
    Insight.objects.filter(pk=library.pk).update(speaker="Ada\x1b[31m Night")
    hit = next(hit for hit in search("surgeons learn", vector=None, limit=10) if hit.insight.pk == library.pk)
    lines = hit_as_text(hit).split("\n")
    assert lines[0] == "Sleep is when surgeons learn"
    assert lines[-2] == "  Ada[31m Night, Slow Talk, 3 May 2022, at 23:41"
    assert lines[-1] == f"  http://127.0.0.1:8000/i/{library.public_id}/"
    assert max(map(len, lines)) <= 100


def test_search_goes_on_by_words_where_the_model_is_missing(
    library: Insight, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from takefive.common.errors import ModelError

    asked = []

    def missing(*, patient: bool) -> None:
        asked.append(patient)
        raise ModelError("no model here")

    monkeypatch.setattr("takefive.pipeline.finding.embedder", missing)
    monkeypatch.setattr("takefive.pipeline.finding._silent_until", 0.0)
    client.get("/search/?q=sleep")
    found = client.get("/search/?q=surgeons+learn&format=json").json()
    assert "Sleep is when surgeons learn" in [hit["headline"] for hit in found["hits"]]
    assert asked == [False]  # it rests before it is asked again


def test_a_database_that_does_not_answer_is_told_to_the_balancer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr("takefive.web.views.health.connection", Gone())
    assert client.get("/healthz").status_code == 503
