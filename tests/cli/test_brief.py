from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.signals import post_init

from takefive.accounts.models import Reader
from takefive.cli import brief


@pytest.fixture
def stopped_meanwhile(db: None) -> Iterator[None]:
    """Right after the row is read, its reader stops the mail."""

    def stop(instance: Reader, **_signal: Any) -> None:
        Reader.objects.filter(pk=instance.pk).update(status="stopped")

    Reader.objects.create_user("ada@example.org", status="active", interests="old")
    post_init.connect(stop, sender=Reader)
    yield
    post_init.disconnect(stop, sender=Reader)


def test_a_stop_that_comes_in_between_stays(stopped_meanwhile: None) -> None:
    brief._reader("ada@example.org", "new", save=True)

    assert Reader.objects.values_list("status", flat=True).get() == "stopped"


def test_interests_are_kept_and_a_new_reader_is_made(db: None) -> None:
    for interests in ("sleep", ""):
        brief._reader("Ada@example.org", interests, save=True)

    assert Reader.objects.values_list("email", "interests", "status").get() == ("ada@example.org", "sleep", "active")
