"""How much of what people marked as evidence for a meeting's summary is picked, beside TextRank, LexRank, lead.

    python evals/qmsum.py [--data DIR]

DIR is the set `qmsum-evidence`: 81 meetings, each with the sentences (central evidence) behind a human summary of the whole
meeting. Recall: the share of these sentences of which at least half the words are inside one of twelve passages. Precision: the
share of passages that hold one. "any question": the sentences behind a summary for any of the meeting's 12 or so questions.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean

from baselines import BASELINES, Picker, engine, word_spans

from takefive.insights.training.measure import Span, interval, plain_words
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "qmsum-evidence"
TOP = 12


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    files = sorted(options.parse_args().data.glob("*.json"))
    meetings = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    print(f"{len(meetings)} meetings, {TOP} passages each")
    print(f"{'who picks':<18}{'recall':>8}{'95 %':>14}{'precision':>11}{'recall, any question':>23}{'precision':>11}")
    for name, pick in {"takefive": engine, **BASELINES}.items():
        rows = [row for meeting in meetings if (row := measured(meeting, pick))]
        low, high = interval([row[0] for row in rows])
        of_whole, kept, of_any, kept_any = (fmean(column) for column in zip(*rows, strict=True))
        print(f"{name:<18}{of_whole:8.3f}{low:8.3f}-{high:.3f}{kept:11.3f}{of_any:23.3f}{kept_any:11.3f}", flush=True)


def measured(meeting: dict, pick: Picker) -> tuple[float, float, float, float] | None:  # type: ignore[type-arg]
    """Recall and precision of the whole meeting's evidence, and of that for any question; None without such evidence."""
    turns = [written(turn["content"]) for turn in meeting["turns"]]
    speakers = [turn["speaker"] for turn in meeting["turns"]]
    text = TimedText(segments=tuple(Segment(text=t, speaker=s) for t, s in zip(turns, speakers, strict=True) if t))
    said = sentences(text)
    picked = word_spans(said, pick(said, TOP))
    lists = meeting["queries"]
    whole = evidence(lists["general_query_list"], turns, lambda query: "whole meeting" in query.lower())
    every = evidence([*lists["general_query_list"], *lists["specific_query_list"]], turns, lambda _: True)
    return (*_figures(whole, picked), *_figures(every, picked)) if whole else None


def evidence(queries: Sequence[dict], turns: Sequence[str], wanted: Callable[[str], bool]) -> list[Span]:  # type: ignore[type-arg]
    """Where the central evidence for these questions stands, in the words of all turns, each sentence once."""
    marked = {
        (sentence["turn_index"], written(sentence["content"]))
        for query in queries
        if wanted(query["query"])
        for part in query["evidence"]
        for sentence in part
        if sentence["type"] == "CES"
    }
    starts = [0]
    for turn in turns:
        starts.append(starts[-1] + len(plain_words(turn)))
    return sorted(set(_places(marked, turns, starts)))


def _places(marked: set[tuple[int, str]], turns: Sequence[str], starts: Sequence[int]) -> Iterator[Span]:
    for turn, text in marked:
        row, here = plain_words(text), plain_words(turns[turn])
        for i in range(len(here) - len(row) + 1):
            if row and here[i : i + len(row)] == row:
                yield starts[turn] + i, starts[turn] + i + len(row)
                break


def written(spoken: str) -> str:
    """A turn as one would write it: no marks in braces, no space before a stop."""
    text = re.sub(r"\{[^}]*\}", " ", spoken)
    return " ".join(re.sub(r"\s+([.,?!;:])", r"\1", text).split())


def _figures(marked: Sequence[Span], picked: Sequence[Span]) -> tuple[float, float]:
    inside = [[2 * max(0, min(a[1], b[1]) - max(a[0], b[0])) >= a[1] - a[0] for b in picked] for a in marked]
    held = [any(row[i] for row in inside) for i in range(len(picked))]
    return fmean(any(row) for row in inside), fmean(held) if held else 0.0


if __name__ == "__main__":
    main()
