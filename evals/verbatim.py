"""Whether every published quote stands word for word in its file, over all transcripts of a data folder.

    python evals/verbatim.py DATA [--top 12]

Takes insights from every transcript by the local engine, through the door that all insights pass, and looks for each quote in the
file itself, read here without our parsers: time lines, tags, marks and entities taken out, white space folded. Passages are told
apart by their words instead of by sentence vectors, which takes a tenth of the time and changes which are chosen, not how they are
quoted. Prints a row per set: files, those that could not be read, insights, quotes that stand, what was dropped at the door.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from takefive.common.errors import TakefiveError
from takefive.insights import local
from takefive.insights.admit import Evidence, Tally, admit_all
from takefive.insights.passages import words
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences

SETS = (
    "gold/transcripts/*.md", "transcripts-changelog/*/*.md", "transcripts-bitcoin/*/*.md", "optech-recap/**/*.transcript.md",
    "transcripts-talkpython/*.vtt", "transcripts-talkpython/*.txt", "syntax-srt-shownotes/*.srt", "p20-formats/*srt/*.srt",
    "oxide-highlights/*.transcript.txt", "p20-formats/greensoftware-md/*.md", "p20-formats/spec-examples/transcripts-*",
    "p20-formats/podlove/transcripts-*", "transcripts-datastories-words/*.json",
)  # fmt: skip
_JSON = re.compile(r"\s*[\[{]\s*[\[{\"]")
_TIMES = re.compile(r"^(?:\d+|WEBVTT.*|[\d:., ]+-->.*|NOTE .*)$", re.MULTILINE)
_MARKS = re.compile(r"</?[a-zA-Z][^<>]*>|\\?\[[^\]\n]*\]|\([\d: ]+\)|[*_\\♪>#`]|\b\d\d?:\d\d(?::\d\d)?\b")


class ByWords:
    """Sentence vectors from hashed words."""

    def encode(self, texts: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        """Shape (len(texts), 512), each of length 1."""
        rows = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text):
                row[crc32(word.encode()) % 512] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def folded(text: str) -> str:
    """A text as its words, without times, tags and marks."""
    return " ".join(words(_MARKS.sub(" ", unescape(_TIMES.sub(" ", text)))))


def spoken(document: object) -> str:
    """All texts of a JSON transcript in order; words that stand beside their whole text are not said twice."""
    if isinstance(document, dict):
        own = next((document[key] for key in ("text", "body", "voice") if isinstance(document.get(key), str)), "")
        return own or " ".join(spoken(value) for value in document.values() if isinstance(value, dict | list))
    return " ".join(map(spoken, document)) if isinstance(document, list) else ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--top", type=int, default=12)
    chosen = options.parse_args()
    print("| set | files | unread | quotes | verbatim | dropped at the door |\n|---|---|---|---|---|---|", flush=True)
    whole = [0, 0, 0, 0]
    for pattern in SETS:
        row, tally = [0, 0, 0, 0], Tally()
        for path in sorted(chosen.data.glob(pattern)):
            if ".shownotes." not in path.name and path.name != "README.md":
                tally += one(path, chosen.top, row)
        whole = [a + b for a, b in zip(whole, row, strict=True)]
        print(f"| {pattern} | {' | '.join(map(str, row))} | {tally.dropped} |", flush=True)
    print(f"| all | {' | '.join(map(str, whole))} | |")


def one(path: Path, top: int, row: list[int]) -> Tally:
    """Adds one file to a row of counts."""
    row[0] += 1
    try:
        text = read(path.read_bytes(), name=path.name)
    except TakefiveError:
        row[1] += 1
        return Tally()
    source = path.read_text("utf-8", errors="replace")
    drafts = local.extract(text, top=top, embedder=ByWords(), source=source)
    admitted, tally = admit_all(drafts, Evidence.of(sentences(text), title=path.stem))
    plain = folded(spoken(json.loads(source)) if _JSON.match(source) else source)
    for draft in admitted:
        stands = f" {folded(draft.quote)} " in f" {plain} "
        row[2] += 1
        row[3] += stands
        if not stands:
            print(f"not verbatim: {path.name}: {draft.quote[:200]}", flush=True)
    return tally


if __name__ == "__main__":
    main()
