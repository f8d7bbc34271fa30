"""How many episodes a minute go through extract and relate, from transcript to linked insights, without the database."""

from __future__ import annotations

from collections.abc import Iterator

from bench.library import transcripts
from bench.table import Row, seconds, show
from takefive.insights import local
from takefive.relations.embed import default_embedder
from takefive.relations.link import link
from takefive.relations.nearest import nearest
from takefive.relations.values import Point
from takefive.transcripts.values import TimedText

COMMAND = "python -m bench.insights"
TOP, NEIGHBOURS = 10, 60


def extracted(read: list[TimedText]) -> list[tuple[int, str]]:
    """The insights of all episodes: which episode, and what it says."""
    found = [(n, local.extract(text, top=TOP)) for n, text in enumerate(read)]
    return [(n, f"{draft.headline}. {draft.text}") for n, drafts in found for draft in drafts]


def related(drafts: list[tuple[int, str]]) -> int:
    """How many links the insights have, each among its nearest."""
    vectors = default_embedder().encode([text for _, text in drafts])
    points = [Point(id=i, text=t, vector=vectors[i], episode=e, podcast=e) for i, (e, t) in enumerate(drafts)]
    near, _ = nearest(vectors, NEIGHBOURS)
    return sum(len(link(point, [points[j] for j in row])) for point, row in zip(points, near, strict=True))


def measure() -> Iterator[Row]:
    read = list(transcripts().values())
    words = sum(len(segment.text.split()) for text in read for segment in text.segments) // len(read)
    drafts = extracted(read)
    reading = seconds(transcripts)
    whole = seconds(lambda: related(extracted(read)), runs=3)
    linking = seconds(lambda: related(drafts), runs=3)
    per_minute = 60 * len(read)
    peer = f"reading the transcripts alone {per_minute / reading:.0f}/min; relate alone {per_minute / linking:.0f}/min"
    what = f"episodes of {words:,} words through extract and relate"
    yield Row(what=what, figure=f"{per_minute / whole:.0f} episodes/min", peer=peer, command=COMMAND)


if __name__ == "__main__":
    show(measure())
