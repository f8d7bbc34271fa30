from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from takefive.accounts.models import Challenge, Reader
from takefive.store.models import (
    Brief,
    BriefItem,
    Delivery,
    Departed,
    Episode,
    Evidence,
    Extraction,
    FeedMarks,
    IdeaMap,
    Insight,
    MapPoint,
    MapRegion,
    ModelAnswer,
    Named,
    Neighbourhood,
    Outlet,
    Podcast,
    Relation,
    Reply,
    SentMail,
    Spending,
    Subscription,
    Transcript,
    VectorIndex,
    Word,
)

TOKEN = "kolibri"


@pytest.fixture
def operator(client: Client, db: None) -> Client:

    client.force_login(Reader.objects.create_superuser("operator@example.org", "x"))
    return client


@pytest.fixture
def rows(db: None) -> dict[str, int]:
    """One row of every table, of a private podcast."""
    podcast = Podcast.objects.create(
        feed_url=f"https://shows.example/{TOKEN}/rss?auth={TOKEN}", private=True, title="Show"
    )
    addresses = {
        "audio_url": f"https://audio.example/{TOKEN}.mp3",
        "transcripts": [{"url": f"https://t.example/{TOKEN}"}],
    }
    episode = Episode.objects.create(podcast=podcast, guid=TOKEN, title="Episode", **addresses)
    transcript = Transcript.objects.create(episode=episode, segments=[], source=f"https://t.example/{TOKEN}")
    texts = {"headline": "Headline", "text": "Text.", "kind": "claim", "score": 0.5}
    one, two = (Insight.objects.create(episode=episode, position=n, quote=f"Quote {n}.", **texts) for n in range(2))
    relation = Relation.objects.create(source=one, target=two, kind="related", score=1, rank=1)
    reader = Reader.objects.create_user("ada@example.org")
    brief = Brief.objects.create(reader=reader, day=timezone.localdate())
    BriefItem.objects.create(brief=brief, insight=one, rank=1, score=1, reason="why")
    delivery = Delivery.objects.create(brief=brief, sent_at=datetime(2026, 1, 1, tzinfo=UTC))
    challenge = Challenge.objects.create(email="ada@example.org", purpose="sign in", token=TOKEN, code=TOKEN)
    hub = Subscription.objects.create(
        podcast=podcast,
        hub="https://hub.example/",
        topic=f"https://t.example/{TOKEN}",
        key=TOKEN,
        secret=TOKEN,
        leased_until=timezone.now() + timedelta(days=1),
    )
    tally = {"published": 5, "mended": 1, "dropped": {"NUMBER": 2}}
    extraction = Extraction.objects.create(
        episode=episode, engine="tiny prompts 1.1", tally=tally, note="read in 2 parts"
    )
    spending = Spending.objects.create(
        episode=episode, day=timezone.now().date(), model="tiny", tokens_in=1234, dollars=Decimal("0.25")
    )
    answer = ModelAnswer.objects.create(key="k", episode=episode, answer="{}")
    reply = Reply.objects.create(reader=reader, brief=brief, message_id=TOKEN, subject=TOKEN, done=[TOKEN])
    made = [
        extraction,
        spending,
        answer,
        podcast,
        hub,
        episode,
        transcript,
        one,
        relation,
        brief,
        delivery,
        reply,
        reader,
        challenge,
    ]
    return {f"{row._meta.app_label}/{row._meta.model_name}": row.pk for row in made}


def test_every_table_of_ours_has_its_place() -> None:
    ours = [model for label in ("store", "accounts") for model in apps.get_app_config(label).get_models()]
    # Marks are bytes for the scanner alone; items and mails stand with their briefs and deliveries; outlets hold secrets;
    # what names topics and people is made by a step, as are indexes and maps.
    without = {FeedMarks, BriefItem, SentMail, Outlet, Named, Evidence, Departed}
    without |= {Neighbourhood, VectorIndex, Word, IdeaMap, MapPoint, MapRegion}
    assert {model for model in ours if not admin.site.is_registered(model)} == without


def test_every_list_and_form_opens_and_shows_no_private_address(operator: Client, rows: dict[str, int]) -> None:
    for table, pk in rows.items():
        for address in (f"/admin/{table}/", f"/admin/{table}/?q=e", f"/admin/{table}/{pk}/change/"):
            answer = operator.get(address)
            assert answer.status_code == 200, address
            assert TOKEN not in answer.content.decode(), address


def test_the_meter_says_what_today_has_cost_of_what_it_may(operator: Client, rows: dict[str, int]) -> None:
    page = operator.get("/admin/store/spending/").content.decode()
    assert "today 1,234 of 5,000,000 tokens, $0.2500 of $5" in page


def test_why_insights_were_dropped_is_shown(operator: Client, rows: dict[str, int]) -> None:
    assert "2 NUMBER" in operator.get("/admin/store/extraction/").content.decode()


