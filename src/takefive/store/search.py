"""Search over the public insights: by words and by meaning, fused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import F
from numpy.typing import ArrayLike
from pgvector.django import MaxInnerProduct

from takefive.relations.fuse import reciprocal_rank
from takefive.relations.snippet import Piece, snippet
from takefive.store import shown
from takefive.store.models import Insight

LONGEST = 200  # characters of a query that are read
DEPTH = 100  # how far down each of the two rankings is read; no search gives more than twice as many
_COMPETE = 10_000  # matches that are ranked
_LIKE = 0.2  # nearest vectors below this likeness have nothing to do with the query; one word is like little
_LITERAL = re.compile(r"""(?<!\S)-\w|".*\w.*\"""")
_OPERATORS = re.compile(r"(?<!\w)-\S+|\bor\b|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found insight. `headline` and `snippet` are (plain text, whether it matched) in order: escape when shown."""

    insight: Insight
    headline: list[Piece]
    snippet: list[Piece]


def search(words: str, *, vector: ArrayLike | None, limit: int, offset: int = 0) -> list[Hit]:
    """The public insights for these words, best first: full text and nearest vectors, fused by reciprocal rank.

    `words` may use the syntax of web searches ("a phrase", or, -without) and never fails to parse; what is beyond
    `LONGEST` is ignored. `vector` is the query's, of length 1; None, a phrase or a word left out search by words alone.
    """
    words = tidy(words)
    if not words:
        return []
    by_meaning = [] if vector is None or _LITERAL.search(words) else _by_meaning(vector)
    ids = reciprocal_rank(_by_words(words), by_meaning)[offset : offset + limit]
    return [_hit(insight, words) for insight in shown.in_order(ids)]


def tidy(words: str) -> str:
    """A query as it is searched: one line without control characters, cut to what is read."""
    kept = "".join(character if character.isprintable() else " " for character in words[: 4 * LONGEST])
    return " ".join(kept.split())[:LONGEST].strip()


def _by_words(words: str) -> list[int]:
    """By the rank of PostgreSQL. Where the words are very common, only the newest matches compete."""
    if not _asks_for_a_word(words):
        return []
    query = SearchQuery(words, config="english", search_type="websearch")
    matches = Insight.objects.filter(search=query).order_by("-id").values("pk")[:_COMPETE]
    rank = SearchRank(F("search"), query, normalization=1)
    return list(
        shown.points().filter(pk__in=matches).order_by(rank.desc(), "-score", "id").values_list("id", flat=True)[:DEPTH]
    )


def _asks_for_a_word(words: str) -> bool:
    """Whether the index can help: `-this` alone, or only words like "the", would match and rank the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT querytree(websearch_to_tsquery('english', %s)) NOT IN ('', 'T')", [words])
        return bool(cursor.fetchone()[0])


def _by_meaning(vector: ArrayLike) -> list[int]:
    """Nearest first. The index goes on looking until enough rows are public, hence `iterative_scan`."""
    near = shown.points().filter(vector__isnull=False).annotate(away=MaxInnerProduct("vector", vector))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
            cursor.execute("SET LOCAL hnsw.ef_search = %s", [DEPTH])
        rows = list(near.order_by("away").values_list("id", "away")[:DEPTH])
    return [id_ for id_, away in rows if -away >= _LIKE]


def _hit(insight: Insight, words: str) -> Hit:
    wanted = [_OPERATORS.sub(" ", words)]
    return Hit(
        insight=insight,
        headline=snippet(insight.headline, wanted, width=1000),
        snippet=snippet(f"{insight.text} “{insight.quote}”", wanted, width=280),
    )
