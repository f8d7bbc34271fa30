"""The operator's password: guessed too often from one network, and chosen too weak."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from takefive.accounts.challenges import ASKED_AN_HOUR
from takefive.accounts.models import Challenge, Reader

ADDRESS, PASSWORD = "operator@example.org", "seven grey herons"


@pytest.fixture
def operator(db: None, settings: Settings) -> Reader:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one is slow on purpose
    return Reader.objects.create_superuser(ADDRESS, PASSWORD)


def sign_in(password: str, network: str = "192.0.2.1", client: Client | None = None) -> int:
    form = {"username": ADDRESS, "password": password}
    return (client or Client()).post("/admin/login/?next=/admin/", form, REMOTE_ADDR=network).status_code


def test_who_guesses_too_often_is_not_let_in_even_with_the_right_password(operator: Reader) -> None:
    assert [sign_in(f"guess {n}") for n in range(ASKED_AN_HOUR)] == [200] * ASKED_AN_HOUR
    client = Client()
    assert sign_in(PASSWORD, client=client) == 429
    assert client.get("/admin/").status_code == 302
    assert sign_in(PASSWORD, network="192.0.2.2") == 302


def test_an_hour_later_the_right_password_opens_again(operator: Reader) -> None:
    for n in range(ASKED_AN_HOUR):
        sign_in(f"guess {n}")
    Challenge.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    client = Client()
    assert sign_in(PASSWORD, client=client) == 302
    assert client.get("/admin/").status_code == 200


def test_the_right_password_is_not_counted_and_looking_at_the_page_neither(operator: Reader) -> None:
    for _ in range(3):
        assert Client().get("/admin/login/").status_code == 200
        assert sign_in(PASSWORD) == 302
    assert not Challenge.objects.exists()


def test_what_was_guessed_is_not_kept_and_nothing_is_mailed(operator: Reader) -> None:
    sign_in("hunter2")
    row = Challenge.objects.values().get()
    assert row["status"] == Challenge.Status.DROPPED
    assert not {"hunter2", ADDRESS, "192.0.2.1"} & {str(value) for value in row.values()}


@pytest.mark.parametrize("weak", ["short-9.Hum", "telechargement", "918273645546372", "operator@example.org"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, Reader(email=ADDRESS))


def test_a_long_one_of_plain_words_is_taken() -> None:
    validate_password(PASSWORD, Reader(email=ADDRESS))
