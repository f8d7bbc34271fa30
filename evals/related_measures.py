"""Which vectors find what belongs together, and how fast: every way beside the others, in one run.

    python evals/related_measures.py --data DIR [--ways tf-idf,bm25,...] [--wordllama FOLDER]

DIR holds sts-benchmark-en, optech-topics and argkp-linking (docs/benchmarks/relations.md tells what each is). Out, for each way:
- STS: Spearman's rank correlation of its cosines with what people said, 1,500 pairs.
- Optech: for each dated item the ten best of the earlier ones; recall@10 (found / at most ten that share a topic) and nDCG@10.
- ArgKP: mAP of "argument makes this key point" (topics times stances; no way here was tuned on it).
- Texts a second of processor time, over the Optech items (140 words each).
A way is a pair of matrices, queries and documents, whose product is the score; a mixture is their columns side by side.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from links import read, table
from scipy.sparse import csr_matrix, hstack
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import average_precision_score
from sklearn.preprocessing import normalize

from takefive.relations.embed import default_embedder
from takefive.relations.lexical import MEANING, Overlap
from takefive.relations.static import load

Matrices = tuple[csr_matrix, csr_matrix]
Way = Callable[[list[str]], Matrices]
TOP = 10


def tfidf(texts: list[str]) -> Matrices:
    found = csr_matrix(TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(texts))
    return found, found


def bm25(texts: list[str], k1: float = 1.2, b: float = 0.75) -> Matrices:
    """Okapi BM25 (Robertson & Zaragoza 2009)."""
    counts = CountVectorizer(stop_words="english").fit_transform(texts).astype(np.float64).tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    idf = np.log(1 + (len(texts) - counts.getnnz(axis=0) + 0.5) / (counts.getnnz(axis=0) + 0.5))
    documents = counts.copy()
    norm = np.repeat(k1 * (1 - b + b * lengths / lengths.mean()), np.diff(counts.indptr))
    documents.data = counts.data * (k1 + 1) / (counts.data + norm) * idf[counts.indices]
    return (counts > 0).astype(np.float64), documents


def own_words(texts: list[str]) -> Matrices:
    found = csr_matrix(Overlap(texts).table)
    return found, found


def vectors(encode: Callable[[list[str]], np.ndarray]) -> Way:
    @cache
    def kept(texts: tuple[str, ...]) -> csr_matrix:
        return csr_matrix(normalize(encode(list(texts))))

    return lambda texts: (kept(tuple(texts)), kept(tuple(texts)))


def mixture(one: Way, other: Way, share: float) -> Way:
    """`share` of the one's cosine, the rest of the other's."""

    def mixed(texts: list[str]) -> Matrices:
        a, b = one(texts), other(texts)
        p, q = np.sqrt(share), np.sqrt(1 - share)
        return tuple(csr_matrix(hstack([p * x, q * y])) for x, y in zip(a, b, strict=True))

    return mixed


def pairs(way: Way, texts: list[str], a: list[str], b: list[str]) -> np.ndarray:
    queries, documents = way(texts)
    place = {text: at for at, text in enumerate(texts)}
    rows, columns = [place[text] for text in a], [place[text] for text in b]
    return np.asarray(queries[rows].multiply(documents[columns]).sum(axis=1)).ravel()


def sts(data: Path, way: Way) -> float:
    with (data / "sts-benchmark-en" / "stsb-en-dev.csv").open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    a, b = [row[0] for row in rows], [row[1] for row in rows]
    texts = sorted({*a, *b})
    return float(spearmanr(pairs(way, texts, a, b), [float(row[2]) for row in rows]).statistic)


def items(data: Path) -> list[dict]:
    lines = (data / "optech-topics" / "items.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted((json.loads(line) for line in lines), key=lambda row: row["date"])


def optech(data: Path, way: Way) -> tuple[float, float, int]:
    """Recall@10, nDCG@10, and over how many items: those with an earlier one that shares a topic."""
    rows = items(data)
    queries, documents = way([row["text"] for row in rows])
    scores = (queries @ documents.T).toarray()
    dates, topics = np.array([row["date"] for row in rows]), [set(row["topics"]) for row in rows]
    gains = 1 / np.log2(np.arange(TOP) + 2)
    recalls, ndcgs = [], []
    for at, row in enumerate(rows):
        earlier = np.flatnonzero(dates < row["date"])
        shares = np.array([bool(topics[at] & topics[i]) for i in earlier])
        if shares.any():
            hits = shares[np.argsort(-scores[at, earlier], kind="stable")[:TOP]]
            most = min(TOP, int(shares.sum()))
            recalls.append(hits.sum() / most)
            ndcgs.append((hits * gains[: len(hits)]).sum() / gains[:most].sum())
    return float(np.mean(recalls)), float(np.mean(ndcgs)), len(recalls)


def argkp(data: Path, way: Way) -> float:
    folder = data / "argkp-linking"
    rows = table(folder, "arguments") + table(folder, "key_points")
    texts = sorted({row.get("argument") or row["key_point"] for row in rows})
    found = read(folder, set(texts))
    scores = pairs(way, texts, found.a, found.b)
    groups = np.array(
        [f"{t}|{s}" if not o else "" for t, s, o in zip(found.topic, found.stance, found.opposed, strict=True)]
    )
    means = [average_precision_score(found.label[groups == g], scores[groups == g]) for g in set(groups) - {""}
             if found.label[groups == g].any()]  # fmt: skip
    return float(np.mean(means))


def speed(data: Path, way: Way) -> float:
    texts = [f"{row['text']} " for row in items(data)]  # other texts: nothing is remembered
    start = time.process_time()
    way(texts)
    return len(texts) / (time.process_time() - start)


def wordllama(folder: str) -> Way:
    from wordllama import WordLlama

    model = WordLlama.load(cache_dir=folder, disable_download=True)
    return vectors(lambda texts: np.asarray(model.embed(texts)))


def ways(peer: str | None) -> dict[str, Way]:
    minilm, static = vectors(lambda t: default_embedder().encode(t)), vectors(lambda t: load().encode(t))
    found = {
        "tf-idf": tfidf,
        "bm25": bm25,
        "words": own_words,
        "static": static,
        "minilm": minilm,
        "static+words": mixture(static, own_words, MEANING),
        "minilm+words": mixture(minilm, own_words, MEANING),
    }
    return found | ({"wordllama": wordllama(peer)} if peer else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ways", help="names, with commas between")
    parser.add_argument("--wordllama", help="the folder of the package wordllama, where it is installed")
    options = parser.parse_args()
    known = ways(options.wordllama)
    print(
        "| way | STS, Spearman | Optech recall@10 | nDCG@10 | ArgKP mAP | texts/s of processor |\n|---|---|---|---|---|---|"
    )
    for name in options.ways.split(",") if options.ways else known:
        way = known[name]
        recall, ndcg, _ = optech(options.data, way)
        row = [sts(options.data, way), recall, ndcg, argkp(options.data, way)]
        print(
            f"| {name} | " + " | ".join(f"{value:.3f}" for value in row) + f" | {speed(options.data, way):,.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
