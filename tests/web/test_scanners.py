"""Mail scanners against every link of real mails: whatever they do, nothing changes and no token is spent.

Four kinds: those that look ahead (HEAD, prefetch), those that open links, those that open them in a real browser and press every
button they find, and those that POST. The one exception is the one-click unsubscribe POST, which RFC 8058 wants to act.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from letters import Letter, Mailbox
from takefive.accounts.models import Challenge, Reader
from takefive.delivery.message import compose
from takefive.pipeline.contents import content
from takefive.store.models import Brief, Insight
from web.test_pages_in_browser import browser  # noqa: F401 - a fixture

Make = Callable[..., Any]
LOOKING = [
    ("HEAD", {}),
    ("GET", {"Purpose": "prefetch"}),
    ("GET", {"Sec-Purpose": "prefetch;prerender"}),
    ("GET", {"X-Moz": "prefetch"}),
    ("GET", {"Range": "bytes=0-0"}),
    ("GET", {"User-Agent": "Mozilla/5.0 (compatible; SafeLinks)"}),
    ("OPTIONS", {}),
]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
POSTING: list[dict[str, str]] = [
    {},
    {"do": "more"},
    {"do": "mute show", "shown": "x"},
    ONE_CLICK,
    {"code": "000000"},
]


def state() -> dict[str, list[str]]:
    """Every row of every table of ours, in words; sessions, jobs and the count of previews are no state of a reader."""
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("accounts_", "store_")):
                counted = "WHERE email <> ''" if table == "accounts_challenge" else ""
                cursor.execute(f'SELECT t::text FROM "{table}" t {counted} ORDER BY 1')
                told[table] = [row[0] for row in cursor.fetchall()]
    return told


@pytest.fixture
def brief_links(library: Insight) -> list[str]:
    """All addresses of ours in a brief as it is mailed: both halves and the headers."""
    Reader.objects.update(status="active")
    mail = compose(content(Brief.objects.get()), now=timezone.now())
    halves = "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
    found = re.findall(
        r"https?://127\.0\.0\.1:8000[^\s\"'<>)]*", halves.replace("&amp;", "&") + str(mail["List-Unsubscribe"])
    )
    paths = sorted({urlsplit(address).path for address in found})
    assert any(path.startswith("/stop/") for path in paths)
    assert any(path.startswith("/s/") for path in paths)
    return paths


@pytest.fixture
def letter(mailbox: Mailbox, client: Client, db: None) -> Letter:
    """A mail to sign in with; `client` is the browser that asked for it."""
    Reader.objects.create_user("eve@example.org", status="active")
    client.post("/sign-in/", {"email": "eve@example.org"})
    return mailbox.only()


def test_who_looks_ahead_or_opens_changes_nothing(brief_links: list[str], letter: Letter) -> None:
    before = state()
    for path in [*brief_links, letter.path, "/confirm/"]:
        for method, headers in LOOKING:
            Client().generic(method, path, headers=headers)
    assert state() == before


def test_who_posts_to_every_link_changes_nothing_but_by_the_one_click(brief_links: list[str], letter: Letter) -> None:
    before = state()
    for path in [*brief_links, letter.path, "/confirm/"]:
        for form in POSTING:
            if not (path.startswith("/stop/") and form == ONE_CLICK):
                Client().post(path, form)
    assert state() == before


def test_the_one_click_post_is_the_exception_and_acts_once_for_all(brief_links: list[str]) -> None:
    (stop,) = [path for path in brief_links if path.startswith("/stop/")]
    for _ in range(3):
        assert Client().post(stop, ONE_CLICK).status_code == 200
    assert set(Reader.objects.filter(email="ada@example.org").values_list("status", flat=True)) == {"stopped"}


PRESS_ALL = """() => Promise.all([...document.forms].flatMap(form => [...form.querySelectorAll("button")].map(button =>
  form.method === "post" && fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form, button))}))))"""


def scan(driver: Any, address: str) -> int:
    """Open a page in a browser of its own with scripts on, press every button at once, then one as a person does; how many."""
    context = driver.new_context()
    page = context.new_page()
    page.route("https://**", lambda route: route.abort())
    page.goto(address)
    buttons = page.locator("form[method=post] button")
    count = int(buttons.count())
    page.evaluate(PRESS_ALL)
    if count:
        buttons.first.click(no_wait_after=True)
        page.wait_for_load_state()
    context.close()
    return count


def test_who_runs_scripts_and_presses_every_button_at_once_changes_nothing(
    brief_links: list[str],
    letter: Letter,
    browser: Any,  # noqa: F811
    live_server: Any,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.SITE_URL = "https://takefive.example"  # the machine is no reader's home: nobody is signed in
    settings.ALLOWED_HOSTS = ["*"]
    # "At once" is a second; a busy machine may need longer to press, and this is no test of the machine.
    monkeypatch.setattr("takefive.accounts.links._PRESSED_AT_ONCE", timedelta(minutes=5))
    before = state()
    steering = [path for path in brief_links if path.startswith("/s/")]
    others = [path for path in brief_links if not path.startswith("/s/")]
    pressed = [scan(browser, live_server.url + path) for path in [*steering[:6], *others, letter.path]]
    assert sum(pressed) > 10
    assert state() == before


def test_after_all_scanners_the_reader_still_gets_in(letter: Letter, client: Client) -> None:
    for method, headers in LOOKING:
        Client().generic(method, letter.path, headers=headers)
    other = Client()
    other.get(letter.path)
    other.post("/confirm/")
    assert Challenge.objects.get().used_at is None
    assert client.get(letter.path, follow=True).status_code == 200
    assert client.post("/confirm/").status_code == 302
    assert Challenge.objects.get().used_at is not None
