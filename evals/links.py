"""Do two texts make the same point? The model of `takefive.relations.same_point` against human labels.

    python evals/links.py --data DIR --vectors DIR [--train] [--judged FILE]

`--data` holds arguments_*.csv, key_points_*.csv and labels_*.csv of ArgKP-2021 (Bar-Haim et al. 2020, Friedman et al.
2021; Apache-2.0); `--vectors` the files that evals/tune.py --fold writes: tuned vectors of topics that the tuning did not
see. Only these topics are judged; the line from cosine to probability, which changes no ranking, is fitted on
all of them. mAP is the mean
over topics and stances of the average precision over their labelled pairs. "Opposed" pairs, an argument with a key point
of the other side of its topic, are never the same point: they are counted apart. `--train` writes the card of the overlay
that lies in the package. `--judged` writes each labelled pair's score, `[{"id": "argument|key point", "score": 0.9}, ...]`, for
whoever would rather count by themselves.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from takefive.common import minilm
from takefive.relations.model import CARD, OVERLAY
from takefive.relations.signs import contrary, replaced

PRECISION = 0.92  # asked for where the threshold is set, so that at least 0.9 is left on subjects it was not set on
CONTRARY = 0.5


@dataclass
class Pairs:
    """Aligned columns, one row per pair."""

    a: list[str]
    b: list[str]
    topic: np.ndarray
    stance: np.ndarray
    label: np.ndarray
    opposed: np.ndarray
    id: np.ndarray


def table(folder: Path, kind: str) -> list[dict[str, str]]:
    rows = []
    for file in sorted(folder.glob(f"{kind}_*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows += csv.DictReader(stream)
    return rows


def read(folder: Path, known: set[str]) -> Pairs:
    """All pairs of texts that are known."""
    arguments = {row["arg_id"]: row for row in table(folder, "arguments")}
    points = {row["key_point_id"]: row for row in table(folder, "key_points")}
    rows = []
    for row in table(folder, "labels"):
        a, k = arguments[row["arg_id"]], points[row["key_point_id"]]
        rows.append(
            (
                a["argument"],
                k["key_point"],
                a["topic"],
                a["stance"],
                int(row["label"]),
                False,
                f"{row['arg_id']}|{row['key_point_id']}",
            )
        )
    rows += opposed(arguments, points)
    columns = list(zip(*[row for row in rows if row[0] in known and row[1] in known], strict=True))
    return Pairs(list(columns[0]), list(columns[1]), *(np.array(column) for column in columns[2:]))


def opposed(arguments: dict[str, dict[str, str]], points: dict[str, dict[str, str]]) -> list[tuple]:
    """Each argument with each key point of the other side."""
    sides: dict[tuple[str, str], list[str]] = {}
    for k in points.values():
        sides.setdefault((k["topic"], k["stance"]), []).append(k["key_point"])
    return [
        (a["argument"], point, a["topic"], a["stance"], 0, True, "")
        for a in arguments.values()
        for point in sides.get((a["topic"], str(-int(a["stance"]))), [])
    ]


def held_out(folder: Path) -> dict[str, np.ndarray]:
    """Text to tuned vector, of topics that the tuning did not see."""
    found: dict[str, np.ndarray] = {}
    for file in sorted(folder.glob("vectors-*.npz")):
        with np.load(file) as arrays:
            found |= dict(zip(arrays["texts"].tolist(), arrays["vectors"], strict=True))
    return found


def cosines(pairs: Pairs, vectors: dict[str, np.ndarray]) -> np.ndarray:
    a, b = np.stack([vectors[t] for t in pairs.a]), np.stack([vectors[t] for t in pairs.b])
    return np.einsum("nd,nd->n", a, b).astype(np.float64)


def base_vectors(pairs: Pairs) -> dict[str, np.ndarray]:
    texts = sorted({*pairs.a, *pairs.b})
    return dict(zip(texts, minilm.load().encode(texts), strict=True))


def tfidf(pairs: Pairs) -> np.ndarray:
    model = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit([*set(pairs.a), *set(pairs.b)])
    return np.asarray(model.transform(pairs.a).multiply(model.transform(pairs.b)).sum(axis=1)).ravel()


def line(cosine: np.ndarray, label: np.ndarray) -> tuple[float, float]:
    """Slope and offset of the logistic curve from a cosine to a probability (Platt 1999)."""
    model = LogisticRegression(C=100.0).fit(cosine[:, None], label)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def sureness(cosine: np.ndarray, pairs: Pairs, slope: float, offset: float) -> np.ndarray:
    """What `same_point.score` gives with this line."""
    surely = 1 / (1 + np.exp(-(slope * cosine + offset)))
    cut = [s > 0.5 and contrary(a, b) for s, a, b in zip(surely, pairs.a, pairs.b, strict=True)]
    return np.where(cut, surely * CONTRARY, surely)


def decisive(scores: np.ndarray, pairs: Pairs) -> np.ndarray:
    """The scores with those at 0 that `same_point.decided` never takes."""
    never = [s > 0.5 and replaced(a, b) for s, a, b in zip(scores, pairs.a, pairs.b, strict=True)]
    return np.where(never, 0.0, scores)


def threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    """The lowest score above which the precision is PRECISION."""
    order = np.argsort(-scores)
    precision = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    return float(scores[order][enough[-1]]) if len(enough) else 1.0


def figures(scores: np.ndarray, pairs: Pairs) -> dict[str, float]:
    """mAP and AUC over the labelled pairs; recall where the precision is PRECISION; the share of opposed pairs above."""
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


def elsewhere(scores: np.ndarray, pairs: Pairs) -> dict[str, float]:
    """Precision and recall of each topic at the threshold found on all others: what the threshold is worth on new subjects."""
    judged = ~pairs.opposed
    right = taken = 0
    for topic in sorted(set(pairs.topic)):
        here = judged & (pairs.topic == topic)
        above = here & (scores >= threshold(scores[judged & ~here], pairs.label[judged & ~here]))
        right, taken = right + int(pairs.label[above].sum()), taken + int(above.sum())
    return {"precision_elsewhere": right / taken, "recall_elsewhere": right / int(pairs.label[judged].sum())}


def write(found: dict[str, float], slope: float, offset: float, pairs: Pairs) -> None:
    card = {
        "what": "all-MiniLM-L6-v2 with its three upper layers tuned so that texts that make the same point lie close",
        "base": f"{minilm.PACKAGE}, sha256 {minilm.MODEL_SHA256}",
        "data": "ArgKP-2021, IBM/KPA_2021_shared_task at 2f5e2d5ad5a387fe731da2f00b423ce1d845c5d2",
        "licence": "Apache-2.0, as the base model and the data",
        "judged_on_unseen_topics": {"topics": len(set(pairs.topic)), "pairs": int((~pairs.opposed).sum())}
        | {name: round(value, 4) for name, value in found.items()},
        "slope": round(slope, 4),
        "offset": round(offset, 4),
        "threshold": round(found["threshold"], 4),
        "sha256": hashlib.sha256(OVERLAY.read_bytes()).hexdigest(),
        "made_by": "evals/tune.py, then evals/links.py --train",
    }
    CARD.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--train", action="store_true", help="write the card of the overlay in the package")
    parser.add_argument("--judged", type=Path, help="write each labelled pair's score there")
    options = parser.parse_args()
    vectors = held_out(options.vectors)
    pairs = read(options.data, set(vectors))
    cosine = cosines(pairs, vectors)
    slope, offset = line(cosine[~pairs.opposed], pairs.label[~pairs.opposed])
    learned = sureness(cosine, pairs, slope, offset)
    print(f"{(~pairs.opposed).sum()} labelled pairs, {pairs.opposed.sum()} opposed, {len(set(pairs.topic))} topics")
    print(f"{'':28}   mAP    AUC  precision  recall  opposed above")
    ways = {
        "TF-IDF": tfidf(pairs),
        "cosine of the base model": cosines(pairs, base_vectors(pairs)),
        "cosine, tuned, unseen topics": cosine,
        "same_point, unseen topics": learned,
        "as decided, unseen topics": decisive(learned, pairs),
    }
    for name, scores in ways.items():
        f = figures(scores, pairs)
        print(
            f"{name:28} {f['mAP']:.4f} {f['AUC']:.4f}     {f['precision']:.3f}   {f['recall']:.4f}  {f['opposed_above']:.4f}"
        )
    taken = decisive(learned, pairs)
    ranked = figures(learned, pairs)
    found = figures(taken, pairs) | {name: ranked[name] for name in ("mAP", "AUC")} | elsewhere(taken, pairs)
    print(
        "at a threshold found on the other topics: precision {precision_elsewhere:.3f}, recall {recall_elsewhere:.3f}".format(
            **found
        )
    )
    if options.judged:
        told = zip(pairs.id[~pairs.opposed].tolist(), learned[~pairs.opposed].tolist(), strict=True)
        options.judged.write_text(json.dumps([{"id": name, "score": score} for name, score in told]), encoding="utf-8")
    if options.train:
        write(found, slope, offset, pairs)


if __name__ == "__main__":
    main()
