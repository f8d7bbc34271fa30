"""Learn which lines are worth heading an insight: how near a line that was cut comes to what a careful reader wrote.

    python evals/train_headlines.py [--gold DIR] [--episodes 150] [--out FILE]

Ridge regression on MiniLM vectors and the signs of each line, held-out episodes left out; about a minute of processor time. The
lines are those of the reference quotes and of twenty other sentences of each episode; the target is the greatest cosine to a
headline that was written for the episode. These headlines are learned from too, a little, as lines that come near. Writes
`insights/data/headlines.npz` and its card. The model tells interest; truth is the business of the rules that cut the lines.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import Ridge

from takefive.common import minilm
from takefive.insights.clean import readable
from takefive.insights.headline import SIGNS, Line, lines
from takefive.insights.headline_likeness import unattributed
from takefive.insights.scorer import FOLDER
from takefive.insights.training import gold
from takefive.transcripts.content import usable
from takefive.transcripts.values import Sentence

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "gold"
REGULARISATION = 20.0
"""Alpha; 5 to 40 agree within 0.01 of the correlation."""
BESIDE = 20
"""Sentences of an episode that no reference quotes, drawn at random."""
WRITTEN, WRITTEN_WEIGHT = 0.6, 0.3
"""The closeness that a written headline counts for, and its weight beside a line's 1."""
SIGN_SCALE = 0.1


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gold", type=Path, default=GOLD)
    options.add_argument("--episodes", type=int, default=150, help="how many to learn from, drawn at random")
    options.add_argument("--out", type=Path, default=FOLDER / "headlines.npz")
    chosen = options.parse_args()
    names = sorted(file.stem for file in (chosen.gold / "insights").glob("*.json"))
    held = gold.held_out(names)
    learned = [name for name in names if name not in held]
    random.Random(3).shuffle(learned)
    vectors, signs, target, written = examples(chosen.gold, learned[: chosen.episodes])
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    inputs = np.vstack([joined(vectors, signs, mean, spread), joined(written, None, mean, spread)])
    weights = np.r_[np.ones(len(target)), np.full(len(written), WRITTEN_WEIGHT)]
    model = Ridge(alpha=REGULARISATION).fit(
        inputs, np.r_[target, np.full(len(written), WRITTEN)], sample_weight=weights
    )
    vectors, signs, truth, _ = examples(chosen.gold, sorted(held))
    agreement = float(np.corrcoef(model.predict(joined(vectors, signs, mean, spread)), truth)[0, 1])
    print(f"{len(target)} lines learned; correlation {agreement:.3f} on {len(truth)} held-out lines")
    of_signs = model.coef_[vectors.shape[1] :] * SIGN_SCALE / spread
    offset = np.float32(model.intercept_ - of_signs @ mean)
    np.savez_compressed(
        chosen.out,
        weights=model.coef_[: vectors.shape[1]].astype(np.float32),
        signs=of_signs.astype(np.float32),
        offset=offset,
    )
    card = {
        "name": "takefive-headlines 2",
        "data": f"{min(chosen.episodes, len(learned))} episodes with reference insights written by a large language model "
        "(transcripts: thechangelog/transcripts CC BY-SA 4.0, bitcointranscripts MIT)",
        "licence": "Apache-2.0",
        "figures": {"held-out lines": len(truth), "correlation": round(agreement, 4)},
        "sha256": hashlib.sha256(chosen.out.read_bytes()).hexdigest(),
    }
    chosen.out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def joined(vectors: np.ndarray, signs: np.ndarray | None, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Vectors with standardised signs beside them, those of a written headline being nothing out of the common."""
    beside = np.zeros((len(vectors), len(SIGNS))) if signs is None else (signs - mean) / spread * SIGN_SCALE
    return np.hstack([vectors, beside])


def examples(folder: Path, names: Iterable[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Vectors (n, 384), signs (n, len(SIGNS)) and closeness (n,) of the lines of episodes; the vectors of their headlines."""
    encode = minilm.load().encode
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    written = []
    for name in names:
        document = json.loads((folder / "insights" / f"{name}.json").read_text(encoding="utf-8"))
        headlines = encode([insight["headline"] for insight in document["insights"]])
        written.append(headlines)
        cut = list(drawn(gold.episode(folder, document).sentences, document))
        if cut:
            vectors = encode([unattributed(line.text) for line in cut])
            found.append((vectors, np.array([line.signs for line in cut], float), (vectors @ headlines.T).max(axis=1)))
    vectors, signs, closeness = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return vectors, signs, closeness, np.vstack(written)


def drawn(said: tuple[Sentence, ...], document: dict) -> Iterator[Line]:  # type: ignore[type-arg]
    """The lines of the sentences that stand in a reference quote, and of some others."""
    quotes = [" ".join(insight["quote"].split()) for insight in document["insights"]]
    fine = [i for i, content in enumerate(usable(said)) if content and len(said[i].text.split()) > 6]
    quoted = {i for i in fine if any(" ".join(said[i].text.split()) in quote for quote in quotes)}
    others = [i for i in fine if i not in quoted]
    some = random.Random(len(said)).sample(others, min(BESIDE, len(others)))
    for i in sorted([*quoted, *some]):
        before = " ".join(one.text for one in said[max(0, i - 3) : i] if one.turn == said[i].turn)
        after = said[i + 1].text if i + 1 < len(said) else ""
        yield from lines([readable(said[i].text)], said[i].speaker, before=before, after=after)


if __name__ == "__main__":
    main()
