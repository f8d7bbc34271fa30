"""How good the local engine is on episodes it never saw, beside TextRank and chance.

    python evals/insights.py [--gold DIR]

Prints P@5, nDCG@5 and R@12 with a 95 % bootstrap interval of P@5 over the held-out episodes (whole shows and a
tenth of every other), the share of quotes that stand verbatim in their transcript, and seconds per episode.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from html import unescape
from pathlib import Path

import numpy as np

from takefive.insights import choose, local
from takefive.insights.passages import candidates, words
from takefive.insights.training import gold
from takefive.insights.training.measure import Figures, figures, table

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "gold"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--gold", type=Path, default=GOLD)
    options.add_argument("--all", action="store_true", help="also the episodes that the shipped model was trained on")
    chosen = options.parse_args()
    episodes = list(gold.read_gold(chosen.gold))
    held = gold.held_out([episode.name for episode in episodes])
    tests = [episode for episode in episodes if chosen.all or episode.name in held]
    local.extract(tests[0].text)  # load the models before the clock starts
    rows: dict[str, list[Figures]] = {}
    quotes = verbatim = 0
    clock = time.perf_counter(), time.process_time()
    for episode in tests:
        found = local.extract(episode.text, source=episode.source)
        measured = _measured(episode, [draft.quote for draft in found])
        group = "whole shows" if episode.show in gold.WHOLE_SHOWS else "episodes"
        for name in ("takefive", f"  on held-out {group}"):
            rows.setdefault(name, []).append(measured)
        quotes += len(found)
        verbatim += sum(_stands(draft.quote, episode.source) for draft in found)
    wall, cpu = time.perf_counter() - clock[0], time.process_time() - clock[1]
    for episode in tests:
        rows.setdefault("TextRank", []).append(_measured(episode, textrank(episode)))
        rows.setdefault("random", []).append(_measured(episode, at_random(episode)))
    table(rows)
    print(
        "verbatim in the file (white space, entities and bracketed marks folded): "
        f"{verbatim} of {quotes} quotes ({verbatim / quotes:.1%})"
    )
    print(f"{wall / len(tests):.2f} s and {cpu / len(tests):.2f} s of processor time per episode, {local.ENGINE}")


def _measured(episode: gold.GoldEpisode, passages: list[str]) -> Figures:
    return figures(episode.references, [episode.index.find(passage) for passage in passages])


def _stands(quote: str, source: str) -> bool:
    def fold(text: str) -> str:
        return " ".join(re.sub(r"\\?\[[^\]]*\]|\\", " ", text).split())

    source = unescape(source)
    plain = " ".join(source.split())
    return " ".join(quote.split()) in plain or fold(quote) in fold(source)


def textrank(episode: gold.GoldEpisode, top: int = 12) -> list[str]:
    """Passages by the mean PageRank of their sentences, linked by shared words (Mihalcea & Tarau 2004)."""
    rows = [Counter(w for w in words(sentence.text) if len(w) > 3) for sentence in episode.sentences]
    vocabulary = {word: i for i, word in enumerate({word for row in rows for word in row})}
    matrix = np.zeros((len(rows), len(vocabulary) or 1))
    for i, row in enumerate(rows):
        for word in row:
            matrix[i, vocabulary[word]] = 1
    shared = matrix @ matrix.T
    np.fill_diagonal(shared, 0)
    length = np.log(np.maximum([sum(row.values()) for row in rows], 2))
    weight = shared / (length[:, None] + length[None, :])
    flow = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    rank = np.full(len(rows), 1 / len(rows))
    for _ in range(50):
        rank = 0.15 / len(rows) + 0.85 * flow.T @ rank
    passages = [p for p in candidates(episode.sentences) if len(words(p.text)) >= 35]
    scores = np.array([rank[p.first : p.last + 1].mean() for p in passages])
    return [passages[i].text for i in choose.apart(passages, scores, top)]


def at_random(episode: gold.GoldEpisode, top: int = 12) -> list[str]:
    """Passages of 35 to 90 words drawn by chance, none sharing a sentence."""
    passages = [p for p in candidates(episode.sentences) if len(words(p.text)) >= 35]
    dice = random.Random(episode.name)
    scores = np.array([dice.random() for _ in passages])
    return [passages[i].text for i in choose.apart(passages, scores, top)]


if __name__ == "__main__":
    main()
