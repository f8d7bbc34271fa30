"""Dates and durations in all the forms that feeds have them. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

# English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish: the first letters of each month.
_MONTH_WORDS = (
    "jan ene gen janv stycz sty",
    "feb fév fev fevr févr lut",
    "mar mär mrz maa maar mars marz",
    "apr avr abr kwi avri avril",
    "may mai mag maj mei maio",
    "jun jui giu juin cze czer",
    "jul lug juil lip",
    "aug aoû aou ago agos août aout sie sier",
    "sep set sept wrz wrze",
    "oct okt ott out paź paz pazd",
    "nov noi lis list novi",
    "dec dez déc dic decem gru grud",
)
_MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
_NUMBERS = {word.title(): f"{number:02}" for word, number in _MONTHS.items()}
# RFC 822's zones, and those that real feeds use besides, in hours. An unknown one is taken as UTC.
_ZONES = {
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "met": 1, "eet": 2, "eest": 3, "msk": 3, "bst": 1,
    "wet": 0, "west": 1, "ist": 5.5, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "acst": 9.5, "acdt": 10.5,
    "awst": 8, "nzst": 12, "nzdt": 13, "brt": -3, "sast": 2, "et": -5, "ct": -6, "mt": -7, "pt": -8, "sgt": 8, "hkt": 8,
}  # fmt: skip

_AMERICAN_ZONES = {
    f"{z}{s}T": f"-{h + (s == 'S'):02}00" for z, h in zip("ECMP", (4, 5, 6, 7), strict=True) for s in "SD"
}
_OFFSETS = {"GMT": "+0000", "UTC": "+0000", "Z": "+0000"} | _AMERICAN_ZONES
# What nearly every feed says: "Wed, 02 Oct 2024 08:00:00 +0200".
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?([0-3]?\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (20[0-3]\d)"
    r" (\d\d:\d\d:\d\d) ([+-](?:0\d|1[0-4])[0-5]\d|GMT|UTC|Z|[ECMP][SD]T)",
    re.ASCII,
)
_USUAL_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,5})", re.ASCII)  # "1:02:03", "62:03" and "3723"
_ALL_NUMBERS = re.compile(r"[\d:.,\s]+")
_RFC822 = re.compile(
    r"^\D{0,20}?(\d{1,2})(?:st|nd|rd|th|\.)?[\s/-]+([^\W\d_]{3,12})\.?,?[\s/-]+(\d{4}|\d{2})\b(?:,|\s+at\b|\s+um\b)?(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_AMERICAN = re.compile(
    r"^(?:[^\W\d_]{2,10}[,.]?\s+)?([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CTIME = re.compile(
    r"^[^\W\d_]{3,10}\s+([^\W\d_]{3,12})\s+(\d{1,2})\s+([\d:]+)\s+(?:([A-Z]{3,4})\s+)?(\d{4})$", re.IGNORECASE
)
_NUMERIC = re.compile(r"^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T\s]+(.*))?$", re.DOTALL)
_MONTH_ONLY = re.compile(r"^(\d{4})-(\d{2})$")
_COMPACT = re.compile(r"^(\d\d)(\d\d)(\d\d)(?!\d)")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d+)?)?\s*([ap]\.?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?\s*(?:\(|$)")
_NAME = re.compile(r"([A-Za-z]{2,5})\W*$")

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_LONGEST = 7 * 24 * 3600.0  # of a duration, in seconds: what is longer was meant as milliseconds or is nonsense


def read_date(text: str) -> datetime | None:
    """The moment a feed's date names, in UTC; None where it names none. The epoch itself means "no date"."""
    if (usual := _USUAL.fullmatch(text)) and (moment := _usual(*usual.groups())):
        return moment
    text = " ".join(text[:100].split())
    if not text:
        return None
    try:
        found = _iso(text) or _numeric(text) or _worded(text)
        found = found and found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR or abs(found.timestamp()) < 86_400:
        return None
    return found


