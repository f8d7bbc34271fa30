"""Search over the public insights: by words and by meaning, fused, narrowed down by filters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import DataError, connection, transaction
from django.db.models import F, Q, QuerySet
from numpy.typing import ArrayLike
from pgvector.django import MaxInnerProduct

from takefive.relations.fuse import reciprocal_rank
from takefive.relations.snippet import Piece, snippet
from takefive.store import shown
from takefive.store.filters import Filters
from takefive.store.models import Insight
from takefive.store.vocabulary import meant

LONGEST = 200  # characters of a query that are read
DEPTH = 100  # how far down each of the two rankings is read; no search gives more than twice as many
_COMPETE = 500  # points that are ranked
_RARE = 1_000  # so many matches are read whole
_CAREFUL = (
    800  # how many the index keeps in view: of a million it misses one in fifty with 300 (docs/benchmarks/relations.md)
)
_FEW = 5_000  # so many are compared one by one; where a filter leaves more, the index finds enough of them
_LIKE = 0.2  # nearest vectors below this likeness have nothing to do with the query; one word is like little
_CORRECTED = 8  # words of one query that are looked up
_LITERAL = re.compile(r"""(?<!\S)-\w|".*\w.*\"""")
_OPERATORS = re.compile(r"(?<!\w)-\S+|\bor\b|\band\b", re.IGNORECASE)
_HANGING = re.compile(r'-(?![\w"])')
_OR = re.compile(r"\bor\b|\"", re.IGNORECASE)
_PLAIN = re.compile(r"""(?<![\w"'’@./:-])[^\W\d_]+(?![\w"'’@./:-])""")
_VOICE = ("pk", "same_as", "score")
NO_FILTERS = Filters()
Ranking = dict[int, int]  # the ids of insights, best first, each with that of its point


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found insight. `headline` and `snippet` are (plain text, whether it matched) in order: escape when shown."""

    insight: Insight
    headline: list[Piece]
    snippet: list[Piece]


def search(
    words: str, *, vector: ArrayLike | None, limit: int, offset: int = 0, filters: Filters = NO_FILTERS
) -> list[Hit]:
    """The public insights for these words, best first: full text and nearest vectors, fused by reciprocal rank.

    `words` may use the syntax of web searches ("a phrase", or, -without) and never fails to parse; what is beyond
    `LONGEST` is ignored. `vector` is the query's, of length 1; None, a phrase or a word left out search by words alone.
    Filters without words give the newest.
    """
    words = tidy(words)
    if words:
        literal = vector is None or _LITERAL.search(words)
        by_meaning = {} if vector is None or literal else nearest_to(vector, filters)
        ids = _fused(by_words(words, filters), by_meaning)
    else:
        ids = _latest(filters) if filters else []
    return [_hit(insight, words) for insight in shown.in_order(ids[offset : offset + limit])]


def _fused(said: Ranking, meant: Ranking) -> list[int]:
    """Both rankings in one, each point once, by the insight that was found by words."""
    by = {point: pk for found in (meant, said) for pk, point in found.items()}
    return [by[point] for point in reciprocal_rank(list(said.values()), list(meant.values()))]


def tidy(words: str, longest: int = LONGEST) -> str:
    """A query as it is searched: one line without control characters, cut to what is read."""
    kept = "".join(character if character.isprintable() else " " for character in words[: 4 * longest])
    return " ".join(kept.split())[:longest].strip()


def corrected(words: str) -> str:
    """The query with words that no insight has replaced by those they are most like; as it is where all are known.

    Phrases, words left out, names of sites and the like are meant as they stand.
    """
    words = tidy(words)
    if _found_together(words):
        return words
    looked = 0

    def one(found: re.Match[str]) -> str:
        nonlocal looked
        looked += 1
        return (looked <= _CORRECTED and meant(found[0])) or found[0]

    return words if words.count('"') > 1 else _PLAIN.sub(one, words)


def _found_together(words: str) -> bool:
    """Whether some public insight has all of these words: then none is a slip, and one look has told so."""
    query = None if _OR.search(words) else _parsed(words)
    return query is not None and Insight.objects.public().filter(search=query).exists()


def by_words(words: str, filters: Filters = NO_FILTERS) -> Ranking:
    """By the rank of PostgreSQL. Where the words are very common, only the newest points compete."""
    query = _parsed(words)
    if query is None:
        return {}
    point_of = _newest_points(Insight.objects.public().filter(filters.q & Q(search=query)))
    rank = SearchRank(F("search"), query, normalization=1)
    ranked = Insight.objects.filter(pk__in=list(point_of)).order_by(rank.desc(), "-score", "id")
    return {pk: point_of[pk] for pk in ranked.values_list("id", flat=True)[:DEPTH]}


def _newest_points(matches: QuerySet[Insight]) -> Ranking:
    """All points of few matches. Of many only those of the newest: to sort what a common word matches is to read the library.

    How far back is far enough, the planner's guess tells; where it guessed too low, a wider look does.
    """
    guess = _guess(matches)
    if guess <= _RARE:
        return _newest(matches)
    last = Insight.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    width = max(_COMPETE, 2 * _COMPETE * last // guess)
    while True:
        found = _newest(matches.filter(pk__gt=last - width))
        if len(found) >= _COMPETE or width >= last:
            return found
        width *= 4


def _newest(matches: QuerySet[Insight]) -> Ranking:
    """Where words go together, as "open source" does, there are far more matches than guessed: some voices for each point do."""
    found = _points_of(matches.order_by("-pk").values_list(*_VOICE)[: 4 * _COMPETE])
    return {pk: found[pk] for pk in sorted(found, reverse=True)[:_COMPETE]}


def _guess(matches: QuerySet[Insight]) -> int:
    """How many rows the planner expects, from what it knows of each word; no row is read."""
    plan = matches.explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0  # Django need not ask where nothing can match


def _points_of(rows: Iterable[tuple[int, int | None, float]]) -> Ranking:
    """One row for each point, the first of it: the one that puts it best, or the strongest of the others."""
    first: dict[int, tuple[bool, float, int]] = {}
    for pk, best, score in rows:
        point, strength = best or pk, (best is not None, -score, pk)
        first[point] = min(first.get(point, strength), strength)
    return {pk: point for point, (_, _, pk) in first.items()}


def nearest_to(vector: ArrayLike, filters: Filters = NO_FILTERS) -> Ranking:
    """Nearest first. The index goes on looking until enough rows are public and pass the filters.

    Where few pass, each of them is compared: the index would have to walk past all the others.
    """
    away = MaxInnerProduct("vector", vector)
    meeting = Insight.objects.public().filter(filters.q & Q(vector__isnull=False))
    few = filters and meeting[: _FEW + 1].count() <= _FEW
    passing = meeting if filters else shown.points().filter(vector__isnull=False)
    near = passing.annotate(away=away + 0 if few else away).order_by("away")  # "+ 0" is in no index
    try:
        with transaction.atomic():
            _look_far()
            rows = list(
                near.values_list(*_VOICE, "away")[: 2 * DEPTH if filters else DEPTH]
            )  # a point may have many voices
    except DataError:  # the vectors were exchanged for some of another width since the query was made one
        return {}
    near_enough = [pk for pk, *_, away in rows if -away >= _LIKE]
    point_of = _points_of(row[:3] for row in rows)
    return {pk: point_of[pk] for pk in near_enough if pk in point_of}


def _look_far() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', %s, true)",
            [str(_CAREFUL)],
        )


def _latest(filters: Filters) -> list[int]:
    newest = F("episode__published_at").desc(nulls_last=True)
    points = shown.points_among(filters.q).order_by(newest, "-score", "id")
    return list(points.values_list("id", flat=True)[: 2 * DEPTH])


def _parsed(words: str) -> SearchQuery | None:
    """The query, if the index can help: `-this` alone, or only words like "the", would match and rank the whole table.

    A "-" that leaves out nothing is taken away: of more than thirty in a row PostgreSQL makes an error.
    """
    words = _HANGING.sub(" ", words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT querytree(websearch_to_tsquery('english', %s)) NOT IN ('', 'T')", [words])
        helps = bool(cursor.fetchone()[0])
    return SearchQuery(words, config="english", search_type="websearch") if helps else None


def _hit(insight: Insight, words: str) -> Hit:
    wanted = [_OPERATORS.sub(" ", words)]
    return Hit(
        insight=insight,
        headline=snippet(insight.headline, wanted, width=1000),
        snippet=snippet(f"{insight.text} “{insight.quote}”", wanted, width=280),
    )
