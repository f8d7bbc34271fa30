"""How many insights were published of those proposed, over all episodes, and why the others were not."""

from __future__ import annotations

from django.db import connection

from takefive.insights.admit import Tally
from takefive.store.models import Extraction

_SUMS = """
    select coalesce(sum((tally->>'published')::int), 0), coalesce(sum((tally->>'mended')::int), 0) from {table}
"""
_REASONS = """
    select reason, sum(count::int) from {table}, jsonb_each_text(coalesce(tally->'dropped', '{{}}'::jsonb)) as t(reason, count)
    group by reason
"""


def rates() -> Tally:
    """The tallies of all episodes added up, by the database."""
    table = connection.ops.quote_name(Extraction._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(table=table))
        published, mended = cursor.fetchone()
        cursor.execute(_REASONS.format(table=table))
        return Tally(int(published), int(mended), {reason: int(count) for reason, count in cursor.fetchall()})


def in_words() -> str:
    """The rates on one line."""
    sums = rates()
    share = f" ({sums.published / sums.proposed:.0%})" if sums.proposed else ""
    return f"{sums.published:,} of {sums.proposed:,} proposed insights published{share}, {sums.mended:,} of them mended"
