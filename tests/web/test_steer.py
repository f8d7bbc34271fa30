"""Steering from the mail without signing in: what scanners press changes nothing, one click of a person can be undone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.links import nonce_for, steering_of, steering_token, steering_url, was_shown
from takefive.accounts.models import Reader
from takefive.accounts.wishes import document_of
from takefive.delivery.page import STEERING
from takefive.pipeline import steer
from takefive.store.export import everything
from takefive.store.models import Feedback, Insight

Make = Callable[..., Any]
DAY = timezone.localdate()
NAMES = (
    *("more", "less", "save", "play"),
    *(
        f"{verb} {what}"
        for verb in ("follow", "snooze", "mute")
        for what in ("show", "topic sleep", "person Ada Night")
    ),
)


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active")


@pytest.fixture
def insight(an_insight: Make) -> Insight:
    made: Insight = an_insight(headline="Sleep is when surgeons learn")
    return made


@pytest.fixture
def path(ada: Reader, insight: Insight) -> str:
    return urlsplit(steering_url(ada.pk, insight.pk, DAY)).path


def stranger() -> Client:
    """A browser without a cookie of ours."""
    return Client(enforce_csrf_checks=True)


def state(reader: Reader) -> tuple[object, ...]:
    """All that steering can change."""
    row = Reader.objects.get(pk=reader.pk)
    said = list(Feedback.objects.standing().order_by("kind").values_list("kind", flat=True))
    return row.wishes, row.interests, row.status, said


def press(path: str, name: str, *, waits: float = 3.0, client: Client | None = None) -> Any:
    """What a person does: opens the page, reads it for some seconds, presses the button."""
    token = path.split("/")[2]
    shown = nonce_for(token, timezone.now() - timedelta(seconds=waits))
    return (client or stranger()).post(f"/s/{token}/", {"do": name, "shown": shown})


# Scanners


@pytest.mark.parametrize("word", ["", *(f"{word}/" for _, word in STEERING)])
def test_opening_a_link_changes_nothing_and_asks_for_one_click(word: str, path: str, ada: Reader) -> None:
    before = state(ada)
    for answer in (stranger().get(path + word), stranger().head(path + word)):
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
    assert state(ada) == before


@pytest.mark.parametrize("word", ["", *(f"{word}/" for _, word in STEERING)])
def test_a_scanner_that_posts_to_every_link_changes_nothing(word: str, path: str, ada: Reader) -> None:
    before = state(ada)
    for form in ({}, {"do": "more"}, {"List-Unsubscribe": "One-Click"}, {"do": "mute show", "shown": "1:x"}):
        answer = stranger().post(path + word, form)
        assert answer.status_code == 409
        assert "Nothing was changed yet" in answer.content.decode()
    assert state(ada) == before


def test_a_scanner_that_presses_every_button_at_once_changes_nothing(path: str, ada: Reader) -> None:
    before = state(ada)
    for at, (_, word) in enumerate(STEERING):
        page = stranger().get(f"{path}{word}/").content.decode()
        shown = re.search(r'name="shown" value="([^"]+)"', page)
        buttons = [html.unescape(name) for name in re.findall(r'name="do" value="([^"]+)"', page)]
        assert shown is not None
        assert set(buttons) == set(NAMES)
        for name in buttons[at :: len(STEERING)]:  # in no second, even on a slow machine
            assert stranger().post(path, {"do": name, "shown": shown[1]}).status_code == 409
    assert state(ada) == before


def test_no_method_but_these_does_anything(path: str, ada: Reader) -> None:
    before = state(ada)
    for method in ("put", "patch", "delete", "options"):
        getattr(stranger(), method)(path)
    assert state(ada) == before


# A person


@pytest.mark.parametrize("name", NAMES)
def test_one_click_without_a_cookie_does_it_and_one_more_takes_it_back(name: str, path: str, ada: Reader) -> None:
    before = state(ada)
    for _ in range(2):
        answer = press(path, name)
        assert answer.status_code == 200
        assert f'value="undo {name}" aria-pressed="true"' in html.unescape(answer.content.decode())
    after = state(ada)
    assert after != before
    taken_back = press(path, f"undo {name}")
    assert "Taken back." in taken_back.content.decode()
    assert state(ada) == before


def test_what_was_done_stands_in_the_profile(path: str, ada: Reader, insight: Insight) -> None:
    for name in NAMES:
        press(path, name)
    show = insight.episode.podcast.feed_url
    document = document_of(Reader.objects.get())
    assert (document.follow_podcasts, document.mute_podcasts, document.mute_topics) == ((show,), (show,), ("sleep",))
    assert document.snooze_podcasts == {show: timezone.now().date() + timedelta(days=14)}
    assert state(ada)[-1] == ["less", "play", "save"]  # "less" came after "more", which it takes back


def test_what_was_taken_back_stays_as_a_row(path: str) -> None:
    press(path, "save")
    press(path, "undo save")
    press(path, "save")
    assert [row.undone_at is None for row in Feedback.objects.order_by("pk")] == [False, True]


def test_a_rest_that_is_over_can_be_asked_for_again(path: str, ada: Reader, insight: Insight) -> None:
    over = {insight.episode.podcast.feed_url: timezone.now().date().isoformat()}
    Reader.objects.update(wishes={"snooze_podcasts": over})
    assert "undo snooze show" not in stranger().get(path).content.decode()
    press(path, "snooze show")
    assert "undo snooze show" in stranger().get(path).content.decode()


def test_what_was_said_is_in_the_export_and_goes_with_the_reader(path: str, ada: Reader, insight: Insight) -> None:
    press(path, "save")
    assert everything(ada)["feedback"][0] | {"id": 1, "at": ""} == {
        "id": 1, "insight": insight.headline, "kind": "save", "at": "", "undone_at": None,
    }  # fmt: skip
    ada.delete()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("name", ["", "mute topic crypto", "delete", "mute topic ", "open", "undo", "undo undo more"])
def test_nothing_else_can_be_done_with_a_link(name: str, path: str, ada: Reader) -> None:
    before = state(ada)
    assert press(path, name).status_code == 409
    assert state(ada) == before


def test_a_page_left_open_over_night_asks_again(path: str, ada: Reader) -> None:
    before = state(ada)
    assert press(path, "more", waits=90_000).status_code == 409
    assert state(ada) == before


def test_a_page_shown_for_one_link_speaks_for_no_other(ada: Reader, path: str, an_insight: Make) -> None:
    other = steering_token(ada.pk, an_insight().pk, DAY)
    shown = nonce_for(other, timezone.now() - timedelta(seconds=3))
    assert stranger().post(path, {"do": "more", "shown": shown}).status_code == 409


def test_a_forged_cut_or_old_link_does_nothing(path: str, ada: Reader, insight: Insight) -> None:
    before = state(ada)
    long_ago = urlsplit(steering_url(ada.pk, insight.pk, DAY - timedelta(days=401))).path
    bob = Reader.objects.create_user("bob@example.org")
    head, tail = path.split("/")[2].split(":")[0], steering_token(bob.pk, insight.pk, DAY).split(":")[1]
    for wrong in (path[:-3] + "/", "/s/1/", "/s/W10:x/", f"/s/{head}:{tail}/", long_ago):
        assert stranger().get(wrong).status_code == 410
        assert press(wrong, "more").status_code == 410
    assert state(ada) == before


def test_a_link_of_a_reader_who_is_gone_is_answered_like_a_forged_one(path: str, ada: Reader) -> None:
    ada.delete()
    assert press(path, "more").content == press("/s/x/", "more").content
    assert not Feedback.objects.exists()


def test_a_link_made_twice_is_the_same_link(ada: Reader, insight: Insight) -> None:
    day = date(2026, 11, 23)
    assert steering_url(ada.pk, insight.pk, day) == steering_url(ada.pk, insight.pk, day)
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert steering_of(steering_token(7, 9, day), now) == (7, 9)


def test_a_page_counts_from_its_first_second_to_its_last_hour() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    nonce = nonce_for("token", now)
    for seconds, counts in ((0, False), (0.9, False), (1, True), (86_400, True), (86_401, False), (-5, False)):
        assert was_shown("token", nonce, now + timedelta(seconds=seconds)) == counts


def test_hostile_words_stay_words(ada: Reader, an_insight: Make, a_podcast: Make, an_episode: Make) -> None:
    evil = '"><script>alert(1)</script>'
    insight = an_insight(headline=evil, topics=[evil, "a/b\\c"], episode=an_episode(podcast=a_podcast(title=evil)))
    path = urlsplit(steering_url(ada.pk, insight.pk, DAY)).path
    assert b"<script>alert" not in press(path, f"mute topic {evil}").content
    assert document_of(Reader.objects.get()).mute_topics == (evil,)


# On the site


def test_who_is_signed_in_gets_there_from_the_insights_page(
    client: Client, ada: Reader, insight: Insight, settings: Settings
) -> None:
    settings.SITE_URL = "https://takefive.example"
    way = f"/i/{insight.public_id}/steer/"
    assert way in client.get(f"/i/{insight.public_id}/").content.decode()
    assert client.get(way)["Location"] == "/sign-in/"
    client.force_login(ada)
    assert "One click, about" in client.get(way, follow=True).content.decode()


def test_two_weeks_are_counted_in_the_readers_own_days(ada: Reader, insight: Insight) -> None:
    ada.zone = "Pacific/Kiritimati"
    ada.save()
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)  # there it is the 24th
    steer.act(ada.pk, insight, "snooze topic sleep", now)
    ada.refresh_from_db()
    assert document_of(ada).snooze_topics == {"sleep": date(2026, 12, 8)}
    for days, rests in ((13.9, True), (13.95, False)):  # it is still the 7th there, or the 8th has begun
        pressed = steer.pressed(ada, [insight], now + timedelta(days=days))[insight.pk]
        assert ("snooze topic sleep" in pressed) == rests
