"""The link and the code of a mail: each way in which they must not work, and the ways in which they do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from letters import Letter, Mailbox
from takefive.accounts.models import Challenge, Reader

ADDRESS = "ada@example.org"
SITE = "https://takefive.example"


@pytest.fixture(autouse=True)
def _in_public(settings: object) -> None:
    """At home nobody needs to sign in; here we look from outside."""
    settings.SITE_URL = SITE  # type: ignore[attr-defined]


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user(ADDRESS, status="active")


@pytest.fixture
def letter(ada: Reader, client: Client, mailbox: Mailbox) -> Letter:
    """A mail to sign in, asked for by `client`."""
    client.post("/sign-in/", {"email": ADDRESS})
    return mailbox.only()


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def state() -> list[object]:
    return [*Challenge.objects.values().order_by("pk"), *Reader.objects.values().order_by("pk")]


def test_a_click_in_the_browser_that_asked_signs_in(letter: Letter, client: Client) -> None:
    assert "Sign in</button>" in client.get(letter.path, follow=True).content.decode()
    assert client.post("/confirm/")["Location"] == "/account/"
    assert is_in(client)


def test_the_code_signs_in_in_the_browser_that_asked(letter: Letter, client: Client) -> None:
    client.post("/confirm/", {"code": letter.code})
    assert is_in(client)


def test_scanners_that_open_the_link_change_nothing(letter: Letter, client: Client) -> None:
    before = state()
    for scanner in (Client(), client):
        for method in (scanner.get, scanner.head):
            assert method(letter.path, follow=True).status_code == 200
    assert state() == before
    client.get(letter.path)
    client.post("/confirm/")
    assert is_in(client)


def test_a_scanner_that_runs_scripts_and_presses_the_button_spends_nothing(letter: Letter, client: Client) -> None:
    scanner = Client()
    scanner.get(letter.path, follow=True)
    assert scanner.post("/confirm/").status_code == 422
    assert scanner.post("/confirm/", {"code": ""}).status_code == 422
    assert not is_in(scanner)
    client.get(letter.path)
    client.post("/confirm/")
    assert is_in(client)


def test_in_another_browser_the_link_asks_for_the_code(letter: Letter) -> None:
    other = Client()
    page = other.get(letter.path, follow=True).content.decode()
    assert "six digits" in page
    assert ADDRESS not in page
    other.post("/confirm/", {"code": letter.code})
    assert is_in(other)


def test_the_code_alone_opens_no_other_browser(letter: Letter) -> None:
    other = Client()
    other.post("/sign-in/", {"email": "mallory@example.org"})
    assert other.post("/confirm/", {"code": letter.code}).status_code == 422
    assert not is_in(other)


@pytest.mark.parametrize("way", ["link", "code"])
def test_nothing_works_twice(way: str, letter: Letter, client: Client) -> None:
    client.post("/confirm/", {"code": letter.code})
    client.post("/sign-out/")
    if way == "link":
        assert client.get(letter.path, follow=True).status_code == 410
        assert client.post("/confirm/").status_code == 422
    else:
        assert client.post("/confirm/", {"code": letter.code}).status_code == 422
    assert not is_in(client)


def test_using_one_mail_uses_up_the_others(letter: Letter, client: Client, mailbox: Mailbox) -> None:
    client.post("/sign-in/", {"email": ADDRESS})
    second = mailbox.only()
    client.post("/confirm/", {"code": second.code})
    assert Client().get(letter.path, follow=True).status_code == 410


def test_of_two_at_once_one_gets_in(letter: Letter, client: Client) -> None:
    from takefive.accounts import challenges

    challenge = Challenge.objects.get()
    now = timezone.now()
    assert challenges._use(challenge, now) is not None
    assert challenges._use(challenge, now) is None


@pytest.mark.parametrize(("purpose", "lives"), [("sign in", timedelta(minutes=15)), ("sign up", timedelta(hours=24))])
def test_a_link_and_its_code_are_soon_too_old(purpose: str, lives: timedelta, client: Client, mailbox: Mailbox) -> None:
    if purpose == "sign in":
        Reader.objects.create_user(ADDRESS, status="active")
    client.post("/sign-in/" if purpose == "sign in" else "/sign-up/", {"email": ADDRESS})
    letter = mailbox.only()
    challenge = Challenge.objects.get()
    assert challenge.mailed_at is not None
    assert challenge.expires_at == challenge.mailed_at + lives
    Challenge.objects.update(expires_at=timezone.now())
    assert client.post("/confirm/", {"code": letter.code}).status_code == 422
    assert client.get(letter.path, follow=True).status_code == 410
    assert not is_in(client)


def test_after_five_wrong_codes_the_right_one_fails_too(letter: Letter, client: Client) -> None:
    wrong = "000000" if letter.code != "000 000" else "111111"
    for _ in range(5):
        assert client.post("/confirm/", {"code": wrong}).status_code == 422
    assert client.post("/confirm/", {"code": letter.code}).status_code == 422
    assert not is_in(client)


def test_what_is_no_code_is_no_try(letter: Letter, client: Client) -> None:
    for typed in ("", "12345", "abcdef", "1234567", "٣٣٣٣٣٣", "9" * 100_000):
        assert client.post("/confirm/", {"code": typed}).status_code == 422
    assert client.post("/confirm/", {"code": letter.code.replace(" ", "-")}).status_code == 302


def test_a_cut_or_forged_link_opens_nothing(letter: Letter, client: Client) -> None:
    for wrong in (letter.token[:-1], letter.token[:-1] + "x", "x" * 43, "x", "x" * 5000, "%0d%0aSet-Cookie:a=b"):
        answer = client.get(f"/confirm/{wrong}/", follow=True)
        assert answer.status_code == 410
        assert "This link is over" in answer.content.decode()
    assert client.post("/confirm/").status_code == 422


def test_nobody_is_let_in_without_a_link_or_a_code(client: Client, ada: Reader) -> None:
    Challenge.objects.create(email=ADDRESS, purpose="sign in", browser="", client="")  # not mailed yet
    assert client.post("/confirm/").status_code == 422
    assert client.post("/confirm/", {"code": "000000"}).status_code == 422
    client.cookies["takefive-link"] = ""
    client.cookies["takefive-browser"] = ""
    assert client.post("/confirm/", {"code": "000000"}).status_code == 422


def test_the_tables_keep_neither_token_nor_code_nor_cookie_nor_network(letter: Letter, client: Client) -> None:
    secrets = {letter.token, client.cookies["takefive-browser"].value, "127.0.0.1"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_challenge::text FROM accounts_challenge")
        (row,) = cursor.fetchone()
        cursor.execute("SELECT coalesce(string_agg(args::text, ' '), '') FROM procrastinate_jobs")
        (jobs,) = cursor.fetchone()
    assert not any(secret in row + jobs for secret in secrets)
    assert letter.code.replace(" ", "") not in jobs
    assert Challenge.objects.get().code not in {letter.code, letter.code.replace(" ", "")}


def test_a_token_has_256_bits(letter: Letter) -> None:
    assert len(letter.token) == 43


def test_the_address_that_holds_the_token_is_never_passed_on(letter: Letter, client: Client) -> None:
    answer = client.get(letter.path)
    assert (answer.status_code, answer["Location"]) == (302, "/confirm/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert letter.token not in client.get("/confirm/").content.decode()
    assert Client().get("/confirm/cut/")["Referrer-Policy"] == "no-referrer"


def test_cookies_are_kept_from_scripts_and_other_sites(letter: Letter, client: Client, settings: object) -> None:
    settings.SESSION_COOKIE_SECURE = True  # type: ignore[attr-defined]
    client.post("/sign-in/", {"email": ADDRESS})
    client.get(letter.path)
    for name in ("takefive-browser", "takefive-link"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True), name
    assert client.cookies["takefive-link"]["path"] == "/confirm/"


def test_signing_in_gives_a_new_session(letter: Letter, client: Client) -> None:
    client.session["planted"] = "before"
    planted = client.session
    planted["x"] = "y"
    planted.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted.session_key
    client.post("/confirm/", {"code": letter.code})
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != planted.session_key


def test_links_are_made_from_the_sites_own_address(ada: Reader, client: Client, mailbox: Mailbox) -> None:
    headers = {"host": "localhost", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http"}
    client.post("/sign-in/", {"email": ADDRESS}, headers=headers)
    letter = mailbox.only()
    assert f"{SITE}/confirm/{letter.token}/" in letter.text
    assert "evil.example" not in letter.message.as_string()
    assert "localhost" not in letter.message.as_string()


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        ("active", "Sign in to Takefive"),
        ("stopped", "Sign in to Takefive"),
        ("pending", "Confirm your address for Takefive"),
        (None, None),
        ("operator", None),
    ],
)
def test_who_asks_to_sign_in_gets_the_same_page_and_the_mail_that_fits(
    status: str | None, subject: str | None, client: Client, mailbox: Mailbox
) -> None:
    if status == "operator":
        Reader.objects.create_superuser(ADDRESS, "x")
    elif status:
        Reader.objects.create_user(ADDRESS, status=status)
    answer = client.post("/sign-in/", {"email": ADDRESS.upper()}, follow=True)
    assert "If that address has an account" in answer.content.decode()
    assert [letter.message["Subject"] for letter in mailbox.fetch()] == ([subject] if subject else [])


def test_who_was_made_an_operator_meanwhile_is_not_let_in(letter: Letter, client: Client, ada: Reader) -> None:
    Reader.objects.filter(pk=ada.pk).update(is_staff=True)
    assert client.post("/confirm/", {"code": letter.code}).status_code == 422
    assert not is_in(client)


def test_signing_in_agrees_to_nothing(letter: Letter, client: Client, ada: Reader) -> None:
    Reader.objects.filter(pk=ada.pk).update(status="stopped")
    client.post("/confirm/", {"code": letter.code})
    assert is_in(client)
    ada.refresh_from_db()
    assert (ada.status, ada.consented_at) == ("stopped", None)


def test_signing_out_needs_a_post_and_closes_the_account(letter: Letter, client: Client) -> None:
    client.post("/confirm/", {"code": letter.code})
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    assert client.post("/sign-out/")["Location"] == "/"
    assert not is_in(client)
    assert client.get("/account/")["Location"] == "/sign-in/"


def test_asking_again_in_the_same_browser_keeps_the_first_link_alive(
    letter: Letter, client: Client, mailbox: Mailbox
) -> None:
    for _ in range(3):
        client.post("/sign-in/", {"email": ADDRESS})
    assert len(mailbox.fetch()) == 2  # three within ten minutes
    client.get(letter.path)
    client.post("/confirm/")
    assert is_in(client)


def test_ten_mails_a_day_are_the_most_for_one_client(client: Client, ada: Reader, mailbox: Mailbox) -> None:
    for hour in range(8, 20):
        client.post("/sign-in/", {"email": ADDRESS}, REMOTE_ADDR="203.0.113.9")
        mailbox.fetch()
        Challenge.objects.filter(mailed_at__gt=timezone.now() - timedelta(minutes=1)).update(
            mailed_at=timezone.now() - timedelta(hours=hour)
        )
    assert Challenge.objects.filter(status="sent").count() == 10
    assert Challenge.objects.filter(status="dropped").count() == 2
    assert len(_asked_from("203.0.113.10", client, mailbox)) == 1  # a stranger does not lock the reader out


def test_however_many_clients_ask_one_address_gets_fifty_mails_a_day(
    client: Client, ada: Reader, mailbox: Mailbox
) -> None:
    now = timezone.now()
    row = {"email": ADDRESS, "purpose": "sign in", "status": "sent", "mailed_at": now - timedelta(hours=1)}
    Challenge.objects.bulk_create(Challenge(client=f"client {n}", **row) for n in range(49))
    assert len(_asked_from("203.0.113.9", client, mailbox)) == 1
    assert _asked_from("203.0.113.10", client, mailbox) == []


def _asked_from(network: str, client: Client, mailbox: Mailbox) -> list[Letter]:
    client.post("/sign-in/", {"email": ADDRESS}, REMOTE_ADDR=network)
    return mailbox.fetch()
