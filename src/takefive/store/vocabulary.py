"""The words that insights have had, and which of them a mistyped one stands for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from takefive.relations.spelling import closest, slips, spelled
from takefive.store.models import Word

_MOST = 200  # candidates compared for one word
# A few are counted, enough to tell the usual from the odd.
_COMMON = """
    SELECT count(*) FROM (
        SELECT 1 FROM store_insight insight
        JOIN store_episode episode ON episode.id = insight.episode_id
        JOIN store_podcast podcast ON podcast.id = episode.podcast_id
        WHERE insight.search @@ plainto_tsquery('english', %s) AND NOT (podcast.private OR podcast.blocked)
        LIMIT 50
    ) found
"""


def learn(texts: Iterable[str]) -> None:
    """Remember the words of these texts. Safe to repeat; what is known already costs one look."""
    words = set().union(*map(spelled, texts))
    new = words - set(Word.objects.filter(word__in=words).values_list("word", flat=True))
    rows = [Word(word=word, slips=sorted(slips(word))) for word in sorted(new)]
    Word.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def meant(word: str) -> str | None:
    """The word that a mistyped one most likely stands for: None where it is known, or like nothing that is public.

    It stands for what a public insight has now, so nothing of a private one is given away. Of equally like ones the commonest.
    """
    word = word.lower()
    if spelled(word) != {word} or Word.objects.filter(word=word).exists() or _common(word):
        return None
    near = Word.objects.filter(slips__overlap=sorted(slips(word))).values_list("word", flat=True)[:_MOST]
    counts = {other: _common(other) for other in closest(word, near)[:10]}
    best = max(counts, key=lambda other: (counts[other], other), default=None)
    return best if best and counts[best] else None


def _common(word: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(plainto_tsquery('english', %s))", [word])
        if cursor.fetchone()[0] == 0:  # a word like "the", which the index leaves out
            return 1
        cursor.execute(_COMMON, [word])
        return int(cursor.fetchone()[0])
