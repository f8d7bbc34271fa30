"""Does the ranker find what a reader would have chosen? Real favourites, beside plain rankers in the same run.

    python evals/briefs.py favourites --data DIR   DIR is personal-changelog-favs: 137 favourites of 20 people among 194 episodes
    python evals/briefs.py papers --data DIR       DIR is citeulike-a (Wang, Chen & Li 2013): papers saved by 3,577 people, as tags
    (--cache DIR keeps the sentence vectors, which take minutes)

Favourites: leave one out. The person's other favourites are the feedback, all other episodes the candidates. Papers: 0, 5 or
20 saved papers are the feedback, the rest of a person's papers is to be found among all 16,980. Nothing was tuned on the
favourites. Intervals: 95 %, bootstrap over people.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from takefive.briefs.pool import Background, Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS, Weights
from takefive.briefs.signals import signals
from takefive.briefs.values import Candidate, Profile
from takefive.briefs.words import Words
from takefive.common import minilm

CUTS = 16
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
    return signals(pool, profile, None, None).values @ weights.row()


# Favourites


def episodes(data: Path) -> list[Path]:
    return sorted(p for p in data.glob("episodes/*/*.md") if not p.name.endswith(".shownotes.md"))


def words_of(path: Path) -> list[str]:
    return re.sub(r"\*\*[^*]+:\*\*|\\?\[\d[\d:]*\\?\]", "", path.read_text()).split()


def pieces(path: Path) -> list[str]:
    """Sixteen evenly spread pieces of 150 words: what stands in for the insights of an episode."""
    words = words_of(path)
    starts = np.linspace(0, max(0, len(words) - 150), CUTS).astype(int)
    return [" ".join(words[start : start + 150]) for start in starts]


def favourites(data: Path, cache: Path) -> None:
    paths = episodes(data)
    names = [f"{p.parent.name}/{p.name}" for p in paths]
    vectors = cached(cache, "favourites", lambda: np.stack([minilm.load().encode(pieces(p)) for p in paths]))
    shows = [name.split("/")[0] for name in names]
    number = np.array([int(re.findall(r"\d+", name)[-1]) for name in names], dtype=float)
    latest = {show: max(n for n, s in zip(number, shows, strict=True) if s == show) for show in set(shows)}
    recency = number / np.array([latest[show] for show in shows])
    tfidf = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2, max_df=0.5)
    texts = [" ".join(words_of(path)) for path in paths]
    words, index = tfidf.fit_transform(texts), Words.of(texts)
    votes: dict[str, set[int]] = {}
    for line in (data / "favs.jsonl").read_text().splitlines():
        vote = json.loads(line)
        if vote["episode"] in names:
            votes.setdefault(vote["user"], set()).add(names.index(vote["episode"]))
    rng = np.random.default_rng(0)
    results: dict[str, dict[str, list[float]]] = {}
    people: list[object] = []
    for person, liked in sorted(votes.items()):
        others = np.zeros(len(names))
        for one, their in votes.items():
            if one != person:
                others[list(their)] += 1
        popular = others / max(1.0, others.max())
        for held in sorted(liked) if len(liked) > 1 else []:
            known = sorted(liked - {held})
            pool = piece_pool(vectors, shows, popular, index)
            profile = Profile(
                liked_vectors=vectors[known].reshape(-1, vectors.shape[-1]),
                liked_texts=tuple(texts[k] for k in known),
                standing=standing(shows, known),
            )
            rankers = {
                "random": rng.random(len(names)),
                "recency": recency,
                "popularity": popular,
                "TF-IDF": (words @ np.asarray(words[known].sum(axis=0)).ravel()),
                "Takefive, what was liked by vectors": best(score(pool, profile, VECTORS)),
                "Takefive, what was liked by vectors and words": best(score(pool, profile, LIKED)),
                "Takefive, and the standing of the show": best(score(pool, profile, LIKED_STANDING)),
                "Takefive, all, strength from others' votes": best(score(pool, profile, DEFAULT_WEIGHTS)),
            }
            people.append(person)
            for name, scores in rankers.items():
                got = results.setdefault(name, {"hit@5": [], "MRR": []})
                place = place_of(held, np.asarray(scores, dtype=float), set(known), rng)
                got["hit@5"].append(float(place <= 5))
                got["MRR"].append(1 / place)
    table(f"{len(people)} favourites of {len(set(people))} people, {len(names)} episodes", results, people)


def weights(**given: float) -> Weights:
    """Weights of these alone, the others nothing."""
    nothing = dict.fromkeys(Weights.__dataclass_fields__, 0.0)
    return Weights(**nothing | given)


VECTORS = weights(liked=DEFAULT_WEIGHTS.liked)
LIKED = weights(liked=DEFAULT_WEIGHTS.liked, words=DEFAULT_WEIGHTS.words)
LIKED_STANDING = weights(liked=DEFAULT_WEIGHTS.liked, words=DEFAULT_WEIGHTS.words, standing=DEFAULT_WEIGHTS.standing)


def piece_pool(vectors: np.ndarray, shows: list[str], popular: np.ndarray, index: Words) -> Pool:
    """Every piece as a candidate; `strength` is the share of other people's votes for its episode."""
    ids = {show: n for n, show in enumerate(sorted(set(shows)))}
    count = len(vectors) * CUTS
    return Pool(
        candidates=(CANDIDATE,) * count,
        id=np.arange(count),
        vectors=vectors.reshape(count, -1),
        strength=np.repeat(popular, CUTS).astype(np.float32),
        freshness=np.zeros(count, dtype=np.float32),
        voices=np.zeros(count, dtype=np.float32),
        podcast=np.repeat([ids[show] for show in shows], CUTS),
        background=Background.of(vectors.reshape(count, -1)),
        words=index,
        origin=np.repeat(np.arange(len(vectors)), CUTS),
    )


