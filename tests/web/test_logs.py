"""The log as an operator reads it: the handler and formatter of the settings, the warnings of Django itself."""

from __future__ import annotations

import io
import logging

import pytest
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from takefive.web.urls import urlpatterns

TOKEN = "kolibri-5:x_Y"
SECRET = ("token", "key")


def secret_paths() -> list[str]:
    """Every address of ours with something in it that nobody else may know."""
    patterns = [one for one in urlpatterns if isinstance(one, URLPattern)]
    secret = [str(one.pattern) for one in patterns if set(SECRET) & one.pattern.converters.keys()]
    return ["/" + path.replace("<str:token>", TOKEN).replace("<str:key>", TOKEN) for path in secret]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "stderr"]
    written = io.StringIO()
    monkeypatch.setattr(handler, "stream", written)  # setStream would flush what an earlier test has closed
    return written


def test_there_are_such_addresses() -> None:
    assert {path.split("/")[1] for path in secret_paths()} == {"confirm", "feed", "hub", "listen", "s", "stop"}


@pytest.mark.parametrize("path", secret_paths())
def test_a_warning_of_django_names_the_page_and_not_the_token(path: str, db: None, log: io.StringIO) -> None:
    for tried in (path, f"{path}nowhere/"):
        Client().generic("DELETE", tried)
        Client().get(tried)
    assert f"/{path.split('/')[1]}/…" in log.getvalue()
    assert TOKEN not in log.getvalue()


def test_a_page_that_breaks_tells_its_traceback_without_the_token(
    db: None, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(token: str) -> int:
        raise OSError(f"no answer for /stop/{token}/")

    monkeypatch.setattr("takefive.web.views.unsubscribe.reader_id_of", broken)
    Client(raise_request_exception=False).get(f"/stop/{TOKEN}/")
    assert "Traceback" in log.getvalue()
    assert "OSError: no answer for /stop/…" in log.getvalue()
    assert TOKEN not in log.getvalue()


def test_our_own_whole_address_is_cut_and_a_publishers_is_kept(log: io.StringIO, settings: Settings) -> None:
    logging.getLogger("takefive").warning("%s/feed/%s/brief.atom", settings.SITE_URL, TOKEN)
    logging.getLogger("takefive").warning("https://show.example/feed/podcast/ gave 404, as http://show.example:81/s/1")
    ours, theirs = log.getvalue().splitlines()
    assert ours.endswith("/feed/…")
    assert "https://show.example/feed/podcast/ gave 404, as http://show.example:81/s/1" in theirs


def test_nothing_but_our_handler_writes_what_django_has_to_say() -> None:
    assert not logging.getLogger("django").handlers