def read_duration(text: str) -> float | None:
    """Seconds from "3600", "61:01", "1:02:03.5", "1h 2m", "PT1H2M3S", "45 min"; None for what is no time."""
    if clock := _USUAL_CLOCK.fullmatch(text):
        hours, minutes, rest = clock.groups(default="0")
        return float(int(hours) * 3600 + int(minutes) * 60 + int(rest)) or None
    text = text.strip().lower().replace("\u2019", "'")[:40]
    try:
        seconds = _colons(text) if _ALL_NUMBERS.fullmatch(text) else _units(text)
    except ValueError:
        return None
    return seconds if seconds is not None and 0 < seconds <= _LONGEST else None


def _usual(day: str, month: str, year: str, clock: str, zone: str) -> datetime | None:
    iso = f"{year}-{_NUMBERS[month]}-{day:0>2}T{clock}{_OFFSETS.get(zone, zone)}"
    try:
        moment = datetime.fromisoformat(iso)  # in C, four times as fast as putting it together here
    except ValueError:
        return None
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _colons(text: str) -> float | None:
    parts = [p.strip() for p in text.strip(" :").replace(",", ".").split(":")]
    if len(parts) == 1 and parts[0].count(".") == 2:  # 1.02.03
        parts = parts[0].split(".")
    if not 1 <= len(parts) <= 4:
        return None
    seconds = 0.0
    for part, base in zip(parts, (1, 24, 60, 60)[-len(parts) :], strict=True):
        seconds = seconds * base + float(part or 0)
    return seconds


def _units(text: str) -> float | None:
    found = re.findall(r"(\d+(?:[.,]\d+)?)\s*(d|h|m(?!s)|s|'|\")", text.removeprefix("p"))
    worth = {"d": 86_400, "h": 3_600, "m": 60, "'": 60, "s": 1, '"': 1}
    return sum(float(n.replace(",", ".")) * worth[unit] for n, unit in found) if found else None


def _iso(text: str) -> datetime | None:
    if not text[:4].isdigit() or len(text) < 10 or (len(text) > 10 and text[10] not in "T "):
        return None
    try:
        return _aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def _numeric(text: str) -> datetime | None:
    if text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if month := _MONTH_ONLY.match(text):
        return datetime(int(month[1]), int(month[2]), 1, tzinfo=UTC)
    if not (match := _NUMERIC.match(text)):
        return None
    return _at(int(match[1]), int(match[2]), int(match[3]), _COMPACT.sub(r"\1:\2:\3", match[4] or ""))


def _worded(text: str) -> datetime | None:
    if match := _RFC822.match(text):
        day, month, year, rest = match.groups()
    elif match := _CTIME.match(text):
        month, day, rest, year = match[1], match[2], f"{match[3]} {match[4] or ''}", match[5]
    elif match := _AMERICAN.match(text):
        month, day, year, rest = match.groups()
    else:
        return None
    number = _month(month)
    return None if number is None else _at(_full_year(year), number, int(day), rest)


def _month(name: str) -> int | None:
    name = name.lower()
    return _MONTHS.get(name) or _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)


def _at(year: int, month: int, day: int, rest: str) -> datetime:
    clock = _CLOCK.search(rest)
    hour, minute, second = (int(clock[n] or 0) for n in (1, 2, 3)) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4].lower().startswith("p") else 0)
    zone = _zone(rest[clock.end() :] if clock else "")
    start = datetime(year, month, day, tzinfo=zone)
    if hour > 24 or minute > 59 or second > 61:
        return start
    return start + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))  # 24:00 is the next day


def _zone(text: str) -> timezone:
    if match := _OFFSET.search(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours > 15 or minutes > 59:
            return UTC
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if match[1] == "-" else offset)
    name = _NAME.search(text)
    return timezone(timedelta(hours=_ZONES.get(name[1].lower(), 0))) if name else UTC


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
