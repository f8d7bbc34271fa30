"""`takefive similar`: related texts, or how surely two texts make the same point, from files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from takefive.cli.output import complain, each_file, finish, print_json, progress
from takefive.common.errors import UsageError
from takefive.relations import same_point
from takefive.relations.embed import Embedder, default_embedder, same_point_embedder
from takefive.relations.lexical import Overlap
from takefive.relations.nearest import alike
from takefive.relations.static import load as static_embedder
from takefive.relations.values import RelationKind, Vectors

Row = dict[str, Any]
MOST_READ = 500  # texts that the encoder reads to tell who makes the same point: ten seconds
STEP = 256  # texts embedded, or pairs scored, between two moves of the progress bar


def run(
    texts: Annotated[Path | None, typer.Argument(help='Lines {"id", "text"}; - for standard input.')] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many related texts for each.")] = 10,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", help='Lines {"id", "a", "b"} instead: score each pair.')
    ] = None,
    careful: Annotated[
        bool, typer.Option("--careful", help="Let the sentence encoder read every text: better, fifty times slower.")
    ] = False,
) -> None:
    """Find the related texts of each text, or score pairs of texts, as JSON.

    TEXTS gives [{"id", "related": [{"id", "score", "kind"}]}], best first, by meaning and shared words. --pairs gives
    [{"id", "score", "kind"}], where score is how surely the two make the same point. kind is "same point" or "related".

    \b
    Examples:
      takefive similar insights.jsonl --top 5
      takefive similar --pairs pairs.jsonl
    """
    if (texts is None) == (pairs is None):
        raise UsageError("give either a file of texts or --pairs and a file of pairs")
    source = texts or pairs
    assert source is not None
    fields = ("text",) if texts else ("a", "b")
    found, unread = each_file([source], lambda path: read_lines(path, fields))
    rows, failed = found[0] if found else ([], unread)
    print_json(related(rows, top, default_embedder() if careful else static_embedder()) if texts else judged(rows))
    finish(failed)


def related(rows: Sequence[Row], top: int, embedder: Embedder) -> list[Row]:
    """For each text its `top` others by likeness, best first; the nearest pairs are read to tell who makes the same point."""
    texts = [row["text"] for row in rows]
    vectors = embed(texts, embedder)
    with progress() as bar:
        found = list(bar.track(alike(vectors, Overlap(texts), top), total=len(rows), description="relating"))
    near_pairs = {
        (min(at, i), max(at, i)): like
        for at, (others, near) in enumerate(found)
        for i, like in zip(others.tolist(), near.tolist(), strict=True)
        if like >= same_point.GATE
    }
    copies = {(i, j) for i, j in near_pairs if texts[i] == texts[j]}
    same = copies | same_points(texts, worth_reading({pair: near_pairs[pair] for pair in near_pairs.keys() - copies}))
    return [
        {
            "id": rows[at]["id"],
            "related": [
                {"id": rows[i]["id"], "score": round(float(like), 4), "kind": kind((min(at, i), max(at, i)) in same)}
                for i, like in zip(others.tolist(), near, strict=True)
            ],
        }
        for at, (others, near) in enumerate(found)
    ]


def worth_reading(pairs: Mapping[tuple[int, int], float]) -> set[tuple[int, int]]:
    """The nearest of these pairs, of MOST_READ texts at most: among thousands of near copies not all can be read in seconds."""
    read: set[int] = set()
    taken = set()
    for pair in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        if len(read | set(pair)) <= MOST_READ:
            read |= set(pair)
            taken.add(pair)
    return taken


def same_points(texts: Sequence[str], pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these pairs of texts make the same point. The tuned model reads them, then MiniLM those that are left."""
    tuned = read(texts, pairs, same_point_embedder)
    sure = {(i, j) for i, j in pairs if _sure(texts[i], texts[j], tuned[i], tuned[j])}
    near = read(texts, sure, default_embedder)
    return {(i, j) for i, j in sure if float(near[i][0] @ near[j][0]) >= same_point.NEAR}


def _sure(a: str, b: str, va: Vectors, vb: Vectors) -> bool:
    scores = same_point.from_vectors([a], [b], va, vb)
    return bool(same_point.decided([a], [b], scores, same_point.SURE)[0])


def read(texts: Sequence[str], pairs: set[tuple[int, int]], embedder: Callable[[], Embedder]) -> dict[int, Vectors]:
    """Vectors of the texts that stand in these pairs, each of shape (1, d)."""
    rows = sorted({at for pair in pairs for at in pair})
    return dict(zip(rows, embed([texts[at] for at in rows], embedder())[:, None], strict=True)) if rows else {}


def judged(rows: Sequence[Row]) -> list[Row]:
    """For each pair how surely its two texts make the same point. A text that stands in many pairs is embedded once."""
    texts = list(dict.fromkeys(text for row in rows for text in (row["a"], row["b"])))
    place = {text: at for at, text in enumerate(texts)}
    vectors = embed(texts, same_point_embedder())
    document: list[Row] = []
    with progress() as bar:
        for at in bar.track(range(0, len(rows), STEP), description="judging"):
            some = rows[at : at + STEP]
            a, b = [row["a"] for row in some], [row["b"] for row in some]
            scores = same_point.from_vectors(a, b, vectors[[place[t] for t in a]], vectors[[place[t] for t in b]])
            document += [
                {"id": row["id"], "score": round(float(score), 6), "kind": kind(bool(same))}
                for row, score, same in zip(some, scores, same_point.decided(a, b, scores), strict=True)
            ]
    return document


def kind(same: bool) -> RelationKind:
    """What a link is called."""
    return "same point" if same else "related"


def embed(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Vectors of texts, with a progress bar; the shortest first, so that little is spent on padding."""
    vectors = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with progress() as bar:
        for at in bar.track(range(0, len(order), STEP), description="embedding"):
            rows = order[at : at + STEP]
            vectors[rows] = embedder.encode([texts[i] for i in rows])
    return vectors


def read_lines(path: Path, fields: Sequence[str]) -> tuple[list[Row], int]:
    """The rows of a JSON Lines file, and how many lines were no such row: each costs one clear line on standard error."""
    rows, failed = [], 0
    lines = sys.stdin if str(path) == "-" else path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row(line, fields))
        except (ValueError, RecursionError) as error:
            complain(f"{path}:{number}", error)
            failed += 1
    return rows, failed


def _row(line: str, fields: Sequence[str]) -> Row:
    wanted = ", ".join(f'"{name}"' for name in ("id", *fields))
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON; a line must be an object with {wanted}") from error
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int):
        raise ValueError(f"no id; a line must be an object with {wanted}")
    for name in fields:
        if not isinstance(row.get(name), str):
            raise ValueError(f'"{name}" is not a text; a line must be an object with {wanted}')
        row[name] = row[name].encode("utf-8", "replace").decode()  # a lone surrogate cannot be tokenized
    return row
