"""Who is one voice of a point, and who another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from takefive.pipeline.voices import Voices

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "voices"),
    [
        ("Dr. Ann Lee", "ann lee ", 1),
        ("Ann Lee", "Bob Cole", 2),
        ("Speaker 1", "Speaker 1", 2),
        ("Adam", "Adam", 2),
        ("", "", 2),
    ],
)
def test_on_two_shows_a_full_name_is_one_voice_and_a_label_or_first_name_is_not(
    one: str, other: str, voices: int
) -> None:
    point = Voices()
    point.join(1, one, podcast=1, since=NOW)
    point.join(2, other, podcast=2, since=NOW)
    assert point.by() == voices


@pytest.mark.parametrize(
    ("one", "other", "voices"), [("Adam", "ADAM", 1), ("Adam", "Eve", 2), ("Adam", "Speaker 1", 1)]
)
def test_on_one_show_first_names_tell_people_apart_and_who_has_none_may_be_anyone(
    one: str, other: str, voices: int
) -> None:
    point = Voices()
    point.join(1, one, podcast=1, since=NOW)
    point.join(2, other, podcast=1, since=NOW)
    assert point.by() == voices
