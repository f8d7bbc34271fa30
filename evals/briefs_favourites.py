"""Does the ranker find a favourite episode? Leave one out, beside plain rankers in the same run.

    python evals/briefs_favourites.py --data DIR [--cache DIR]

DIR is personal-changelog-favs: 137 favourites of 20 people among 194 episodes. A person's other favourites are the
feedback, all other episodes the candidates. Nothing was tuned on them. Intervals: 95 %, bootstrap over people.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from briefs import CACHE, CANDIDATE, LIKED, LIKED_STANDING, VECTORS, cached, score, table
from takefive.briefs.names import Names
from takefive.briefs.pool import Background, Pool
from takefive.briefs.rank import DEFAULT_WEIGHTS
from takefive.briefs.values import Profile
from takefive.briefs.words import Words
from takefive.common import minilm

CUTS = 16


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
        episode=np.repeat(np.arange(len(vectors)), CUTS),
        podcast=np.repeat([ids[show] for show in shows], CUTS),
        point=np.arange(count),
        background=Background.of(vectors.reshape(count, -1)),
        words=index,
        names=Names.of(()),
        origin=np.repeat(np.arange(len(vectors)), CUTS),
    )


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    told = parser.parse_args()
    favourites(told.data, told.cache)


if __name__ == "__main__":
    main()
