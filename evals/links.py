"""Do two texts make the same point? The model of `takefive.relations.same_point` against human labels.

    python evals/links.py --data DIR [--folds 7] [--train]

DIR holds arguments_*.csv, key_points_*.csv and labels_*.csv of ArgKP-2021 (Bar-Haim et al. 2020; Friedman et al. 2021; Apache-2.0).
Cross-validated by topic: a topic is judged only by models that never saw it. mAP is the mean over topics and stances of the
average precision over their labelled pairs. "Opposed" pairs, an argument with a key point of the other side of its topic, are never
the same point: they are counted apart. `--train` then fits on every topic and writes the model and its card into the package.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from takefive.relations import same_point
from takefive.relations.embed import default_embedder

PRECISION = 0.9
OPPOSED_SHARE = 0.5  # weight of a pair known to be opposed, beside a labelled pair, in training


@dataclass
class Pairs:
    """Aligned columns, one row per pair."""

    a: list[str]
    b: list[str]
    topic: np.ndarray
    stance: np.ndarray
    label: np.ndarray
    opposed: np.ndarray


def table(folder: Path, kind: str) -> list[dict[str, str]]:
    rows = []
    for file in sorted(folder.glob(f"{kind}_*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows += csv.DictReader(stream)
    return rows


def read(folder: Path) -> Pairs:
    arguments = {row["arg_id"]: row for row in table(folder, "arguments")}
    points = {row["key_point_id"]: row for row in table(folder, "key_points")}
    rows = []
    for row in table(folder, "labels"):
        a, k = arguments[row["arg_id"]], points[row["key_point_id"]]
        rows.append((a["argument"], k["key_point"], a["topic"], a["stance"], int(row["label"]), False))
    rows += opposed(arguments, points)
    columns = list(zip(*rows, strict=True))
    return Pairs(list(columns[0]), list(columns[1]), *(np.array(column) for column in columns[2:]))


def opposed(arguments: dict[str, dict[str, str]], points: dict[str, dict[str, str]]) -> list[tuple]:
    """Two opposed pairs for each argument: enough to learn from, few enough to count."""
    sides: dict[tuple[str, str], list[str]] = {}
    for k in points.values():
        sides.setdefault((k["topic"], k["stance"]), []).append(k["key_point"])
    rows = []
    for number, a in enumerate(arguments.values()):
        others = sides.get((a["topic"], str(-int(a["stance"]))), [])
        chosen = {others[(number + step) % len(others)] for step in range(2)} if others else set()
        rows += [(a["argument"], k, a["topic"], a["stance"], 0, True) for k in sorted(chosen)]
    return rows


def vectors(pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    texts = sorted({*pairs.a, *pairs.b})
    place = {text: row for row, text in enumerate(texts)}
    rows = default_embedder().encode(texts)
    return rows[[place[t] for t in pairs.a]], rows[[place[t] for t in pairs.b]]


def fit(x: np.ndarray, pairs: Pairs, rows: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias in the features' own units. A sign of opposition may only count against a pair."""
    scale = x[rows].std(axis=0) + 1e-9
    importance = np.where(pairs.opposed[rows], OPPOSED_SHARE, 1.0)
    model = LogisticRegression(C=1.0, max_iter=2000).fit(x[rows] / scale, pairs.label[rows], sample_weight=importance)
    weights = model.coef_[0] / scale
    weights[-3:] = np.minimum(weights[-3:], 0.0)
    return weights, float(model.intercept_[0])


def cross_validated(x: np.ndarray, pairs: Pairs, folds: int) -> np.ndarray:
    topics = sorted(set(pairs.topic))
    np.random.RandomState(0).shuffle(topics)
    fold = np.array([topics.index(topic) % folds for topic in pairs.topic])
    scores = np.zeros(len(fold))
    for held in range(folds):
        weights, bias = fit(x, pairs, fold != held)
        scores[fold == held] = 1 / (1 + np.exp(-(x[fold == held] @ weights + bias)))
    return scores


def tfidf(pairs: Pairs) -> np.ndarray:
    model = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit([*set(pairs.a), *set(pairs.b)])
    return np.asarray(model.transform(pairs.a).multiply(model.transform(pairs.b)).sum(axis=1)).ravel()


def threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    """The lowest score from which on the precision of all pairs above stays at PRECISION."""
    order = np.argsort(-scores)
    precision = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    return float(scores[order][enough[-1]]) if len(enough) else 1.0


def figures(scores: np.ndarray, pairs: Pairs) -> dict[str, float]:
    """mAP and AUC over the labelled pairs; recall where their precision is 0.9; the share of opposed pairs above that score."""
    judged = ~pairs.opposed
    s, y = scores[judged], pairs.label[judged]
    groups = np.array([f"{t}|{p}" for t, p in zip(pairs.topic[judged], pairs.stance[judged], strict=True)])
    aps = [average_precision_score(y[groups == g], s[groups == g]) for g in np.unique(groups) if y[groups == g].any()]
    cut = threshold(s, y)
    above = s >= cut
    return {
        "mAP": float(np.mean(aps)),
        "AUC": float(roc_auc_score(y, s)),
        "threshold": cut,
        "precision": float(y[above].mean()) if above.any() else 0.0,
        "recall": float(y[above].sum() / y.sum()),
        "opposed_above": float((scores[pairs.opposed] >= cut).mean()),
    }


def write(weights: np.ndarray, bias: float, found: dict[str, float], pairs: Pairs) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, weights=weights, bias=bias)
    (same_point.DATA / "same_point.npz").write_bytes(buffer.getvalue())
    card = {
        "what": "logistic regression over signs of a pair: how surely two texts make the same point",
        "features": same_point.FEATURES,
        "vectors": default_embedder().name,
        "data": "ArgKP-2021, IBM/KPA_2021_shared_task at 2f5e2d5ad5a387fe731da2f00b423ce1d845c5d2",
        "licence": "Apache-2.0, as the data",
        "pairs": int((~pairs.opposed).sum()),
        "topics": len(set(pairs.topic)),
        "cross_validated_by_topic": {name: round(value, 4) for name, value in found.items()},
        "threshold": round(found["threshold"], 4),
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "made_by": "python evals/links.py --data DIR --train",
    }
    (same_point.DATA / "same_point.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=7)
    parser.add_argument("--train", action="store_true", help="write the model and its card into the package")
    options = parser.parse_args()
    pairs = read(options.data)
    va, vb = vectors(pairs)
    x = same_point.features(pairs.a, pairs.b, va, vb)
    learned = cross_validated(x, pairs, options.folds)
    print(f"{(~pairs.opposed).sum()} labelled pairs, {pairs.opposed.sum()} opposed, {len(set(pairs.topic))} topics")
    print(f"{'':26}   mAP    AUC  precision  recall  opposed above")
    for name, scores in (("TF-IDF", tfidf(pairs)), ("cosine", x[:, 0]), ("same_point, held-out", learned)):
        f = figures(scores, pairs)
        print(
            f"{name:26} {f['mAP']:.4f} {f['AUC']:.4f}     {f['precision']:.3f}   {f['recall']:.4f}  {f['opposed_above']:.4f}"
        )
    if options.train:
        weights, bias = fit(x, pairs, np.ones(len(learned), dtype=bool))
        write(weights, bias, figures(learned, pairs), pairs)


if __name__ == "__main__":
    main()
