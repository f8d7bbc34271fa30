"""A large library made around a small real one: vectors as mixtures of two real ones with noise, texts of real sentences."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from bench.library import texts

CROWD = 100  # insights made around each real text: as many on one thing as a large library has
WORDS = 20  # of a real text: the sample library has 8,758 of them
SHOWS, EPISODE = 2_000, 10
NOISE = 0.6  # length of the noise beside a vector of length 1: two around the same real one have a cosine of 0.7
SEED = 6
BLOCK = 10_000


@dataclass(frozen=True)
class Corpus:
    """Vectors as they are stored, half floats (n, 384); row i has the id i + 1, its episode i // 10, its show by chance."""

    vectors: np.ndarray[Any, Any]
    show_of: np.ndarray[Any, Any]
    kind_of: np.ndarray[Any, Any]
    said: list[str]
    real: np.ndarray[Any, Any]


KINDS = ("claim", "data", "story", "how-to", "prediction", "contrarian")


def corpus(count: int) -> Corpus:
    from takefive.relations.embed import default_embedder

    said = texts(max(CROWD, count // CROWD), WORDS)
    real = default_embedder().encode(said)
    chance = np.random.default_rng(SEED)
    vectors = np.empty((count, real.shape[1]), dtype=np.float16)
    for start in range(0, count, BLOCK):
        vectors[start : start + BLOCK] = around(real, min(BLOCK, count - start), chance)
    episodes = -(-count // EPISODE)
    show_of = np.repeat(chance.integers(SHOWS, size=episodes), EPISODE)[:count]
    return Corpus(vectors, show_of, chance.integers(len(KINDS), size=count), said, real)


def around(real: np.ndarray[Any, Any], count: int, chance: np.random.Generator) -> np.ndarray[Any, Any]:
    """Unit vectors between two real ones, with noise."""
    one, other = (real[chance.integers(len(real), size=count)] for _ in range(2))
    share = chance.uniform(0.5, 1, size=(count, 1)).astype(np.float32)
    noise = chance.normal(size=one.shape, scale=NOISE / np.sqrt(one.shape[1])).astype(np.float32)
    mixed = share * one + (1 - share) * other
    mixed = mixed / np.linalg.norm(mixed, axis=1, keepdims=True) + noise
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def fill(data: Corpus) -> None:
    """All rows by COPY; the vectors in pgvector's own octets."""
    from django.db import connection
    from pgvector import HalfVector
    from pgvector.psycopg import register_vector

    from takefive.relations.same_point import version

    connection.ensure_connection()
    raw = connection.connection
    register_vector(raw)
    day, draw = datetime(2015, 1, 1, tzinfo=UTC), random.Random(SEED)
    with raw.cursor() as cursor:
        _let_out(cursor)
        with cursor.copy("COPY store_podcast (id, public_id, feed_url, title, language) FROM STDIN") as copy:
            for n in range(SHOWS):
                copy.write_row((n, f"s{n}", f"https://feeds.example/{n}", f"Show {n}", "de" if n % 50 == 0 else "en"))
        columns = "id, public_id, podcast_id, guid, title, published_at, stage"
        with cursor.copy(f"COPY store_episode ({columns}) FROM STDIN") as copy:
            for n in range(-(-len(data.vectors) // EPISODE)):
                show, published = int(data.show_of[n * EPISODE]), day + timedelta(hours=n % 80_000)
                copy.write_row((n, f"e{n}", show, f"{n}", "Episode", published, "related"))
        names = "id public_id episode_id position headline text quote speaker kind topics score engine created_at"
        columns = f"{', '.join(names.split())}, vector, vector_model"
        kinds = "int8 text int8 int2 text text text text text text[] float8 text timestamptz halfvec text"
        with cursor.copy(f"COPY store_insight ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(kinds.split())
            for n, vector in enumerate(data.vectors):
                a, b, c = (draw.choice(data.said) for _ in range(3))
                written = (" ".join(a.split()[:9]), a, f"{b} {c}")
                about = (f"Speaker {n % 5_003}", KINDS[data.kind_of[n]], [f"topic {n % 997}"], draw.random(), "")
                place = (n + 1, f"i{n}", n // EPISODE, n % EPISODE)
                copy.write_row((*place, *written, *about, day, HalfVector(vector), "bench"))
        columns = "insight_id, reach, stale, moved, point, point_model"  # as if each had been read closely before
        values = "id, 0.9, false, false, vector, %s"
        cursor.execute(f"INSERT INTO store_neighbourhood ({columns}) SELECT {values} FROM store_insight", [version()])


def _let_out(cursor: Any) -> None:
    """Give every column that must have a value an empty one, so that only what matters here is copied in."""
    cursor.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = ANY(%s)"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'",
        [["store_podcast", "store_episode", "store_insight"]],
    )
    empty = {"boolean": "false", "jsonb": "'[]'", "ARRAY": "'{}'", "timestamp with time zone": "now()"}
    numbers = dict.fromkeys(("integer", "bigint", "smallint", "double precision"), "0")
    for table, column, kind in cursor.fetchall():
        value = (empty | numbers).get(kind, "''")
        cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {value}")
