"""Learn what tells a headline from any other short sentence: the reference headlines against the lines that could be cut.

    python evals/train_headlines.py [--gold DIR] [--out FILE]

Logistic regression on MiniLM vectors, held-out episodes left out; about a minute. Writes `insights/data/headlines.npz` and its
card. The model is asked at run time only how a line reads; truth is the business of the rules that cut it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from takefive.common import minilm
from takefive.insights.clean import readable
from takefive.insights.headline import lines
from takefive.insights.headline_likeness import unattributed
from takefive.insights.scorer import FOLDER
from takefive.insights.training import gold

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "gold"
REGULARISATION = 1.0
"""C; 0.3, 1 and 3 agree on 90 to 91 % of the held-out lines."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gold", type=Path, default=GOLD)
    options.add_argument("--out", type=Path, default=FOLDER / "headlines.npz")
    chosen = options.parse_args()
    documents = [json.loads(file.read_text()) for file in sorted((chosen.gold / "insights").glob("*.json"))]
    names = {str(document["source"]).removesuffix(".md"): document for document in documents}
    held = gold.held_out(names)
    learn = [row for name, document in names.items() if name not in held for row in examples(document)]
    test = [row for name, document in names.items() if name in held for row in examples(document)]
    model = LogisticRegression(C=REGULARISATION, max_iter=500).fit(vectors(learn), [y for _, y in learn])
    agreement = float(model.score(vectors(test), [y for _, y in test]))
    print(f"{len(learn)} lines learned; tells {agreement:.1%} of {len(test)} held-out lines")
    np.savez_compressed(chosen.out, weights=model.coef_[0].astype(np.float32), offset=np.float32(model.intercept_[0]))
    card = {
        "name": "takefive-headlines 1",
        "data": f"{len(names) - len(held)} episodes with reference insights written by a large language model "
        "(transcripts: thechangelog/transcripts CC BY-SA 4.0, bitcointranscripts MIT)",
        "licence": "Apache-2.0",
        "figures": {"held-out lines": len(test), "told": round(agreement, 4)},
        "sha256": hashlib.sha256(chosen.out.read_bytes()).hexdigest(),
    }
    chosen.out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def examples(document: dict) -> Iterator[tuple[str, int]]:  # type: ignore[type-arg]
    """Each line of an episode and whether it is a reference headline."""
    for insight in document["insights"]:
        yield insight["headline"], 1
        for text in {line.text for line in lines(readable(insight["quote"]), insight["speaker"])}:
            yield unattributed(text), 0


def vectors(rows: list[tuple[str, int]]) -> np.ndarray:
    return minilm.load().encode([text for text, _ in rows])


if __name__ == "__main__":
    main()
