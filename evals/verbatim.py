"""Whether every quote stands word for word in its file, over all transcripts of a data folder.

    python evals/verbatim.py DATA [--top 30]

Takes the strongest passages of every transcript as the local engine's first pass ranks them (more than are ever published: only the
slow second pass and the headlines are left out, which change no quote), quotes each as insights are quoted, and looks for the quote
in the file itself, read here without our parsers: time lines, names at the head of a line, tags, marks and entities are taken
out, white space folded. Prints a row per set: files, those that could not be read, quotes, those that stand.
"""

from __future__ import annotations

import argparse
import json
import re
from html import unescape
from pathlib import Path

from takefive.common.errors import TakefiveError
from takefive.insights import local
from takefive.insights.ground import find_quote
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
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_NAMES = re.compile(r"^[*_\s]*(?:\[?[\d:]+\]?\s*)?[A-Z][\w.’' -]{0,40}(?: ?\([\w: ]+\))?:[*_]*(?=\s|$)", re.MULTILINE)
_MARKS = re.compile(r"</?[a-zA-Z][^<>]*>|\\?\[[^\]\n]*\]|\([\d: ]+\)|[*_\\♪>#`]|\b\d\d?:\d\d(?::\d\d)?\b")


def folded(text: str, *, names: bool = True) -> str:
    """A text as its words, without times, tags and marks, and without what may be a name at the head of a line."""
    text = _LINK.sub(r"\1", unescape(_TIMES.sub(" ", text)))
    return " ".join(words(_MARKS.sub(" ", text if names else _NAMES.sub(" ", text))))


def spoken(document: object) -> str:
    """All texts of a JSON transcript in order; words that stand beside their whole text are not said twice."""
    if isinstance(document, dict):
        own = next((document[key] for key in ("text", "body", "voice") if isinstance(document.get(key), str)), "")
        return own or " ".join(spoken(value) for value in document.values() if isinstance(value, dict | list))
    return " ".join(map(spoken, document)) if isinstance(document, list) else ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--top", type=int, default=30)
    chosen = options.parse_args()
    print("| set | files | unread | quotes | verbatim |\n|---|---|---|---|---|", flush=True)
    whole = [0, 0, 0, 0]
    for pattern in SETS:
        row = [0, 0, 0, 0]
        for path in sorted(chosen.data.glob(pattern)):
            if ".shownotes." not in path.name and path.name != "README.md":
                one(path, chosen.top, row)
        whole = [a + b for a, b in zip(whole, row, strict=True)]
        print(f"| {pattern} | {' | '.join(map(str, row))} |", flush=True)
    print(f"| all | {' | '.join(map(str, whole))} |")


def one(path: Path, top: int, row: list[int]) -> None:
    """Adds one file to a row of counts."""
    row[0] += 1
    try:
        said = sentences(read(path.read_bytes(), name=path.name))
    except TakefiveError:
        row[1] += 1
        return
    source = path.read_text("utf-8", errors="replace")
    source_text = spoken(json.loads(source)) if _JSON.match(source) else source
    plain = f" {folded(source_text)} \n {folded(source_text, names=False)} "
    for passage in local.picked(said, top=top, second_pass=False, source=source):
        quote = find_quote(passage.text, said, near=passage.first)
        stands = quote is not None and f" {folded(quote.text)} " in plain
        row[2] += 1
        row[3] += stands
        if not stands:
            print(f"not verbatim: {path.name}: {passage.text[:200]}", flush=True)


if __name__ == "__main__":
    main()
