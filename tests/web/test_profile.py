from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.profile import ProfileDocument, dumps, loads
from takefive.pipeline import steer
from takefive.relations.embed import default_embedder
from takefive.store.models import Brief, BriefItem, Feedback, Insight, Podcast

Make = Callable[..., Any]
TYPED = {
    "interests": "whales; not crypto prices",
    "follow_podcasts": "slow talk\nhttps://elsewhere.example/feed",
    "mute_topics": "Bread\n bread \n",
    "mute_people": "Ann Lee",
    "languages": "en\nde",
    "serendipity": "3",
    "frequency": "weekdays",
    "do": "keep",
}


@pytest.fixture
def ada(db: None, client: Client, settings: Settings) -> Reader:
    settings.SITE_URL = "https://takefive.example"
    reader = Reader.objects.create_user("ada@example.org", status="active", interests="Sleep, and whales.")
    client.force_login(reader)
    return reader


def stored() -> ProfileDocument:
    return document_of(Reader.objects.get())


def test_what_is_typed_in_is_kept_shows_by_their_addresses(ada: Reader, client: Client, a_podcast: Make) -> None:
    show = a_podcast(title="Slow Talk")
    page = client.post("/profile/", TYPED, follow=True).content.decode()
    assert "Saved. Not read here yet: https://elsewhere.example/feed." in page
    assert stored() == ProfileDocument(
        interests=("whales",),
        not_interests=("crypto prices",),
        follow_podcasts=(show.feed_url, "https://elsewhere.example/feed"),
        mute_topics=("bread",),
        mute_people=("Ann Lee",),
        languages=("en", "de"),
        serendipity=3,
        frequency="weekdays",
    )
    assert "Slow Talk\nhttps://elsewhere.example/feed</textarea>" in page


def test_a_show_that_moved_is_still_followed(ada: Reader, client: Client, a_podcast: Make) -> None:
    a_podcast(title="Slow Talk")
    client.post("/profile/", TYPED)
    Podcast.objects.update(feed_url="https://moved.example/feed")
    assert "Slow Talk\n" in client.get("/profile/").content.decode()


def test_only_see_keeps_nothing(ada: Reader, client: Client) -> None:
    before = stored()
    page = client.post("/profile/", TYPED | {"do": "see"}).content.decode()
    assert "Nothing is kept yet" in page
    assert "whales; not crypto prices</textarea>" in page
    assert stored() == before
    assert Reader.objects.get().interests == ada.interests


def test_a_save_that_changes_nothing_leaves_the_readers_own_words(ada: Reader, client: Client) -> None:
    client.post("/profile/", {"interests": "Sleep; whales", "serendipity": "1", "frequency": "daily", "do": "keep"})
    assert Reader.objects.get().interests == "Sleep, and whales."


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("serendipity", "6"),
        ("serendipity", "x"),
        ("serendipity", ""),
        ("frequency", "hourly"),
        ("mute_people", "\n".join(map(str, range(2001)))),
        ("mute_topics", "x" * 501),
        ("mute_topics", "bread\0"),
        ("mute_podcasts", "Slow\0Talk"),
        ("languages", "English"),
        ("document", SimpleUploadedFile("profile.toml", b"admin = true")),
        ("document", SimpleUploadedFile("profile.toml", b"\xff\0")),
    ],
)
def test_a_wrong_profile_is_told_in_one_line_and_not_kept(field: str, wrong: Any, ada: Reader, client: Client) -> None:
    before = stored()
    answer = client.post("/profile/", TYPED | {field: wrong})
    assert answer.status_code == 422
    assert "Nothing was kept: " in answer.content.decode()
    assert stored() == before


def test_the_document_goes_out_and_comes_back(ada: Reader, client: Client) -> None:
    day = timezone.localdate() + timedelta(days=9)
    told = ProfileDocument(interests=("sleep",), mute_people=('Ann "A" Lee',), snooze_podcasts={"Slow Talk": day})
    change(ada.pk, lambda _: told)
    document = client.get("/profile.toml").content
    assert loads(document.decode()) == told
    edited = SimpleUploadedFile("profile.toml", document.replace(b"serendipity = 1", b"serendipity = 0"))
    client.post("/profile/", {"document": edited, "do": "keep"})
    assert stored() == loads(dumps(told).replace("serendipity = 1", "serendipity = 0"))


