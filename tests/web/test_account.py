from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from letters import Mailbox
from takefive.accounts.consent import CONSENT
from takefive.accounts.models import Challenge, Reader
from takefive.store.models import Brief, BriefItem, Delivery, Insight
from takefive.web.forms import AccountForm

Make = Callable[..., Any]
MARKER = "okapi"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
CHOICES = {
    "interests": "whales; not crypto",
    "hour": "6",
    "zone": "Asia/Tokyo",
    "frequency": "weekdays",
    "pause_until": "",
    "serendipity": "2",
}


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user(f"ada@{MARKER}.example", status="active", interests=f"{MARKER} sleep")


@pytest.fixture
def signed_in(client: Client, ada: Reader, settings: Settings) -> Client:
    settings.SITE_URL = "https://takefive.example"
    client.force_login(ada)
    return client


def traces(marker: str) -> dict[str, int]:
    """In how many rows of which tables the marker stands, whatever the column."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{marker}%"])
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


def test_choices_are_kept(signed_in: Client, ada: Reader) -> None:
    rest = timezone.localdate() + timedelta(days=9)
    answer = signed_in.post("/account/", CHOICES | {"pause_until": rest.isoformat()}, follow=True)
    page = answer.content.decode()
    assert "Saved." in page
    assert "whales; not crypto</textarea>" in page
    assert '<option value="6" selected>' in page
    ada.refresh_from_db()
    kept = (ada.interests, ada.hour, ada.zone, ada.frequency, ada.pause_until, ada.serendipity)
    assert kept == ("whales; not crypto", 6, "Asia/Tokyo", "weekdays", rest, 2)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("hour", "24"),
        ("hour", "-1"),
        ("hour", "seven"),
        ("zone", "Mars/Olympus"),
        ("zone", "../../etc/passwd"),
        ("zone", ""),
        ("frequency", "hourly"),
        ("pause_until", "9999-12-31"),
        ("pause_until", "soon"),
        ("serendipity", "6"),
        ("interests", "x" * 15_001),
    ],
)
def test_a_wrong_choice_is_shown_again_and_nothing_is_kept(
    field: str, wrong: str, signed_in: Client, ada: Reader
) -> None:
    answer = signed_in.post("/account/", CHOICES | {field: wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert Reader.objects.values_list("interests", "hour").get() == (ada.interests, ada.hour)


def test_a_rest_that_is_over_is_no_rest(signed_in: Client, ada: Reader) -> None:
    signed_in.post("/account/", CHOICES | {"pause_until": "2020-01-01"})
    ada.refresh_from_db()
    assert ada.pause_until is None


@pytest.mark.parametrize("between", ["stopped", "deleted"])
def test_choices_undo_nothing_that_came_in_between(
    between: str, signed_in: Client, ada: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(form: AccountForm) -> str:
        rows = Reader.objects.filter(pk=ada.pk)
        rows.update(status="stopped") if between == "stopped" else rows.delete()
        return str(form.cleaned_data["interests"])

    monkeypatch.setattr(AccountForm, "clean_interests", meanwhile, raising=False)
    signed_in.post("/account/", CHOICES)
    kept = [("stopped", "whales; not crypto")] if between == "stopped" else []
    assert list(Reader.objects.values_list("status", "interests")) == kept


def test_nobody_gives_themselves_more_than_the_form_has(signed_in: Client, ada: Reader) -> None:
    more = {"is_staff": "1", "is_superuser": "1", "status": "stopped", "email": "other@example.org", "id": "99"}
    signed_in.post("/account/", CHOICES | more)
    fields = ("pk", "email", "status", "is_staff", "is_superuser")
    assert Reader.objects.values_list(*fields).get() == (ada.pk, ada.email, "active", False, False)


def test_what_a_reader_writes_is_text(signed_in: Client) -> None:
    page = signed_in.post("/account/", CHOICES | {"interests": "</textarea><script>alert(1)</script>"}, follow=True)
    assert b"<script>alert" not in page.content


def test_the_page_says_when_the_next_brief_is_due(signed_in: Client, ada: Reader) -> None:
    Reader.objects.update(pause_until=date(2098, 1, 4), frequency="weekly")
    page = signed_in.get("/account/").content.decode()
    assert "It rests until 4 January 2098" in page
    assert "Monday, 6\u00a0January\u00a02098" in page


def test_a_rest_whose_day_has_come_is_not_told_of(signed_in: Client, ada: Reader) -> None:
    for days, told in ((0, False), (-3, False), (3, True)):
        Reader.objects.update(pause_until=timezone.localdate() + timedelta(days=days))
        assert ("It rests until" in signed_in.get("/account/").content.decode()) == told


def test_stopping_and_starting_the_mail(signed_in: Client, ada: Reader) -> None:
    signed_in.post("/account/mail/", {"want": "nothing"})
    ada.refresh_from_db()
    assert ada.status == "stopped"
    page = signed_in.get("/account/").content.decode()
    assert "No brief is sent to you" in page
    assert CONSENT in page
    signed_in.post("/account/mail/", {"want": "brief"})
    ada.refresh_from_db()
    assert (ada.status, ada.consent) == ("active", CONSENT)
    assert ada.consented_at is not None


@pytest.mark.parametrize(
    "path", ["/account/", "/account/export.json", "/account/export.md", "/account/delete/", "/account/mail/"]
)
def test_in_public_nobody_sees_an_account_without_signing_in(path: str, ada: Reader, settings: Settings) -> None:
    settings.SITE_URL = "https://takefive.example"
    for method in ("get", "post"):
        answer = getattr(Client(), method)(path)
        assert answer.status_code == 405 or answer["Location"] == "/sign-in/"
    assert Reader.objects.count() == 1


def test_everyone_sees_and_changes_only_their_own(signed_in: Client, ada: Reader) -> None:
    bob = Reader.objects.create_user("bob@example.org", status="active", interests="bobs own")
    for path in (f"/account/?id={bob.pk}&reader={bob.pk}", f"/account/export.json?id={bob.pk}"):
        assert b"bob" not in signed_in.get(path).content
    signed_in.post(f"/account/?id={bob.pk}", CHOICES | {"id": bob.pk, "email": bob.email})
    signed_in.post("/account/delete/", {"id": bob.pk})
    assert list(Reader.objects.values_list("email", "interests")) == [("bob@example.org", "bobs own")]


def test_no_page_of_an_account_is_kept_by_anybody(signed_in: Client) -> None:
    for path in (
        "/account/",
        "/account/export.json",
        "/account/export.md",
        "/account/delete/",
        "/sign-in/",
        "/confirm/",
    ):
        assert "no-store" in signed_in.get(path)["Cache-Control"], path


# At home


def test_at_home_the_only_reader_needs_no_sign_in(client: Client, ada: Reader) -> None:
    Reader.objects.create_superuser("operator@example.org", "x")
    assert ada.email in client.get("/account/").content.decode()
    assert "Sign out" not in client.get("/account/").content.decode()
    client.post("/account/", CHOICES)
    ada.refresh_from_db()
    assert ada.zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    "visitor",
    [
        ELSEWHERE,
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "10.0.0.1"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_who_comes_from_elsewhere_is_not_at_home(visitor: dict[str, str], client: Client, ada: Reader) -> None:
    assert client.get("/account/", **visitor)["Location"] == "/sign-in/"  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_every_way_of_writing_this_machine_is_home(address: str, client: Client, ada: Reader) -> None:
    assert client.get("/account/", REMOTE_ADDR=address).status_code == 200


def test_at_home_with_two_readers_each_signs_in(client: Client, ada: Reader) -> None:
    Reader.objects.create_user("bob@example.org", status="active")
    assert client.get("/account/")["Location"] == "/sign-in/"


def test_at_home_without_a_reader_there_is_the_form(client: Client, db: None) -> None:
    assert client.get("/account/", follow=True).status_code == 200


# Taking everything along, and deleting it


@pytest.fixture
def much(ada: Reader, an_insight: Make, mailbox: Mailbox) -> Reader:
    """A reader with a trace in every place that there is."""
    from takefive.pipeline import flow

    ada.consented_at, ada.consent = timezone.now(), CONSENT
    ada.save()
    brief = Brief.objects.create(reader=ada, day=date(2026, 11, 23))
    BriefItem.objects.create(brief=brief, insight=an_insight(headline="Sleep, said"), rank=1, score=1, reason=MARKER)
    delivery = Delivery.objects.create(brief=brief, error=f"550 no {ada.email}")
    flow.deliver()
    assert Delivery.objects.get(pk=delivery.pk).mail.packed
    for browser in (Client(), Client()):
        browser.force_login(ada)
        browser.post("/sign-in/", {"email": ada.email}, **ELSEWHERE)  # type: ignore[arg-type]
    operator = Reader.objects.create_superuser("operator@example.org", "x")
    kind = ContentType.objects.get_for_model(Reader)
    LogEntry.objects.create(
        user=operator, content_type=kind, object_id=ada.pk, object_repr=ada.email, action_flag=CHANGE
    )
    return ada


def test_the_export_holds_all_that_is_stored(much: Reader, signed_in: Client) -> None:
    answer = signed_in.get("/account/export.json")
    assert answer["Content-Disposition"].startswith('attachment; filename="takefive-')
    data = json.loads(answer.content)
    assert (data["email"], data["interests"], data["consent"]) == (much.email, much.interests, CONSENT)
    (brief,) = data["briefs"]
    assert brief["day"] == "2026-11-23"
    assert brief["brief items"][0]["insight"] == "Sleep, said"
    assert brief["deliveries"][0]["status"] == "sent"
    assert data["challenges"][0]["email"] == much.email
    assert not {"password", "token", "code"} & {*data, *data["challenges"][0]}
    text = signed_in.get("/account/export.md").content.decode()
    for shown in (f"# What Takefive stores about {much.email}", "## briefs", "insight: Sleep, said", CONSENT):
        assert shown in text
    assert signed_in.get("/account/export.exe").status_code == 404


def test_opening_the_page_that_deletes_deletes_nothing(much: Reader, signed_in: Client) -> None:
    for answer in (signed_in.get("/account/delete/"), signed_in.head("/account/delete/")):
        assert answer.status_code == 200
    assert Reader.objects.filter(pk=much.pk).exists()


@pytest.fixture
def queue(transactional_db: None) -> Callable[[], list[tuple[str, Any]]]:
    """Empty; later what waits in it. Django's own clean-up passes over its tables."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events CASCADE")
    return lambda: list(ProcrastinateJob.objects.values_list("task_name", "args"))


