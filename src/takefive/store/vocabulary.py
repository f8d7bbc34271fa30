"""The words that insights have had, and which of them a mistyped one stands for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from takefive.relations.spelling import closest, slips, spelled
from takefive.store.models import Word

_MOST = 200  # candidates compared for one word
# A few of each are counted, enough to tell the usual from the odd.
_COMMON = """
    SELECT word, (
        SELECT count(*) FROM (
            SELECT 1 FROM store_insight insight
            JOIN store_episode episode ON episode.id = insight.episode_id
            JOIN store_podcast podcast ON podcast.id = episode.podcast_id
            WHERE insight.search @@ plainto_tsquery('english', word) AND NOT (podcast.private OR podcast.blocked)
            LIMIT 50
        ) found
    ) FROM unnest(%s::text[]) word
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
    if spelled(word) != {word} or _left_out(word) or _common([word]):
        return None
    near = Word.objects.filter(slips__overlap=sorted(slips(word))).values_list("word", flat=True)[:_MOST]
    counts = _common(list(near))
    return max(closest(word, counts), key=lambda other: (counts[other], other), default=None)


def _left_out(word: str) -> bool:
    """Whether the index leaves it out, as it does "the"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(plainto_tsquery('english', %s)) = 0", [word])
        return bool(cursor.fetchone()[0])


def _common(words: list[str]) -> dict[str, int]:
    """How many public insights have each of these; those that none has are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_COMMON, [words])
        return {word: count for word, count in cursor.fetchall() if count}