def test_a_rest_is_ended_by_taking_its_line_away(ada: Reader, client: Client) -> None:
    days = {name: timezone.localdate() + timedelta(days=9) for name in ("One", "Two")}
    change(ada.pk, lambda document: ProfileDocument(snooze_podcasts=days))
    client.post("/profile/", TYPED | {"snooze_podcasts": "Two\nThree"})
    assert stored().snooze_podcasts == {"Two": days["Two"]}


def test_a_rest_that_is_over_is_told_of_no_more(ada: Reader, client: Client) -> None:
    change(ada.pk, lambda document: ProfileDocument(snooze_podcasts={"One": timezone.localdate()}))
    assert "Shows that rest" not in client.get("/profile/").content.decode()
    client.post("/profile/", TYPED)
    assert stored().snooze_podcasts == {}


def test_the_account_pages_fields_are_seen_too_and_leave_the_others_alone(ada: Reader, client: Client) -> None:
    change(ada.pk, lambda document: document.with_name("mute_topics", "bread"))
    assert 'formaction="/profile/"' in client.get("/account/").content.decode()
    asked = {"interests": "bread", "hour": "7", "zone": "UTC", "frequency": "weekly", "serendipity": "0"}
    page = client.post("/profile/", asked | {"do": "see"}).content.decode()
    assert "Nothing is kept yet" in page
    client.post("/profile/", asked | {"do": "keep"})
    kept = stored()
    assert (kept.interests, kept.mute_topics, kept.frequency, kept.serendipity) == (("bread",), ("bread",), "weekly", 0)


def test_words_of_others_are_text(ada: Reader, client: Client) -> None:
    evil = "</textarea><script>alert(1)</script>"
    for do in ("see", "keep"):
        page = client.post("/profile/", TYPED | {"mute_people": evil, "interests": evil, "do": do}, follow=True)
        assert b"<script>alert" not in page.content


def test_last_weeks_five_are_those_of_the_changed_profile_and_of_nothing_sent_since(
    ada: Reader, client: Client, an_insight: Make
) -> None:
    texts = {
        "whales": "Humpback whales sing longer songs in the years when krill is scarce.",
        "sleep": "Surgeons who sleep five hours work slower the next morning.",
    }
    for subject, text in texts.items():
        vector = default_embedder().encode([text])[0].tolist()
        insight = an_insight(headline=f"About {subject}", text=text, vector=vector, topics=[])
        brief, _ = Brief.objects.get_or_create(reader=ada, day=timezone.localdate())
        BriefItem.objects.create(brief=brief, insight=insight, rank=len(subject), score=1, reason="")
    seen = {}
    for interests in ("whales", "sleep"):
        page = html.unescape(client.post("/profile/", TYPED | {"interests": interests, "do": "see"}).content.decode())
        five = page[page.index('<ol class="five">') :]
        seen[interests] = min(texts, key=lambda subject: five.index(f"About {subject}"))
        assert f"Close to “{interests}”" in five
    assert seen == {"whales": "whales", "sleep": "sleep"}


def test_nobody_else_sees_a_profile(ada: Reader) -> None:
    for path in ("/profile/", "/profile.toml"):
        assert Client().get(path)["Location"] == "/sign-in/"
    assert Client(enforce_csrf_checks=True).post("/profile/", TYPED).status_code in (302, 403)


def test_what_was_said_less_of_is_shown_with_the_way_back(ada: Reader, client: Client, an_insight: Make) -> None:
    headlines = ("Coins fell by half", "Coins rose again")
    for headline in headlines:
        vector = [1.0] + [0.0] * 383
        steer.act(ada.pk, an_insight(headline=headline, vector=vector, speaker=""), "less", timezone.now())
    page = client.get("/profile/").content.decode()
    for insight in Insight.objects.filter(headline__in=headlines):
        assert f'/i/{insight.public_id}/steer/">{insight.headline}</a>' in page
    assert "as good as muted" in page
    Feedback.objects.update(undone_at=timezone.now())
    assert "as good as muted" not in client.get("/profile/").content.decode()


def test_a_reader_looks_so_many_times_an_hour_and_may_still_keep(
    ada: Reader, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.accounts.challenges.PREVIEWS_AN_HOUR", 2)
    seen = [client.post("/profile/", TYPED | {"do": "see"}).status_code for _ in range(3)]
    assert seen == [200, 200, 429]
    assert client.post("/profile/", TYPED).status_code == 302
