from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from takefive.accounts.challenges import consent, hashed, mail_for, purge
from takefive.accounts.models import Challenge, Reader

UP, IN = Challenge.Purpose.SIGN_UP, Challenge.Purpose.SIGN_IN


@pytest.mark.parametrize(
    ("status", "sign_up", "sign_in"),
    [("pending", UP, UP), ("active", IN, IN), ("stopped", UP, IN), (None, UP, None)],
)
def test_what_is_mailed_depends_on_what_was_asked_and_on_who_there_is(
    status: str | None, sign_up: str, sign_in: str | None
) -> None:
    reader = Reader(status=status) if status else None
    assert (mail_for(UP, reader), mail_for(IN, reader)) == (sign_up, sign_in)


@pytest.mark.parametrize("status", Reader.Status.values)
def test_six_digits_never_open_the_admin(status: str) -> None:
    assert mail_for(UP, Reader(status=status, is_staff=True)) is None
    assert mail_for(IN, Reader(status=status, is_staff=True)) is None


def test_what_is_stored_of_a_secret_depends_on_the_installations_key(settings: object) -> None:
    before = hashed("482913")
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert hashed("482913") != before


def test_addresses_that_were_never_confirmed_are_forgotten(db: None) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=4)
    for email, status in (
        ("a@x.org", "pending"),
        ("b@x.org", "pending"),
        ("c@x.org", "active"),
        ("d@x.org", "stopped"),
    ):
        Reader.objects.create_user(email, status=status, created_at=long_ago)
    Reader.objects.create_user("new@x.org")
    for email, made in (("a@x.org", long_ago), ("b@x.org", now)):
        Challenge.objects.create(email=email, purpose=UP, created_at=made)
    purge(now)
    assert set(Challenge.objects.values_list("email", flat=True)) == {"b@x.org"}
    assert set(Reader.objects.values_list("email", flat=True)) == {"b@x.org", "c@x.org", "d@x.org", "new@x.org"}


def test_sessions_that_have_ended_are_forgotten(db: None) -> None:
    now = timezone.now()
    for key, days in (("over", -1), ("alive", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    purge(now)
    assert [session.session_key for session in Session.objects.all()] == ["alive"]


def test_starting_the_mail_changes_nothing_else_and_brings_nobody_back(db: None) -> None:
    stale = Reader.objects.create_user("ada@x.org", interests="old")
    Reader.objects.update(interests="new")
    consent(stale, timezone.now())
    assert Reader.objects.values_list("interests", "status").get() == ("new", "active")
    Reader.objects.all().delete()
    consent(stale, timezone.now())
    assert not Reader.objects.exists()
