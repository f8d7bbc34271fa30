"""Attacks on signing in, by name. What single pages promise stands in test_confirm.py, test_sign_up.py and test_visitor.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from letters import Letter, Mailbox
from takefive.accounts.models import Challenge, Reader

PUBLIC = "https://takefive.example"
EVIL = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "https:evil.example",
]
ELSEWHERE = [
    "evil.example",
    "takefive.example.evil.example",
    "evil.example:443",
    "takefive.example@evil.example",
    "127.0.0.1.evil.example",
]


@pytest.fixture
def eve(transactional_db: None, settings: Settings) -> Reader:
    settings.SITE_URL = PUBLIC
    settings.ALLOWED_HOSTS = ["takefive.example", "testserver"]
    return Reader.objects.create_user("eve@example.org", status="active")


@pytest.fixture
def post_box(tmp_path: Any, settings: Settings) -> Mailbox:
    settings.OUTBOX = tmp_path / "outbox"
    return Mailbox(settings.OUTBOX)


@pytest.fixture
def letter(eve: Reader, client: Client, post_box: Mailbox) -> Letter:
    client.post("/sign-in/", {"email": eve.email})
    return post_box.only()


def again(cookies: SimpleCookie) -> Client:
    """Another program with the same cookies."""
    other = Client()
    other.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
    return other


def at_once(many: int, do: Callable[[int], Any]) -> list[Any]:
    """Do it in so many threads at the same time."""

    def one(number: int) -> Any:
        try:
            return do(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(one, range(many)))


def is_in(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer["Location"] == "/account/")


def test_race_of_a_link_lets_exactly_one_in(letter: Letter, client: Client) -> None:
    client.get(letter.path)
    answers = at_once(8, lambda _: again(client.cookies).post("/confirm/"))
    assert sum(map(is_in, answers)) == 1


def test_race_of_a_code_lets_exactly_one_in(letter: Letter, client: Client) -> None:
    answers = at_once(8, lambda _: again(client.cookies).post("/confirm/", {"code": letter.code}))
    assert sum(map(is_in, answers)) == 1


def test_race_of_guesses_gets_no_more_than_five_tries(letter: Letter, client: Client) -> None:
    wrong = [f"{number:06}" for number in range(20) if f"{number:06}" != letter.code.replace(" ", "")]
    at_once(12, lambda number: again(client.cookies).post("/confirm/", {"code": wrong[number]}))
    assert Challenge.objects.get().tries == 5
    assert not is_in(client.post("/confirm/", {"code": letter.code}))


def test_race_of_mails_to_one_address_stays_within_the_rate(eve: Reader, post_box: Mailbox) -> None:
    at_once(8, lambda _: Client().post("/sign-in/", {"email": eve.email}))
    assert len(post_box.fetch()) == 3


def test_a_used_link_is_of_no_use_in_any_browser(letter: Letter, client: Client) -> None:
    client.get(letter.path)
    before = again(client.cookies)
    assert is_in(client.post("/confirm/"))
    for other in (before, again(client.cookies), Client()):
        other.get(letter.path)
        assert not is_in(other.post("/confirm/"))
        assert not is_in(other.post("/confirm/", {"code": letter.code}))


def test_an_expired_link_is_of_no_use_to_anybody(letter: Letter, client: Client) -> None:
    Challenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    client.get(letter.path)
    assert not is_in(client.post("/confirm/"))
    assert not is_in(client.post("/confirm/", {"code": letter.code}))


def test_a_stolen_link_without_the_browser_is_of_no_use(letter: Letter) -> None:
    thief = Client()
    thief.get(letter.path)
    assert not is_in(thief.post("/confirm/"))
    assert Challenge.objects.get().used_at is None


def test_a_browser_made_up_by_the_thief_is_not_the_one_that_asked(letter: Letter) -> None:
    thief = Client()
    thief.post("/sign-in/", {"email": "thief@example.org"})
    thief.get(letter.path)
    assert not is_in(thief.post("/confirm/"))


def test_a_session_fixed_before_signing_in_is_replaced(letter: Letter, client: Client) -> None:
    client.cookies["sessionid"] = "a" * 32
    client.get(letter.path)
    client.post("/confirm/")
    assert client.cookies["sessionid"].value != "a" * 32
    assert again(SimpleCookie({"sessionid": "a" * 32})).get("/account/").status_code == 302


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_wrong_host_header_is_refused_and_never_in_a_mail(host: str, eve: Reader, post_box: Mailbox) -> None:
    answer = Client().post("/sign-in/", {"email": eve.email}, headers={"host": host})
    assert answer.status_code == 400
    assert post_box.fetch() == []
    Client().post("/sign-in/", {"email": eve.email}, headers={"x-forwarded-host": host, "forwarded": f"host={host}"})
    letter = post_box.only()
    assert f"{PUBLIC}/confirm/" in letter.text
    assert "evil" not in letter.message.as_string()


def test_forwarded_for_made_up_by_a_client_neither_lifts_its_limit_nor_signs_it_in(eve: Reader) -> None:
    answers = [
        Client()
        .post("/sign-in/", {"email": f"x{n}@example.org"}, headers={"x-forwarded-for": f"198.51.100.{n}"})
        .status_code
        for n in range(25)
    ]
    assert answers.count(429) == 5
    for name in ("x-forwarded-for", "x-real-ip", "forwarded", "client-ip", "true-client-ip"):
        assert Client(REMOTE_ADDR="203.0.113.9").get("/account/", headers={name: "127.0.0.1"}).status_code == 302


@pytest.mark.parametrize("evil", EVIL)
def test_no_redirect_leads_away(evil: str, letter: Letter, client: Client) -> None:
    for name in ("next", "then", "url", "redirect", "return_to", "continue"):
        told = {name: evil}
        answers = [
            client.post("/sign-in/", {"email": "eve@example.org"} | told, query_params=told),
            client.post("/sign-up/", {"email": "new@example.org"} | told, query_params=told),
            client.get("/confirm/", told),
            client.get(letter.path, told),
            client.get("/account/", told),
            client.post("/sign-out/", told, query_params=told),
        ]
        for answer in answers:
            assert "evil" not in answer.get("Location", "")
            assert answer.get("Location", "/").startswith("/")
            assert not answer.get("Location", "/").startswith(("//", "/\\"))
    for path in (f"/{evil}", f"//{evil}", f"/confirm/{evil}", f"/account{evil}"):
        location = client.get(path).get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))


FORMS = [
    "/sign-in/", "/sign-up/", "/confirm/", "/sign-out/", "/account/", "/account/mail/", "/account/delete/",
    "/account/channels/feed/", "/account/channels/webhook/", "/account/channels/chat/", "/account/channels/podcast/",
]  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}, {"referer": "https://evil.example/"}]
)
def test_no_form_from_another_site_is_taken(path: str, headers: dict[str, str], eve: Reader) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(eve)
    answer = strict.post(
        path, {"email": "eve@example.org", "do": "open", "want": "nothing"}, headers=headers, secure=True
    )
    assert answer.status_code == 403
    eve.refresh_from_db()
    assert eve.status == "active"
    assert not eve.outlets.exists()


def test_nothing_tells_whether_an_address_is_a_readers(eve: Reader) -> None:
    def told(path: str, email: str) -> tuple[int, str, bytes, set[str], set[str]]:
        browser = Client()
        answer = browser.post(path, {"email": email})
        after = browser.get(answer["Location"])
        page = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", after.content)  # drawn by lot for each page
        return answer.status_code, answer["Location"], page, set(answer.headers), set(answer.cookies)

    Reader.objects.create_user("boss@example.org", status="active", is_staff=True)
    Reader.objects.create_user("gone@example.org", status="stopped")
    for path in ("/sign-in/", "/sign-up/"):
        known = told(path, "eve@example.org")
        for email in ("nobody@example.org", "boss@example.org", "gone@example.org", "EVE@EXAMPLE.ORG"):
            assert told(path, email) == known


def test_another_readers_pages_and_files_are_out_of_reach(eve: Reader, client: Client) -> None:
    bob = Reader.objects.create_user("bob@example.org", status="active", interests="walruses")
    client.force_login(eve)
    for path in (f"/account/?reader={bob.pk}", f"/account/export.json?id={bob.pk}", f"/account/export.md?pk={bob.pk}"):
        assert b"walruses" not in client.get(path).content
    client.post("/account/", {"id": bob.pk, "pk": bob.pk, "email": "bob@example.org", "interests": "taken"})
    bob.refresh_from_db()
    assert bob.interests == "walruses"
