"""How many mails does it take to be rid of a subject? A reader who says "less" to each insight on it, and nothing else.

    python evals/briefs_dislike.py --data DIR [--cache DIR]

DIR holds insights/*.json, insights with topics. The subjects are topics with at least 12 insights whose cosine with the
topic's name is over 0.38. The worst case: each day four of the subject's insights are among sixty, and they are the
strongest of all; the reader told no interests and saves three in ten of the others. Counted: mails with the subject after the
first "less". Seeded.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from briefs import CACHE, cached
from takefive.briefs.choose import compose
from takefive.briefs.learn import Feedback, remember
from takefive.briefs.pool import Pool
from takefive.briefs.values import Candidate, Profile
from takefive.common import minilm

NOW = datetime(2026, 1, 5, 7, tzinfo=UTC)
DAYS, OF_SUBJECT, OTHERS = 12, 4, 56
NEAR, AT_LEAST, EPISODES = 0.38, 12, 110


def insights(data: Path) -> list[dict]:
    paths = sorted(data.glob("insights/*.json"))
    chosen = np.random.default_rng(0).permutation(len(paths))[:EPISODES]
    return [insight for at in sorted(chosen) for insight in json.loads(paths[at].read_text())["insights"]]


def candidate(id: int, vector: np.ndarray, insight: dict, strength: float) -> Candidate:
    words = {"headline": insight["headline"], "text": insight["insight"], "topics": tuple(insight["topics"])}
    return Candidate(
        id=id, vector=vector, episode=id, podcast=id, podcast_title="", strength=strength, published=NOW, **words
    )


def live(found: list[dict], vectors: np.ndarray, bad: set[int], rng: np.random.Generator) -> list[bool]:
    """For each day whether the mail had the subject."""
    strengths = [1.0 if n in bad else 0.9 * rng.random() for n in range(len(found))]
    rows = zip(vectors, found, strengths, strict=True)
    pool = Pool.of([candidate(n, *row) for n, row in enumerate(rows)], NOW)
    history: list[Feedback] = []
    sent: set[int] = set()
    had = []
    for _ in range(DAYS):
        fresh = rng.permutation(sorted(bad - sent))[:OF_SUBJECT]
        rows = np.unique(np.r_[fresh, rng.choice(len(found), OTHERS, replace=False)]).astype(int)
        profile = remember(Profile(serendipity=0, sent_insights=frozenset(sent)), history)
        choices = compose(pool.only(rows), profile, None, None, day=NOW.date(), now=NOW).choices
        had.append(any(choice.id in bad for choice in choices))
        for choice in choices:
            sent.add(choice.id)
            signal = "less" if choice.id in bad else "save" if rng.random() < 0.3 else "skip"
            history.append(
                Feedback(signal=signal, vector=vectors[choice.id], podcast=choice.id, signals=choice.signals)
            )
    return had


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    told = parser.parse_args()
    found = insights(told.data)
    texts = [f"{insight['headline']}. {insight['insight']}" for insight in found]
    topics = sorted({topic for insight in found for topic in insight["topics"]})
    vectors = cached(told.cache, "dislike-insights", lambda: minilm.load().encode(texts))
    names = cached(told.cache, "dislike-topics", lambda: minilm.load().encode(topics))
    on = [set(np.flatnonzero(column > NEAR).tolist()) for column in (vectors @ names.T).T]
    rng = np.random.default_rng(0)
    days = np.array([live(found, vectors, bad, rng) for bad in on if len(bad) >= AT_LEAST])
    after = [int(row[row.argmax() + 1 :].sum()) for row in days if row.any()]
    print(f"{len(days)} subjects among {len(found)} insights; {len(after)} met in a mail")
    middle, late = np.median(after), np.percentile(after, 90)
    print(
        f"mails with it after the first less: mean {np.mean(after):.2f}, median {middle:.0f}, 90 % at most {late:.0f}"
    )
    for most in (1, 2, 3):
        print(f"gone after {most} mails with it: {np.mean(np.array(after) < most):.1%} of the subjects")
    print("share of mails with the subject, day by day: " + " ".join(f"{share:.2f}" for share in days.mean(axis=0)))


if __name__ == "__main__":
    main()
