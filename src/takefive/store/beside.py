"""A second column of vectors beside the one in use, with its own index, and the exchange of the two.

The exchange only renames, so it takes a blink however many rows there are. The second column is no part of Django's model:
it is there only while it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db import connection, transaction
from django.db.utils import OperationalError

from takefive.store.models.insights import LOOKED_AT

WIDEST = 4_000  # numbers of a vector that the index takes
_PATIENCE = "500ms"  # whoever waits for a whole table makes all others wait behind it
_TRIES = 20
_MEGABYTE = 1 << 20
_MEMORY = (64, 4_000)  # megabytes to build an index with: PostgreSQL's own default, and the most we take


def add(dimension: int) -> None:
    """Make the second column, empty. Call it inside a transaction."""
    _run("SET LOCAL lock_timeout = %s", [_PATIENCE])
    _run(
        f"ALTER TABLE store_insight ADD COLUMN vector_beside halfvec({int(dimension)}),"
        " ADD COLUMN vector_model_beside text NOT NULL DEFAULT ''"
    )


def drop() -> None:
    """Remove the second column and its index. Call it inside a transaction."""
    _run("SET LOCAL lock_timeout = %s", [_PATIENCE])
    _run("ALTER TABLE store_insight DROP COLUMN IF EXISTS vector_beside, DROP COLUMN IF EXISTS vector_model_beside")


def missing() -> int:
    """How many insights have a vector in use but none beside."""
    return int(_run("SELECT count(*) FROM store_insight WHERE vector IS NOT NULL AND vector_beside IS NULL")[0][0])


def next_texts(after: int, episodes: int) -> list[tuple[int, int, str]]:
    """Episode, id and text of what is missing in the next few episodes after this one, each in the order of public ids."""
    return _run(
        """
        SELECT episode_id, id, headline || '. ' || text FROM store_insight
        WHERE vector IS NOT NULL AND vector_beside IS NULL AND episode_id IN (
            SELECT DISTINCT episode_id FROM store_insight
            WHERE vector IS NOT NULL AND vector_beside IS NULL AND episode_id > %s ORDER BY episode_id LIMIT %s
        )
        ORDER BY episode_id, public_id
        """,
        [after, episodes],
    )


def save(vectors: Mapping[int, Any], model: str) -> None:
    """Keep vectors beside, by insight."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE store_insight SET vector_beside = %s::halfvec, vector_model_beside = %s WHERE id = %s",
            [(str(vector.tolist()), model, one) for one, vector in vectors.items()],
        )


def build_index(dimension: int) -> None:
    """Make the second index while everything goes on; one that a crash left half made is made again. In no transaction."""
    half = _run("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('insight_nearest_beside')")
    if half and half[0][0]:
        return
    if half:
        _run("DROP INDEX CONCURRENTLY insight_nearest_beside")
    count = _run("SELECT count(*) FROM store_insight WHERE vector_beside IS NOT NULL")[0][0]
    needed = (
        count * (2 * dimension + 500) // _MEGABYTE
    )  # where the graph does not fit, building takes many times as long
    _run("SELECT set_config('maintenance_work_mem', %s, false)", [f"{min(max(needed, _MEMORY[0]), _MEMORY[1])}MB"])
    try:
        _run(
            "CREATE INDEX CONCURRENTLY insight_nearest_beside ON store_insight USING hnsw (vector_beside halfvec_ip_ops)"
            f" WITH (ef_construction = {LOOKED_AT})"
        )
    finally:
        _run("RESET maintenance_work_mem")


def hold_writers() -> None:
    """Until the transaction ends nobody writes an insight; reading goes on."""
    _run("SET LOCAL lock_timeout = %s", [_PATIENCE])
    _run("LOCK TABLE store_insight IN SHARE ROW EXCLUSIVE MODE")


def exchange() -> None:
    """What was beside is in use from the commit on, and the other way round. Call it inside a transaction."""
    for kind, name, end in (
        ("TABLE store_insight RENAME COLUMN", "vector", ""),
        ("TABLE store_insight RENAME COLUMN", "vector_model", ""),
        ("INDEX", "insight_nearest", "RENAME"),
    ):
        for old, new in ((name, f"{name}_between"), (f"{name}_beside", name), (f"{name}_between", f"{name}_beside")):
            _run(f"ALTER {kind} {old} {end} TO {new}")


def taking_turns(work: Any) -> Any:
    """Do it in a transaction; where others hold the table for too long, let them pass and try again."""
    for _ in range(_TRIES - 1):
        with suppress(OperationalError), transaction.atomic():
            return work()
    with transaction.atomic():
        return work()


def take(key: int) -> bool:
    """Whether this session alone holds the advisory lock now."""
    return bool(_run("SELECT pg_try_advisory_lock(%s)", [key])[0][0])


def give_back(key: int) -> None:
    """Let go of the advisory lock."""
    _run("SELECT pg_advisory_unlock(%s)", [key])


def _run(statement: str, values: Sequence[int | str] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
