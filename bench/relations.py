"""How fast insights are embedded and linked, on texts as long as insights, from the sample transcripts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.library import texts
from bench.table import Row, seconds, show
from takefive.relations.embed import default_embedder
from takefive.relations.link import link
from takefive.relations.nearest import nearest
from takefive.relations.values import Point

COMMAND = "python -m bench.relations"
EMBEDDED, LINKED, NEIGHBOURS = 64, 50, 60


def measure() -> Iterator[Row]:
    written = texts(600)
    embedder = default_embedder()
    took = seconds(lambda: embedder.encode(written[:EMBEDDED]))
    vectors = embedder.encode(written)
    words = sum(len(text.split()) for text in written) // len(written)
    what = f"texts of {words} words embedded ({embedder.name})"
    yield Row(what=what, figure=f"{EMBEDDED / took:.0f} texts/s", peer="", command=COMMAND)
    points = [
        Point(id=i, text=text, vector=vectors[i], episode=i // 12, podcast=i // 60) for i, text in enumerate(written)
    ]
    near, _ = nearest(vectors, NEIGHBOURS)

    def relate() -> None:
        for i in range(LINKED):
            link(points[i], [points[j] for j in near[i]])

    limit = seconds(lambda: [np.stack([points[j].vector for j in near[i]]) @ points[i].vector for i in range(LINKED)])
    took = seconds(relate)
    peer = f"{NEIGHBOURS} cosines alone {limit / LINKED * 1000:.2f} ms; at most 20 ms"
    yield Row(
        what=f"insight linked among {NEIGHBOURS} neighbours",
        figure=f"{took / LINKED * 1000:.1f} ms",
        peer=peer,
        command=COMMAND,
    )


if __name__ == "__main__":
    show(measure())
