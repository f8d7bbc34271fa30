"""Whether mail may leave now, and how much of it: the operator's hold, and the allowances that all workers share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Min

from takefive.delivery.pace import day_of, domain_of, minute_of, next_day, next_minute
from takefive.store.models import Allowance, Hold

_DAYS = "day"
_MINUTES_KEPT = timedelta(hours=1)
_FOR_AWAITED = 20  # one in so many of a day's mails is left to those that somebody waits for


def held() -> bool:
    """Whether the operator holds all mail back."""
    return settings.MAIL_HELD or Hold.objects.exists()


def shared(emails: Sequence[str], now: datetime, *, awaited: bool = False) -> list[datetime | None]:
    """For each address None where a mail may go to it now, else when to ask again. Call it in a transaction.

    Briefs leave a small part of the day to mails that somebody waits for (`awaited`): links, codes and answers. What is
    allowed is used up, whether the mail then goes or not: a limit errs on the side of sending less.
    """
    if settings.MAIL_PACE.free:
        return [None] * len(emails)
    answers: list[datetime | None] = [None] * len(emails)
    domains = Counter(domain_of(email) for email in emails)
    room = {
        domain: _take(domain, minute_of(now), wanted, settings.MAIL_PACE.a_minute)
        for domain, wanted in sorted(domains.items())  # in one order, so that no two workers wait for each other
    }
    for at, email in enumerate(emails):
        room[domain_of(email)] -= 1
        if room[domain_of(email)] < 0:
            answers[at] = next_minute(now)
    free = [at for at, answer in enumerate(answers) if answer is None]
    cap = settings.MAIL_PACE.cap(_day_number(now))
    today = _take(_DAYS, day_of(now), len(free), cap if awaited else cap - cap // _FOR_AWAITED)
    for at in free[today:]:
        answers[at] = next_day(now)
    return answers


def purge(now: datetime) -> None:
    """Forget past minutes. Days stay: the first tells how far the warm-up has come."""
    Allowance.objects.exclude(scope=_DAYS).filter(begins__lt=now - _MINUTES_KEPT).delete()


def _day_number(now: datetime) -> int:
    first = Allowance.objects.filter(scope=_DAYS).aggregate(first=Min("begins"))["first"]
    return 1 + (day_of(now) - first).days if first and first <= now else 1


def _take(scope: str, begins: datetime, wanted: int, limit: int) -> int:
    """How many of the wanted are left in this window, taken; all of them where there is no limit."""
    if not wanted or (not limit and scope != _DAYS):
        return wanted
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [scope, begins])
        cursor.execute(_USE, {"scope": scope, "begins": begins, "wanted": wanted, "limit": limit or 2**31 - 1})
        before, after = cursor.fetchone()
    return int(after - before)


_TAKE = "INSERT INTO store_allowance (scope, begins, used) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
_USE = """
    WITH locked AS (SELECT id, used FROM store_allowance WHERE scope = %(scope)s AND begins = %(begins)s FOR UPDATE)
    UPDATE store_allowance SET used = GREATEST(locked.used, LEAST(%(limit)s, locked.used + %(wanted)s))
    FROM locked WHERE store_allowance.id = locked.id RETURNING locked.used, store_allowance.used
"""
