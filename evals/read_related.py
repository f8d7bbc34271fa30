"""Print the related lists of some insights for somebody to read and judge as a stranger would: which are worth the click?

    python evals/read_related.py [--gold DIR] [--count 15] [--seed 1] [--neighbours 60] [--vectors FILE]

The corpus is every reference insight, as the pipeline would relate it; the same seed draws the same insights. FILE
keeps the vectors.
Judge each of ten: having read the insight at the top, would you be glad to have been led to this one?
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

import numpy as np

from takefive.relations.embed import default_embedder
from takefive.relations.link import link
from takefive.relations.nearest import nearest
from takefive.relations.values import Point

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "gold"


def corpus(gold: Path, kept: Path | None) -> list[Point]:
    """Every insight; the order of episodes stands for their dates, which the transcripts do not tell."""
    rows = []
    for episode, file in enumerate(sorted((gold / "insights").glob("*.json"))):
        document = json.loads(file.read_text(encoding="utf-8"))
        rows += [(episode, file.stem, insight) for insight in document["insights"]]
    texts = [f"{insight['headline']}. {insight['insight']}" for _, _, insight in rows]
    vectors = np.load(kept) if kept and kept.exists() else default_embedder().encode(texts)
    if kept and not kept.exists():
        np.save(kept, vectors)
    shows = {name: at for at, name in enumerate(sorted({stem.split("__")[0] for _, stem, _ in rows}))}
    return [
        Point(
            id=at,
            key=f"{stem}-{at}",
            text=text,
            vector=vector,
            episode=episode,
            podcast=shows[stem.split("__")[0]],
            topics=tuple(insight["topics"]),
            speaker=insight["speaker"],
            score=insight["strength"] / 5,
        )
        for at, ((episode, stem, insight), text, vector) in enumerate(zip(rows, texts, vectors, strict=True))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--count", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--neighbours", type=int, default=60)
    parser.add_argument("--vectors", type=Path)
    options = parser.parse_args()
    points = corpus(options.gold, options.vectors)
    near, _ = nearest(np.stack([point.vector for point in points]), options.neighbours)
    seen: Counter[str] = Counter()
    for at in random.Random(options.seed).sample(range(len(points)), options.count):
        print(f"\n=== {points[at].text}\n    {points[at].speaker} · {points[at].key} · {', '.join(points[at].topics)}")
        for number, one in enumerate(link(points[at], [points[i] for i in near[at]]), 1):
            other = points[one.to]
            seen[one.kind] += 1
            print(f"{number:3d}. [{one.kind} {one.score}: {one.reason}] {other.text}  ({other.key.split('__')[0]})")
    print(dict(seen))


if __name__ == "__main__":
    main()