def test_a_private_feed_is_known_by_its_host_alone(operator: Client, rows: dict[str, int]) -> None:
    assert "https://shows.example/…" in operator.get("/admin/store/podcast/").content.decode()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("podcast", {"private": "", "blocked": "on", "next_poll_at_0": "2030-01-02", "next_poll_at_1": "03:04:05"}),
        ("episode", {"stage": "picked", "attempts": "0", "next_try_at_0": "2030-01-02", "next_try_at_1": "03:04:05"}),
        ("delivery", {"next_try_at_0": "2030-01-02", "next_try_at_1": "03:04:05"}),
    ],
)
def test_an_operator_mends_a_row_and_nothing_else_of_it_changes(
    operator: Client, rows: dict[str, int], table: str, change: dict[str, str]
) -> None:
    model = apps.get_model("store", table)
    before = model.objects.values().get()
    answer = operator.post(f"/admin/store/{table}/{rows[f'store/{table}']}/change/", change)

    assert answer.status_code == 302, answer.context["errors"]
    after = model.objects.values().get()
    meant = {name.removesuffix("_0").removesuffix("_1") for name in change}
    assert {name for name in after if after[name] != before[name]} <= meant
    moment = "next_poll_at" if table == "podcast" else "next_try_at"
    assert after[moment].year == 2030
    assert table != "podcast" or (after["private"], after["blocked"]) == (False, True)
    assert table != "episode" or after["stage"] == "picked"


def test_what_is_not_to_be_mended_cannot_be_changed_by_a_form(operator: Client, rows: dict[str, int]) -> None:
    operator.post(
        f"/admin/store/insight/{rows['store/insight']}/change/", {"quote": "Never said.", "text": "Invented."}
    )

    assert not Insight.objects.filter(quote="Never said.").exists()
    assert not Insight.objects.filter(text="Invented.").exists()


def test_a_reader_is_found_by_address(operator: Client, rows: dict[str, int]) -> None:
    assert "ada@example.org" in operator.get("/admin/accounts/reader/?q=ada@").content.decode()


def test_nothing_is_shown_to_a_reader_who_is_no_operator(client: Client, rows: dict[str, int]) -> None:
    client.force_login(Reader.objects.get(email="ada@example.org"))
    assert client.get("/admin/store/podcast/").status_code == 302


def act(operator: Client, action: str, *podcasts: Podcast) -> str:
    chosen = {"action": action, "_selected_action": [podcast.pk for podcast in podcasts]}
    return operator.post("/admin/store/podcast/", chosen, follow=True).content.decode()


def test_podcasts_are_listed_with_their_health_their_last_error_and_their_next_poll(
    operator: Client, rows: dict[str, int]
) -> None:
    Podcast.objects.create(
        feed_url="https://f.example/", title="Failing", failures=3, error="no answer in time", polled_at=timezone.now()
    )
    Podcast.objects.create(
        feed_url="https://g.example/", title="Gone", retired_at=timezone.now(), error="given up: gone"
    )
    page = operator.get("/admin/store/podcast/").content.decode()

    for words in ("failing (3)", "no answer in time", "given up: gone", "well, pushed by its hub"):
        assert words in page
    only = operator.get("/admin/store/podcast/?health=given+up").content.decode()
    assert ("Gone" in only, "Failing" in only) == (True, False)


def test_an_operator_polls_pauses_and_gives_up_podcasts_and_takes_that_back(
    operator: Client, rows: dict[str, int]
) -> None:
    later = timezone.now() + timedelta(days=3)
    one = Podcast.objects.create(feed_url="https://one.example/", next_poll_at=later, failures=2, error="x")
    other = Podcast.objects.create(feed_url="https://two.example/", next_poll_at=later)
    due = lambda: set(Podcast.objects.filter(pk__in=[one.pk, other.pk]).due(timezone.now()))  # noqa: E731

    assert "1 podcast: due now." in act(operator, "poll_now", one)
    assert due() == {one}
    assert "2 podcasts: paused." in act(operator, "pause", one, other)
    assert "0 podcasts: due now." in act(operator, "poll_now", one)
    assert due() == set()
    assert "2 podcasts: resumed." in act(operator, "resume", one, other)
    assert due() == {one, other}
    assert "1 podcast: given up." in act(operator, "retire", one)
    assert due() == {other}
    assert "1 podcast: taken up again." in act(operator, "take_back", one, other)
    assert due() == {one, other}
    one.refresh_from_db()
    assert (one.failures, one.error) == (0, "")


def test_marking_private_hides_the_podcast_and_ends_its_hub(operator: Client, rows: dict[str, int]) -> None:
    podcast = Podcast.objects.get()
    Podcast.objects.update(private=False)
    assert "1 podcast: private." in act(operator, "mark_private", podcast)

    assert not Podcast.objects.public().exists()
    assert not Subscription.objects.exclude(podcast=None).exists(), "what is left is told to end"


def test_no_action_is_open_to_an_operator_who_may_only_look(client: Client, rows: dict[str, int]) -> None:
    looker = Reader.objects.create_user("looks@example.org", "x", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(looker)
    act(client, "retire", Podcast.objects.get())

    assert client.get("/admin/store/podcast/").status_code == 200
    assert Podcast.objects.get().retired_at is None
