"""The operator's view of the mails: their fates, their very words, sending again, and holding all."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from delivery.examples import NOW, content
from takefive.accounts.models import Reader
from takefive.delivery.message import compose
from takefive.pipeline.steps import deliver
from takefive.store.mail_days import by_day, complaints
from takefive.store.models import Brief, Delivery, Hold, Return, SentMail


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    client.force_login(Reader.objects.create_superuser("operator@example.org", "x"))
    return client


@pytest.fixture
def ada(db: None) -> Reader:
    return Reader.objects.create_user("ada@example.org", status="active")


def mailed(reader: Reader, status: str = "sent", days_ago: int = 0, **fields: object) -> Delivery:
    day = timezone.now().date() - timedelta(days=days_ago)
    brief, _ = Brief.objects.get_or_create(reader=reader, day=day)
    return Delivery.objects.create(brief=brief, status=status, **fields)


def test_the_very_mail_is_shown_in_a_sandbox_and_given_whole(operator: Client, ada: Reader) -> None:
    delivery, mail = mailed(ada), compose(content(), now=NOW)
    SentMail.objects.create(delivery=delivery, packed=zlib.compress(mail.as_bytes()))
    where = f"/admin/store/delivery/{delivery.pk}"
    assert f"{where}/mail.html" in operator.get(f"{where}/change/").content.decode()
    assert operator.get(f"{where}/mail.eml").content == mail.as_bytes()
    shown = operator.get(f"{where}/mail.html")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "TAKEFIVE" in operator.get(f"{where}/mail.txt").content.decode()
    assert operator.get(f"{where}/mail.exe").status_code == 404
    assert Client().get(f"{where}/mail.eml").status_code == 302


def test_a_mail_no_longer_kept_is_said_to_be_so(operator: Client, ada: Reader) -> None:
    delivery = mailed(ada)
    assert "not kept" in operator.get(f"/admin/store/delivery/{delivery.pk}/change/").content.decode()
    assert operator.get(f"/admin/store/delivery/{delivery.pk}/mail.eml").status_code == 404


def test_sending_again_makes_a_new_row_and_is_written_down(operator: Client, ada: Reader) -> None:
    doubtful, waiting = mailed(ada, "doubtful", channel="smtp"), mailed(ada, "waiting", days_ago=1)
    chosen = {"action": "send_again", "_selected_action": [doubtful.pk, waiting.pk]}
    assert operator.post("/admin/store/delivery/", chosen).status_code == 302
    again = Delivery.objects.get(copy=1)
    assert (again.brief, again.channel, again.status) == (doubtful.brief, "smtp", "waiting")
    assert "after delivery" in LogEntry.objects.get().change_message
    operator.post("/admin/store/delivery/", chosen)  # a second click
    assert Delivery.objects.filter(brief=doubtful.brief).count() == 2
    Delivery.objects.filter(copy=1).update(status="sent")
    operator.post("/admin/store/delivery/", chosen)
    assert list(Delivery.objects.filter(brief=doubtful.brief).values_list("copy", flat=True)) == [0, 1, 2]
    assert Delivery.objects.filter(brief=waiting.brief).count() == 1


def test_the_days_are_counted(operator: Client, ada: Reader) -> None:
    bob = Reader.objects.create_user("bob@example.org")
    mailed(ada), mailed(bob, "doubtful"), mailed(ada, "failed", days_ago=2), mailed(bob, channel="webhook", days_ago=3)
    Return.objects.create(reader=ada, kind="complained")
    Return.objects.create(reader=bob, kind="refused")
    today, earlier = by_day(timezone.now().date())
    assert (today.sent, today.doubtful, today.bounced, today.complained) == (1, 1, 1, 1)
    assert earlier.failed == 1
    assert complaints([today]) == 1.0
    page = operator.get("/admin/store/delivery/days/").content.decode()
    assert "100.00%" in page
    assert "Hold the mail and find out why" in page
    assert "By day" in operator.get("/admin/store/delivery/").content.decode()
    assert Client().get("/admin/store/delivery/days/").status_code == 302


def test_the_switch_holds_all_mail_until_it_is_taken_away(operator: Client, ada: Reader) -> None:
    mailed(ada, "waiting")
    assert deliver.waiting(timezone.now())
    assert operator.post("/admin/store/hold/add/", {"why": "a faulty template"}).status_code == 302
    assert not deliver.waiting(timezone.now())
    assert "a faulty template" in operator.get("/admin/store/delivery/days/").content.decode()
    assert operator.get("/admin/store/hold/add/").status_code == 403
    operator.post(f"/admin/store/hold/{Hold.objects.get().pk}/delete/", {"post": "yes"})
    assert deliver.waiting(timezone.now())
    assert LogEntry.objects.count() == 2
