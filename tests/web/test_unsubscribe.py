from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from takefive.accounts.links import unsubscribe_url
from takefive.accounts.models import Reader


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active")


def _path(reader: Reader) -> str:
    return urlsplit(unsubscribe_url(reader)).path


def test_opening_the_link_changes_nothing(ada: Reader, client: Client) -> None:
    for answer in (client.get(_path(ada)), client.head(_path(ada))):
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    ada.refresh_from_db()
    assert ada.status == "active"


def test_one_click_without_a_cookie_stops_the_mail(ada: Reader) -> None:
    form = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        answer = Client(enforce_csrf_checks=True).post(_path(ada), form)
        assert answer.status_code == 200
    ada.refresh_from_db()
    assert ada.status == "stopped"


def test_a_forged_or_cut_link_stops_nobody(ada: Reader, client: Client) -> None:
    path = _path(ada)
    for wrong in (path[:-4] + "/", path.replace("/stop/", "/stop/x"), "/stop/1/", "/stop/1:a:b/"):
        assert client.post(wrong).status_code == 404
    ada.refresh_from_db()
    assert ada.status == "active"


def test_the_link_of_a_reader_who_is_gone_is_answered_like_any_other(ada: Reader, client: Client) -> None:
    path = _path(ada)
    asked, stopped = client.get(path).content, client.post(path).content
    ada.delete()
    assert client.get(path).content == asked
    gone = client.post(path)
    assert (gone.status_code, gone.content) == (200, stopped)


def test_the_page_tells_nobody_whose_link_it_is(ada: Reader, client: Client) -> None:
    assert "ada@" not in client.get(_path(ada)).content.decode()
    assert client.get(_path(ada))["Referrer-Policy"] == "same-origin"
