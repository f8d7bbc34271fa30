from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.signals import post_init

from takefive.accounts.models import Reader
from takefive.cli import brief
from takefive.common.errors import UsageError


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


@pytest.mark.parametrize(
    "bad", ["x@exa mple.org", "a@b", "bad@example.org\nBcc: z", "nobody", "Ada <ada@example.org>", '"a b"@c.org']
)
def test_what_is_no_address_is_refused_on_one_line_before_anything_is_stored(db: None, bad: str) -> None:
    with pytest.raises(UsageError, match="is no mail address") as caught:
        brief._reader(bad, "sleep", save=True)

    assert "\n" not in str(caught.value)
    assert not Reader.objects.exists()
