from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from takefive.accounts.links import nonce_for, unsubscribe_url
from takefive.accounts.models import Reader

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active")


def _path(reader: Reader) -> str:
    return urlsplit(unsubscribe_url(reader)).path


def _shown(path: str, seconds: float) -> str:
    """What the page's form carries that was opened so long ago."""
    return nonce_for(path.split("/")[2], timezone.now() - timedelta(seconds=seconds))


def _unmarked(answer: Any) -> str:
    return re.sub(r'value="[^"]+"', "", answer.content.decode())


def test_opening_the_link_changes_nothing(ada: Reader, client: Client) -> None:
    for answer in (client.get(_path(ada)), client.head(_path(ada))):
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    ada.refresh_from_db()
    assert ada.status == "active"


def test_one_click_without_a_cookie_stops_the_mail(ada: Reader) -> None:
    for _ in range(2):
        answer = Client(enforce_csrf_checks=True).post(_path(ada), ONE_CLICK)
        assert answer.status_code == 200
    ada.refresh_from_db()
    assert ada.status == "stopped"


def test_who_opens_the_page_and_presses_its_button_stops_the_mail(
    ada: Reader, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(_path(ada)).content.decode()
    (shown,) = re.findall(r'name="shown" value="([^"]+)"', page)
    monkeypatch.setattr("takefive.accounts.links._PRESSED_AT_ONCE", timedelta(0))  # instead of reading for a second
    answer = Client(enforce_csrf_checks=True).post(_path(ada), {"shown": shown})
    assert answer.status_code == 200
    assert "no more mail" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.status == "stopped"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver"])
def test_any_other_form_is_shown_the_page_and_stops_nobody(origin: str, ada: Reader) -> None:
    path, other = _path(ada), _path(Reader.objects.create_user("bob@example.org"))
    marks = [_shown(path, 0), _shown(path, 90_000), _shown(other, 3), "", "1:x"]
    forms = [{}, {"do": "more"}, {"List-Unsubscribe": "yes"}, *({"shown": mark} for mark in marks)]
    for form in forms:
        answer = Client().post(path, form, headers={"Origin": origin})
        assert answer.status_code == 409
        assert "Nothing was changed yet" in answer.content.decode()
    assert Client().post(f"{path}?List-Unsubscribe=One-Click").status_code == 409
    ada.refresh_from_db()
    assert ada.status == "active"


def test_a_forged_or_cut_link_stops_nobody(ada: Reader, client: Client) -> None:
    path = _path(ada)
    for wrong in (path[:-4] + "/", path.replace("/stop/", "/stop/x"), "/stop/1/", "/stop/1:a:b/"):
        assert client.post(wrong, ONE_CLICK).status_code == 404
    ada.refresh_from_db()
    assert ada.status == "active"


def test_the_link_of_a_reader_who_is_gone_is_answered_like_any_other(ada: Reader, client: Client) -> None:
    path = _path(ada)
    asked, stopped = _unmarked(client.get(path)), client.post(path, ONE_CLICK).content
    ada.delete()
    assert _unmarked(client.get(path)) == asked
    gone = client.post(path, ONE_CLICK)
    assert (gone.status_code, gone.content) == (200, stopped)


def test_the_page_tells_nobody_whose_link_it_is(ada: Reader, client: Client) -> None:
    assert "ada@" not in client.get(_path(ada)).content.decode()
    assert client.get(_path(ada))["Referrer-Policy"] == "same-origin"
