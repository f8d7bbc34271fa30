"""Dates and durations as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.feeds.dates import read_date, read_duration

NOON = "2024-06-05T12:00:00+00:00"

SAME_NOON = """
Wed, 05 Jun 2024 12:00:00 GMT
Wed, 05 Jun 2024 12:00:00 +0000
Wed, 05 Jun 2024 14:00:00 +0200
Wed, 5 Jun 2024 08:00:00 EDT
5 Jun 2024 12:00:00
5 Jun 24 12:00
Wed, 05 June 2024 12:00:00 UT
Wednesday, 05 June 2024 12:00:00 Z
Mon, 05 Jun 2024 12:00:00 GMT
Wed,05 Jun 2024 12:00:00 GMT
Wed 05 Jun 2024 12:00:00 GMT
wed, 05 jun 2024 12:00:00 gmt
Wed, 05 Jun 2024 12:00:00 -0000
Wed, 05-Jun-2024 12:00:00 GMT
Wed, 5th June 2024 12:00:00 GMT
June 5, 2024 12:00 PM
Jun 5th 2024, 12:00
Wed Jun  5 12:00:00 2024
Wed Jun 5 12:00:00 GMT 2024
Wed, Jun 05 2024 12:00:00 +0000
2024-06-05T12:00:00Z
2024-06-05 12:00:00
2024-06-05T12:00:00+00:00
2024-06-05T14:00:00.123+02:00
2024/06/05 12:00:00
20240605T120000Z
2024-06-05T12:00:00.000000000Z
1717588800
1717588800000
Mi, 05 Juni 2024 12:00:00 GMT
mer., 05 juin 2024 12:00:00 +0000
mié, 05 jun 2024 12:00:00 GMT
Wed, 05 Giu 2024 12:00:00 GMT
Wed, 05 Jun 2024 12:00:00 +00:00
Wed, 05 Jun 2024 05:00:00 PDT
Wed, 05 Jun 2024 14:00:00 MESZ
Wed, 05 Jun 2024 12:00:00 XYZ
Wed, 05 Jun 2024 12:00:00 GMT+00:00
Wed, 05 Jun 2024 14:00:00 +2:00
Wed, 05 Jun 2024 17:30:00 +0530
Wed, 05 Jun 2024 12:00:00 (UTC)
"""


@pytest.mark.parametrize("text", SAME_NOON.strip().splitlines())
def test_every_form_of_one_moment_is_that_moment(text: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.replace(microsecond=0).isoformat() == NOON


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Wed, 05 Jun 2024", "2024-06-05"), ("2024-06-05", "2024-06-05"), ("2024-06", "2024-06-01"),
        ("Wed, 05 Jun 2024 24:00:00 GMT", "2024-06-06"), ("Wed, 05 Jun 2024 99:99:99 GMT", "2024-06-05"),
        ("Thu, 01 Jan 1999 00:00:00 GMT", "1999-01-01"), ("5 Jun 99", "1999-06-05"), ("Tue, 29 Feb 2028 1:2:3 GMT", "2028-02-29"),
    ],
)  # fmt: skip
def test_a_date_without_a_usual_time_is_that_day(text: str, day: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.date().isoformat() == day


@pytest.mark.parametrize(
    "text",
    ["", " ", "someday", "0", "-1", "Thu, 31 Jun 2024 12:00:00 GMT",
     "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z", "0000-00-00",
     "2024-13-01", "99999999999999999999", "Wed, 05 Foo 2024", "\x00", "12:00", "Wed, 05 Jun 0000 12:00:00 GMT", "²⁰²⁴"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    st.integers(-14 * 4, 14 * 4).map(lambda q: timezone(timedelta(minutes=15 * q))),
)
def test_what_mail_and_iso_write_comes_back(moment: datetime, zone: timezone) -> None:
    here = moment.replace(tzinfo=zone)
    assert read_date(format_datetime(here)) == read_date(here.isoformat()) == here


@given(st.text(max_size=120))
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3600", 3600), ("61:01", 3661), ("1:02:03", 3723), ("01:02:03.5", 3723.5), ("00:45", 45), ("1:2:3", 3723),
        ("1:00:00:00", 86400),

        ("PT1H2M3S", 3723), ("1h 2m 3s", 3723), ("45 min", 2700), ("1 hour 5 minutes", 3900), ("62'03\"", 3723), (" 12:34 ", 754),
        ("1234.56", 1234.56), ("0:59:60", 3600), ("1.02.03", 3723), ("90m", 5400), ("1,5 h", 5400),
    ],
)  # fmt: skip
def test_every_form_of_a_duration_is_read(text: str, seconds: float) -> None:
    assert read_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "0", "00:00:00", "-1", "NaN", "inf", "long", "1:2:3:4:5", "99999999999", "::", "1e99", "--:--"]
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert read_duration(text) is None


def test_minutes_beyond_sixty_are_counted_not_refused() -> None:
    assert read_duration("1:99:99") == 3600 + 99 * 60 + 99


@given(st.text(max_size=60))
def test_any_text_is_a_sane_duration_or_none(text: str) -> None:
    found = read_duration(text)
    assert found is None or 0 < found <= 7 * 86_400
