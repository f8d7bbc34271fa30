"""Does the ranker find what a reader would have kept? Papers that people saved, beside rankers of others in the same run.

    python evals/briefs.py --data DIR [--people 400] [--known-saves N] [--cache DIR]

DIR is citeulike-a (Wang, Chen & Li 2013): papers saved by 3,577 people, each paper as its tags. 0, 5 or 20 saved papers
are the feedback, the rest of a person's papers is to be found among all 16,980. Strength is what the other people saved.
Intervals: 95 %, bootstrap over people. --cache keeps the sentence vectors, which take minutes.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from takefive.briefs.names import Names
from takefive.briefs.pool import Background, Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS, Weights
from takefive.briefs.signals import Asking, signals
from takefive.briefs.values import Candidate, Profile
from takefive.briefs.words import Words
from takefive.common import minilm

CACHE = Path(tempfile.gettempdir()) / "takefive-evals"
Scores = np.ndarray


def cached(folder: Path, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
    """The array of that name, made once."""
    path = folder / f"{name}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.save(path, make())
    return np.load(path)


def interval(values: list[float], people: list[object]) -> tuple[float, float, float]:
    """Mean, and the 95 % interval of the mean by drawing people with replacement."""
    groups: dict[object, list[float]] = {}
    for value, person in zip(values, people, strict=True):
        groups.setdefault(person, []).append(value)
    sums = np.array([[sum(g), len(g)] for g in groups.values()])
    drawn = sums[np.random.default_rng(0).integers(0, len(sums), (2000, len(sums)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return float(np.mean(values)), float(low), float(high)


def table(title: str, results: dict[str, dict[str, list[float]]], people: list[object]) -> None:
    measures = list(next(iter(results.values())))
    print(f"\n{title}\n\n| ranker | " + " | ".join(measures) + " |\n|---|" + "---|" * len(measures))
    for name, got in results.items():
        cells = ["{:.3f} ({:.3f}-{:.3f})".format(*interval(got[m], people)) for m in measures]
        print(f"| {name} | " + " | ".join(cells) + " |")


def score(pool: Pool, profile: Profile, weights: Weights) -> Scores:
    """What `briefs.rank` gives each row of the pool, without the objects."""
    return signals(pool, Asking(profile)).values @ weights.row()


def weights(**given: float) -> Weights:
    """Weights of these alone, the others nothing."""
    nothing = dict.fromkeys(Weights.__dataclass_fields__, 0.0)
    return Weights(**nothing | given)


VECTORS = weights(liked=DEFAULT_WEIGHTS.liked)
LIKED = weights(liked=DEFAULT_WEIGHTS.liked, words=DEFAULT_WEIGHTS.words)
LIKED_STANDING = weights(liked=DEFAULT_WEIGHTS.liked, words=DEFAULT_WEIGHTS.words, standing=DEFAULT_WEIGHTS.standing)
CANDIDATE = Candidate(id=0, vector=np.zeros(1), episode=0, podcast=0, podcast_title="", headline="", text="")


def papers(data: Path, cache: Path, people_count: int, known_saves: int) -> None:
    saved = [np.array(json.loads(line)["items"]) for line in (data / "users.jsonl").read_text().splitlines()]
    vectors = cached(cache, "papers", lambda: minilm.load().encode(tag_texts(data)))
    rng = np.random.default_rng(0)
    judged = rng.choice([i for i, items in enumerate(saved) if len(items) >= 30], people_count, replace=False)
    others = matrix([items for i, items in enumerate(saved) if i not in set(judged)], len(vectors))
    popular = np.asarray(others.sum(axis=0)).ravel()
    strength = np.log1p(popular) / np.log1p(popular.max())
    texts = tag_texts(data, 99)
    tfidf = TfidfVectorizer(sublinear_tf=True, token_pattern=r"[^,]+", min_df=3).fit_transform(texts)
    pool = paper_pool(vectors, strength, texts)
    early = earliest(others, known_saves) if known_saves else others
    knn, factors = item_knn(early), matrix_factors(early)
    for count in (0, 5, 20):
        results: dict[str, dict[str, list[float]]] = {}
        for person in judged:
            mixed = np.random.default_rng(person).permutation(saved[person])
            known, rest = mixed[:count], mixed[count:]
            profile = Profile(
                liked_vectors=vectors[known] if count else None, liked_texts=tuple(texts[k] for k in known)
            )
            rankers = {"random": rng.random(len(vectors)), "popularity": popular}
            if count:
                rankers |= {
                    "TF-IDF": tfidf @ np.asarray(tfidf[known].sum(axis=0)).ravel(),
                    "item-kNN": knn(known),
                    "nearest liked": (vectors @ vectors[known].T).max(axis=1),
                    "Takefive, what was liked by vectors": score(pool, profile, VECTORS),
                    "Takefive, what was liked by vectors and words": score(pool, profile, LIKED),
                }
            if factors is not None and count:
                rankers["matrix factorisation (implicit, ALS)"] = factors(known)
            rankers["Takefive, all, strength from others' saves"] = score(
                pool, profile, DEFAULT_WEIGHTS if count else DEFAULT_WEIGHTS.impersonal()
            )
            if count:
                all_of_it = rankers["Takefive, all, strength from others' saves"]
                rankers["the same and what others saved with these (tried, not in use)"] = all_of_it + 0.3 * share(
                    knn(known)
                )
            for name, scores in rankers.items():
                results.setdefault(name, {"nDCG@5": []})["nDCG@5"].append(ndcg(scores, known, rest))
        table(f"{count} saved papers known, {len(judged)} people", results, list(judged))


def tag_texts(data: Path, most: int = 12) -> list[str]:
    """Each paper as its tags, those that most papers have first: titles and abstracts are not in the set."""
    names = [re.sub(r"[_-]", " ", line.strip()) for line in (data / "tags.dat").read_text().splitlines()]
    tags = [[int(tag) for tag in line.split()[1:]] for line in (data / "item-tag.dat").read_text().splitlines()]
    common = np.bincount(np.concatenate([np.array(t, dtype=int) for t in tags]), minlength=len(names))
    return [", ".join(names[t] for t in sorted(of, key=lambda t: -common[t])[:most]) for of in tags]


def matrix(saved: list[np.ndarray], columns: int) -> sp.csr_matrix:
    rows = np.repeat(np.arange(len(saved)), [len(items) for items in saved])
    shape = (len(saved), columns)
    return sp.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, np.concatenate(saved))), shape=shape)


def paper_pool(vectors: np.ndarray, strength: np.ndarray, texts: list[str]) -> Pool:
    nothing = np.zeros(len(vectors), dtype=np.float32)
    return Pool(
        candidates=(CANDIDATE,) * len(vectors),
        id=np.arange(len(vectors)),
        vectors=vectors,
        strength=strength.astype(np.float32),
        freshness=nothing,
        voices=nothing,
        episode=np.arange(len(vectors)),
        podcast=np.zeros(len(vectors), dtype=np.int64),
        point=np.arange(len(vectors)),
        background=Background.of(vectors),
        words=Words.of(texts),
        names=Names.of(()),
        origin=np.arange(len(vectors)),
    )


def earliest(others: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """At most so many saves of each paper, at random: what is known of an insight of last night when briefs are made."""
    rng, columns = np.random.default_rng(0), others.tocsc()
    kept = [rng.permutation(columns.indices[a:b])[:most] for a, b in pairwise(columns.indptr)]
    rows, places = np.concatenate(kept), np.repeat(np.arange(columns.shape[1]), [len(of) for of in kept])
    return sp.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, places)), shape=others.shape)


def item_knn(others: sp.csr_matrix) -> Callable[[np.ndarray], Scores]:
    """Cosine of the columns of other people's saves, summed over what is known."""
    length = np.sqrt(np.asarray(others.sum(axis=0)).ravel()) + 1e-9

    def scores(known: np.ndarray) -> Scores:
        wish = np.zeros(others.shape[1], dtype=np.float32)
        wish[known] = 1 / length[known]
        return (others.T @ (others @ wish)) / length

    return scores


