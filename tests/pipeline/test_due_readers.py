"""Whose brief is made: the reader's hour, zone, days and rest are honoured."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from takefive.accounts.models import Reader
from takefive.pipeline.steps import brief as briefs
from takefive.store.models import Brief

TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def made(now: datetime = TUESDAY, **fields: object) -> list[date]:
    Reader.objects.create_user("ada@example.org", **({"status": "active", "hour": 7} | fields))  # type: ignore[arg-type]
    briefs.run(now=now, then=lambda delivery: None)
    return list(Brief.objects.values_list("day", flat=True))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"hour": 0},
        {"frequency": "weekdays"},
        {"pause_until": date(2026, 11, 24)},
        {"pause_until": date(2025, 1, 1)},
        {"zone": "Europe/Vienna", "hour": 8},
    ],
)
def test_the_brief_is_made(fields: dict[str, object]) -> None:
    assert made(**fields) == [date(2026, 11, 24)]


@pytest.mark.parametrize(
    "fields",
    [
        {"hour": 8},
        {"frequency": "weekly"},
        {"pause_until": date(2026, 11, 25)},
        {"status": "pending"},
        {"status": "stopped"},
        {"zone": "America/New_York"},
    ],
)
def test_the_brief_waits(fields: dict[str, object]) -> None:
    assert made(**fields) == []
