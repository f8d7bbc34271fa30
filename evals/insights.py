"""How good the local engine is on episodes it never saw, beside TextRank, LexRank, the lead and chance.

    python evals/insights.py [--gold DIR] [--measure FILE]

Prints P@5, nDCG@5 and R@12 with a 95 % bootstrap interval of P@5 over the held-out episodes (whole shows and a
tenth of every other), the share of quotes that stand verbatim in their transcript, and seconds per episode. FILE is the
independent scorer `score_insights.py`; where it is there, it counts, and not the package's own measure.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import time
from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path
from types import ModuleType

from baselines import BASELINES

from takefive.insights import local
from takefive.insights.training import gold
from takefive.insights.training.measure import Figures, figures, table

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

Score = Callable[[gold.GoldEpisode, list[str]], Figures]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gold", type=Path, default=SHARED / "data" / "gold")
    options.add_argument("--measure", type=Path, default=SHARED / "measures" / "score_insights.py")
    options.add_argument("--all", action="store_true", help="also the episodes that the shipped model was trained on")
    options.add_argument("--alone", action="store_true", help="without the others")
    chosen = options.parse_args()
    episodes = list(gold.read_gold(chosen.gold))
    held = gold.held_out([episode.name for episode in episodes])
    tests = [episode for episode in episodes if chosen.all or episode.name in held]
    score = scorer(chosen.gold, chosen.measure)
    rows = engine(tests, score)
    for name, pick in {} if chosen.alone else BASELINES.items():
        rows[name] = [score(episode, [p.text for p in pick(episode.sentences, 12)]) for episode in tests]
    table(rows)


def engine(tests: list[gold.GoldEpisode], score: Score) -> dict[str, list[Figures]]:
    """The engine's figures, of all episodes and by what was held out. Prints its quotes' proof and its time."""
    local.extract(tests[0].text)  # load the models before the clock starts
    clock = time.perf_counter(), time.process_time()
    found = [[draft.quote for draft in local.extract(episode.text, source=episode.source)] for episode in tests]
    wall, cpu = time.perf_counter() - clock[0], time.process_time() - clock[1]
    rows: dict[str, list[Figures]] = {}
    for episode, quotes in zip(tests, found, strict=True):
        group = "whole shows" if episode.show in gold.WHOLE_SHOWS else "episodes"
        for name in ("takefive", f"  on held-out {group}"):
            rows.setdefault(name, []).append(score(episode, quotes))
    verbatim = [_stands(q, episode.source) for episode, quotes in zip(tests, found, strict=True) for q in quotes]
    print(f"verbatim in the file (white space, entities, bracketed marks folded): {sum(verbatim)} of {len(verbatim)}")
    print(f"{wall / len(tests):.2f} s and {cpu / len(tests):.2f} s of processor time per episode, {local.ENGINE}")
    return rows


def scorer(folder: Path, file: Path) -> Score:
    """What counts hits: the independent scorer where its file is there, else the package's own measure."""
    if not file.exists():
        return lambda episode, quotes: figures(episode.references, [episode.index.find(quote) for quote in quotes])
    spec = importlib.util.spec_from_file_location("score_insights", file)
    assert spec is not None, file
    assert spec.loader is not None, file
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return partial(_scored, module, folder)


def _scored(module: ModuleType, folder: Path, episode: gold.GoldEpisode, quotes: list[str]) -> Figures:
    document = json.loads((folder / "insights" / f"{episode.name}.json").read_text(encoding="utf-8"))
    found = module.episode(document, module.Text(episode.source), quotes)
    return Figures(found["p5"], found["ndcg5"], found["r12"], found["missing"])


def _stands(quote: str, source: str) -> bool:
    def fold(text: str) -> str:
        return " ".join(re.sub(r"\\?\[[^\]]*\]|\\", " ", text).split())

    source = unescape(source)
    plain = " ".join(source.split())
    return " ".join(quote.split()) in plain or fold(quote) in fold(source)


if __name__ == "__main__":
    main()