CANDIDATE = Candidate(id=0, vector=np.zeros(1), episode=0, podcast=0, podcast_title="", headline="", text="")


def standing(shows: list[str], known: list[int]) -> dict[int, float]:
    """As `briefs.learn` reckons it: each favourite is one save of its show."""
    ids = {show: n for n, show in enumerate(sorted(set(shows)))}
    liked = [ids[shows[k]] for k in known]
    return {show: liked.count(show) / (liked.count(show) + 3.0) for show in set(liked)}


def best(scores: np.ndarray) -> np.ndarray:
    """An episode is worth what the mean of its three best pieces is: a brief takes the best few of each."""
    return np.sort(scores.reshape(-1, CUTS), axis=1)[:, -3:].mean(axis=1)


def place_of(held: int, scores: np.ndarray, known: set[int], rng: np.random.Generator) -> int:
    """The place of `held` among what is not known, ties broken at random."""
    rest = [i for i in range(len(scores)) if i not in known and i != held]
    ahead = int((scores[rest] > scores[held]).sum())
    return 1 + ahead + int(rng.integers(0, int((scores[rest] == scores[held]).sum()) + 1))


# Papers


def papers(data: Path, cache: Path, people_count: int) -> None:
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
    knn, factors = item_knn(others), matrix_factors(others)
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
        podcast=np.zeros(len(vectors), dtype=np.int64),
        background=Background.of(vectors),
        words=Words.of(texts),
        origin=np.arange(len(vectors)),
    )


def item_knn(others: sp.csr_matrix) -> Callable[[np.ndarray], Scores]:
    """Cosine of the columns of other people's saves, summed over what is known."""
    length = np.sqrt(np.asarray(others.sum(axis=0)).ravel()) + 1e-9

    def scores(known: np.ndarray) -> Scores:
        wish = np.zeros(others.shape[1], dtype=np.float32)
        wish[known] = 1 / length[known]
        return (others.T @ (others @ wish)) / length

    return scores


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
    parser.add_argument("what", choices=["favourites", "papers"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "takefive-evals")
    parser.add_argument("--people", type=int, default=400, help="how many people of citeulike-a are judged")
    told = parser.parse_args()
    if told.what == "favourites":
        favourites(told.data, told.cache)
    else:
        papers(told.data, told.cache, told.people)


if __name__ == "__main__":
    main()
