"""How many of the quotes that people chose for a show's notes are among what is picked, beside TextRank, LexRank, lead.

    python evals/oxide.py [--data DIR]

DIR is the set `oxide-highlights`: notes of "Oxide and Friends" with 134 quotes, placed in machine-made transcripts with
speakers. A quote is found by a passage when their words share at least half of the shorter one. The engine was never trained on
this show. The notes have few quotes an episode, so recall counts and precision does not.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from baselines import BASELINES, Picker, engine, word_spans

from takefive.insights.training.measure import Span, interval, plain_words, share
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "oxide-highlights"
AT = (5, 10, 20)
_LABEL = re.compile(r"^\[[^\]]*\] \[[\d:]+\] ?")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    folder = options.parse_args().data
    shows = [json.loads(line) for line in (folder / "highlights.jsonl").read_text(encoding="utf-8").splitlines()]
    shows = [show for show in shows if show["quotes"]]
    print(f"{sum(len(show['quotes']) for show in shows)} quotes of {len(shows)} episodes")
    print(f"{'who picks':<18}" + "".join(f"{f'R@{n}':>8}" for n in AT) + f"   95 % of R@{AT[-1]}")
    for name, pick in {"takefive": engine, **BASELINES}.items():
        found = [recalled(folder, show, pick) for show in shows]
        quotes = sum(len(one) for one in found)
        at = [sum(place < n for one in found for place in one) / quotes for n in AT]
        low, high = interval([float(np.mean([place < AT[-1] for place in one])) for one in found])
        print(f"{name:<18}" + "".join(f"{figure:8.3f}" for figure in at) + f"   {low:.3f}-{high:.3f}", flush=True)


def recalled(folder: Path, show: dict, pick: Picker) -> list[int]:  # type: ignore[type-arg]
    """For each quote how many passages stand before the first that finds it."""
    file = folder / f"{show['episode']}.transcript.txt"
    said = sentences(read(file.read_bytes(), name=file.name))
    spans = word_spans(said, pick(said, AT[-1]))
    lines = [plain_words(_LABEL.sub("", line)) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        next((i for i, span in enumerate(spans) if share(span, place) >= 0.5), AT[-1])
        for place in (placed(quote, lines) for quote in show["quotes"])
    ]


def placed(quote: dict, lines: Sequence[Sequence[str]]) -> Span:  # type: ignore[type-arg]
    """Where a quote stands: near its lines the run of as many words that has most in common with it."""
    wanted = Counter(plain_words(quote["quote"]))
    first, last = max(0, quote["line_from"] - 1), quote["line_to"] + 2
    start = sum(len(line) for line in lines[:first])
    here = [word for line in lines[first:last] for word in line]
    size = min(wanted.total(), len(here))
    best = max(range(len(here) - size + 1), key=lambda i: (wanted & Counter(here[i : i + size])).total())
    return start + best, start + best + size


if __name__ == "__main__":
    main()
