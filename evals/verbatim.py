"""Whether every quote stands word for word in its file, over all transcripts of a data folder.

    python evals/verbatim.py DATA [--top 30] [--set transcripts-bitcoin] [--every]

Takes the strongest passages of every transcript as the local engine's first pass ranks them (more than are ever published: only the
slow second pass and the headlines are left out, which change no quote), quotes each as insights are quoted, and looks for the quote
in the file itself, read here without our parsers: time lines, names at the head of a line, tags, marks and entities are taken
out, white space folded. Prints a row per set: files, those that could not be read, quotes, those that stand. With `--every` each
sentence is looked for, not only those that would be quoted: it takes a minute, not an hour.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from takefive.common.errors import TakefiveError
from takefive.insights import local
from takefive.insights.ground import find_quote
from takefive.insights.passages import words
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Sentence

SETS = (
    "gold/transcripts/*.md", "transcripts-changelog/*/*.md", "transcripts-bitcoin/*/*.md", "optech-recap/**/*.transcript.md",
    "transcripts-talkpython/*.vtt", "transcripts-talkpython/*.txt", "syntax-srt-shownotes/*.srt", "p20-formats/*srt/*.srt",
    "oxide-highlights/*.transcript.txt", "p20-formats/greensoftware-md/*.md", "p20-formats/spec-examples/transcripts-*",
    "p20-formats/podlove/transcripts-*", "transcripts-datastories-words/*.json",
)  # fmt: skip
_JSON = re.compile(r"\s*[\[{]\s*[\[{\"]")
_TIMES = re.compile(r"^(?:\d+|WEBVTT.*|[\d:., ]+-->.*|NOTE .*)$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_NAMES = re.compile(
    r"^[*_\s]*(?:\[?[\d:]+\]?\s*)?[A-Z][\w.’' -]{0,40}(?: ?\([\w: ]+\))?(?:[*_]*:[*_]*(?=\s|$)| +[\d:]{4,8}$)",
    re.MULTILINE,
)
_HEADINGS = re.compile(r"^(?:#+ .*|_[^_]+_)$", re.MULTILINE)
_BRACKETS = re.compile(r"\\?\[[^\[\]]{1,80}\]")
_MARKS = re.compile(
    r"<v [^>]*>|<su[bp]>|</?[a-zA-Z][^<>]*>|\([\d: ]+\)|[*_\\♪>#\[\]]|\b\d\d?:\d\d(?::\d\d)?(?:\.\d+)?\b"
)


def folded(text: str, *, names: bool = True, brackets: bool = False) -> str:
    """A text as its words, without times, tags and marks, and without what may be a name at the head of a line, or in brackets."""
    text = _LINK.sub(r"\1", unescape(_TIMES.sub(" ", text)))
    text = _HEADINGS.sub(" ", text if names else _NAMES.sub(" ", text)).replace("`", "").replace("<sub>", "")
    return " ".join(words(_MARKS.sub(" ", text if brackets else _BRACKETS.sub(" ", text))))


def spoken(document: object) -> str:
    """All texts of a JSON transcript in order: a recogniser's whole text, its words and its turns, which are not always alike."""
    if isinstance(document, dict):
        own = next((document[key] for key in ("text", "body", "voice") if isinstance(document.get(key), str)), "")
        return " ".join([own, *(spoken(value) for value in document.values() if isinstance(value, dict | list))])
    return " ".join(map(spoken, document)) if isinstance(document, list) else ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--top", type=int, default=30)
    options.add_argument("--set", default="", help="only the sets whose pattern holds this")
    options.add_argument("--every", action="store_true", help="every sentence, not the strongest passages")
    chosen = options.parse_args()
    print("| set | files | unread | quotes | verbatim |\n|---|---|---|---|---|", flush=True)
    whole = [0, 0, 0, 0]
    for pattern in (pattern for pattern in SETS if chosen.set in pattern):
        row = [0, 0, 0, 0]
        for path in sorted(chosen.data.glob(pattern)):
            if ".shownotes." not in path.name and path.name != "README.md":
                one(path, None if chosen.every else chosen.top, row)
        whole = [a + b for a, b in zip(whole, row, strict=True)]
        print(f"| {pattern} | {' | '.join(map(str, row))} |", flush=True)
    print(f"| all | {' | '.join(map(str, whole))} |")


def one(path: Path, top: int | None, row: list[int]) -> None:
    """Adds one file to a row of counts; without `top` all its sentences."""
    row[0] += 1
    try:
        said = sentences(read(path.read_bytes(), name=path.name))
    except TakefiveError:
        row[1] += 1
        return
    source = path.read_text("utf-8", errors="replace")
    source_text = spoken(json.loads(source)) if _JSON.match(source) else source
    kept = itertools.product((True, False), repeat=2)
    plain = "".join(f" {folded(source_text, names=names, brackets=brackets)} \n" for names, brackets in kept)
    for text in quotes(said, top, source) if top else [sentence.text for sentence in said]:
        stands = any(f" {folded(text, brackets=brackets)} " in plain for brackets in (False, True))
        row[2] += 1
        row[3] += stands
        if not stands:
            print(f"not verbatim: {path.name}: {text[:200]}", flush=True)


def quotes(said: list[Sentence], top: int, source: str) -> Iterator[str]:
    """The strongest passages as they are quoted."""
    for passage in local.picked(said, top=top, second_pass=False, source=source):
        quote = find_quote(passage.text, said, near=passage.first)
        yield quote.text if quote else f"lost: {passage.text}"


if __name__ == "__main__":
    main()