@pytest.mark.parametrize("way", ["account", "admin"])
def test_deleting_leaves_no_trace_in_tables_queue_and_outbox(
    way: str, queue: Callable[[], Any], much: Reader, signed_in: Client, mailbox: Mailbox
) -> None:
    other = Brief.objects.create(reader=Reader.objects.get(email="operator@example.org"), day=date(2026, 11, 23))
    from takefive.pipeline import flow

    flow.confirm(challenge=Challenge.objects.first().pk)  # type: ignore[union-attr]
    flow.confirm.defer(challenge=10**9)  # somebody else's
    before = traces(MARKER)
    assert {"accounts_reader", "accounts_challenge", "store_briefitem", "django_admin_log"} <= set(before)
    assert len(list(mailbox.folder.iterdir())) == 2
    if way == "account":
        assert "Everything is deleted" in signed_in.post("/account/delete/").content.decode()
        assert signed_in.get("/account/").status_code == 302
    else:
        admin = Client()
        admin.force_login(Reader.objects.get(email="operator@example.org"))
        chosen = {"action": "delete_selected", "_selected_action": str(much.pk), "post": "yes"}
        assert admin.post("/admin/accounts/reader/", chosen).status_code == 302
    assert traces(MARKER) == {}
    assert list(mailbox.folder.iterdir()) == []
    assert queue() == [("confirm", {"challenge": 10**9})]
    assert Insight.objects.filter(headline="Sleep, said").exists()
    assert Brief.objects.get() == other


def test_who_deleted_everything_may_sign_up_again(much: Reader, signed_in: Client, mailbox: Mailbox) -> None:
    old = Challenge.objects.first()
    signed_in.post("/account/delete/")
    signed_in.post("/sign-up/", {"email": much.email})
    letters = mailbox.fetch()
    assert letters[-1].message["Subject"] == "Confirm your address for Takefive"
    signed_in.post("/confirm/", {"code": letters[-1].code})
    reader = Reader.objects.get(email=much.email)
    assert (reader.status, reader.interests) == ("active", "")
    assert reader.pk != much.pk
    assert old is not None


def test_after_the_deletion_no_browser_is_signed_in_and_no_session_tells_of_the_reader(
    signed_in: Client, ada: Reader
) -> None:
    other = Client()
    other.force_login(ada)
    assert other.get("/account/").status_code == 200
    with CaptureQueriesContext(connection) as queries:
        signed_in.post("/account/delete/")
    assert other.get("/account/")["Location"] == "/sign-in/"
    for session in Session.objects.all():
        assert set(session.get_decoded()) <= {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}
        assert MARKER not in str(session.get_decoded())
    assert not [q["sql"] for q in queries if "django_session" in q["sql"] and "WHERE" not in q["sql"]]  # of all readers