def share(scores: Scores) -> Scores:
    """Scores as shares of what the best twenty have, 0 to 1. The weight of 0.3 was chosen on 150 other people."""
    return np.clip(scores / (np.sort(scores)[-20:].mean() + 1e-9), 0, 1)


def matrix_factors(others: sp.csr_matrix) -> Callable[[np.ndarray], Scores] | None:
    """Alternating least squares of the library implicit (Hu, Koren & Volinsky 2008); None where it is not installed."""
    try:
        from implicit.als import AlternatingLeastSquares
    except ImportError:
        return None
    model = AlternatingLeastSquares(
        factors=64, regularization=0.05, alpha=20, iterations=12, random_state=0, num_threads=1
    )
    model.fit(others, show_progress=False)

    def scores(known: np.ndarray) -> Scores:
        row = sp.csr_matrix(
            (np.ones(len(known), dtype=np.float32), (np.zeros(len(known), dtype=int), known)), (1, others.shape[1])
        )
        return np.asarray(model.item_factors @ model.recalculate_user(0, row))

    return scores


def ndcg(scores: np.ndarray, known: np.ndarray, rest: np.ndarray, most: int = 5) -> float:
    scores = np.array(scores, dtype=float)
    scores[known] = -np.inf
    top = np.argpartition(-scores, most)[:most]
    top = top[np.argsort(-scores[top])]
    discount = 1 / np.log2(np.arange(2, most + 2))
    return float(np.isin(top, rest) @ discount / discount[: len(rest)].sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--known-saves", type=int, default=0, help="of each paper, by others; 0 for all")
    told = parser.parse_args()
    papers(told.data, told.cache, told.people, told.known_saves)


if __name__ == "__main__":
    main()
