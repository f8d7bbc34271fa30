"""How well transcripts are read: every real file, its words, times and speakers; two formats of one episode compared.

    .venv/bin/python evals/transcripts.py ../shared/data > figures.txt

In: a folder with the sets named below, all public collections (docs/benchmarks/transcripts.md names their sources).
Out: the tables of docs/benchmarks/transcripts.md. About a minute on one core.
"""

from __future__ import annotations

import html
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from takefive.common.errors import TranscriptError
from takefive.transcripts import read
from takefive.transcripts.content import not_content
from takefive.transcripts.names import with_persons
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Sentence, TimedText

SETS = {
    "Changelog, markdown": ("transcripts-changelog", "*/*.md"),
    "Bitcoin, markdown + YAML": ("transcripts-bitcoin", "*/*.md"),
    "Optech, markdown": ("optech-recap", "*.transcript.md"),
    "Talk Python, WebVTT": ("transcripts-talkpython", "*.vtt"),
    "Talk Python, text": ("transcripts-talkpython", "*.txt"),
    "Syntax, SRT": ("syntax-srt-shownotes", "*.srt"),
    "Virtual Coffee, SRT": ("p20-formats/virtualcoffee-srt", "*.srt"),
    "Oxide, text": ("oxide-highlights", "*.transcript.txt"),
    "Green Software, markdown": ("p20-formats/greensoftware-md", "*.md"),
    "Podcasting 2.0 examples": ("p20-formats/spec-examples", "transcripts-*"),
    "Podlove, JSON": ("p20-formats/podlove", "transcripts-*"),
    "Data Stories, words JSON": ("transcripts-datastories-words", "*.json"),
}


@dataclass
class Row:
    """What was seen of one set."""

    files: int = 0
    refused: int = 0
    words: int = 0
    lost: int = 0
    above: int = 0
    gained: int = 0
    backwards: int = 0
    seconds: float = 0.0
    unexplained: Counter[str] = field(default_factory=Counter)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


STAMP = r"(?<!\w)(?:\d+:)?\d+:\d\d(?:[.,:]\d+)?(?!\w)"
LABEL = r"\d?[^\W\d_][\w.,'’ &/-]{0,40}?(?: ?\([\w: .]+\))?"
"""What a speaker's label may be; it is one if it stands at the head of two lines, or of one in bold."""
HEADS = re.compile(
    rf"(?m)^[ >-]*(?:\[?{STAMP}\]?\s+)?(?:(\*\*|__)({LABEL}):?\s*\1\s*:?|\[({LABEL})\](?=\s*\[)"
    rf"|({LABEL}) ?(?:[\[(]{STAMP}[\])] ?|[ :–-]{{1,3}}{STAMP})?(?::(?=\s|$)|(?<=\d)$|(?=\s{STAMP}\s*$)))"
)


def raw(path: Path, text: str, names: set[str]) -> list[str]:
    """The words a person would call spoken, by rules that share no code with the readers.

    Markup, addresses, headings, speakers' labels at the heads of lines and short bracketed marks are taken out.
    """
    if path.suffix == ".json":
        document = json.loads(text)
        items = document if isinstance(document, list) else document.get("words") or document["segments"]
        text = " ".join(item.get("body") or item["text"] for item in items)
    elif path.suffix in (".vtt", ".srt", ".html"):
        text = re.sub(r"(?m)^WEBVTT.*$|^(?:\d+\s*\n)?\s*[\d:.,]+ --> [\d:.,]+.*$", "", text)
        text = re.sub(r"<time>.*?</time>|<cite>.*?</cite>|<(?!v )[^>]*>", " ", text)
    elif path.suffix == ".md":
        text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
        text = re.split(r"(?im)^[#* ]*transcript(?:ion)?(?: below)?:?[#* ]*$", text)[-1]
        text = re.sub(r"\{%.*?%\}|(?m:^#.*$|^_[^_]+_$)|<https?:[^>]*>|\]\([^)\s]*\)", " ", text)
        text = re.sub(r"(?m)^.{0,100}https?://\S+$", "", text)
        text = re.sub(r"<sup>", "^", re.sub(r"</?(?!sup|v )[a-z][^>]*>|</sup>", "", text))
    text = re.sub(r"\\(?=\W)|<v [^>]*>", "", html.unescape(text))
    text = without_labels(text, names)
    text = re.sub(r"\[[^\[\]]{1,60}\]|https?://\S+", " ", text)
    return words(re.sub(STAMP, " ", text))


def without_labels(text: str, names: set[str]) -> str:
    def label(match: re.Match[str]) -> str:
        return next(filter(None, match.groups()[1:]), "")

    often = Counter(label(match) for match in HEADS.finditer(text))
    sure = {name for name, count in often.items() if count > 1 or name.partition(" (")[0] in names} | names
    return HEADS.sub(lambda match: " " if match[1] or match[3] or label(match) in sure else match[0], text)


def lost(path: Path, text: str, found: TimedText) -> tuple[Counter[str], int]:
    """Words of the file that are in no segment: from the first spoken on, and how many above it (notes, titles)."""
    said = [word for segment in found.segments for word in words(segment.text)]
    there = raw(path, text, {segment.speaker for segment in found.segments if segment.speaker} | {"Unknown"})
    opening = said[:5]
    first = next((i for i in range(len(there)) if there[i : i + 5] == opening), 0)
    return Counter(there[first:]) - Counter(said), first


def gained(path: Path, text: str, found: TimedText) -> int:
    """Words that are in more segments than there are of them in the file."""
    whole = html.unescape(json.dumps(json.loads(text), ensure_ascii=False) if path.suffix == ".json" else text)
    whole = re.sub(r"<sup>", "^", re.sub(r"</?(?!sup)[a-z][^>]*>|[`\\]", "", whole))
    return sum((Counter(words(" ".join(one.text for one in found.segments))) - Counter(words(whole))).values())


def look(folder: Path, pattern: str) -> Row:
    row = Row()
    for path in sorted(path for path in folder.glob(pattern) if "shownotes" not in path.name):
        data = path.read_bytes()
        row.files += 1
        begin = time.perf_counter()
        try:
            found = read(data, name=path.name)
        except TranscriptError as error:
            print(f"refused: {path.name}: {error}", file=sys.stderr)
            row.refused += 1
            continue
        said = sentences(found)
        row.seconds += time.perf_counter() - begin
        missing, above = lost(path, data.decode("utf-8", "replace"), found)
        row.above += above
        row.words += sum(len(words(segment.text)) for segment in found.segments)
        row.lost += sum(missing.values())
        row.gained += gained(path, data.decode("utf-8", "replace"), found)
        if missing:
            print(
                f"{path.name}: {sum(missing.values())}: {' '.join(sorted(missing.elements()))[:200]}", file=sys.stderr
            )
        row.unexplained += missing
        starts = [one.start for one in said if one.start is not None]
        row.backwards += starts != sorted(starts)
    return row


def agreement(folder: Path) -> Iterator[float]:
    """Share of equal words between the WebVTT and the text of one episode."""
    for path in sorted(folder.glob("*.vtt")):
        other = path.with_suffix(".txt")
        if other.exists():
            one, two = (
                words(" ".join(s.text for s in read(file.read_bytes(), name=file.name).segments))
                for file in (path, other)
            )
            yield SequenceMatcher(None, one, two, autojunk=False).ratio() if one != two else 1.0


def speakers(folder: Path) -> tuple[int, int, int]:
    """Episodes with names in their text, names stated in the metadata, and how many of those were found as speakers."""
    episodes = stated = found = 0
    for line in (folder / "episodes.jsonl").read_text("utf-8").splitlines():
        facts = json.loads(line)
        text = read((folder / facts["file"]).read_bytes(), name=facts["file"])
        text = with_persons(text, facts["speakers"] or ())
        names = {segment.speaker for segment in text.segments if segment.speaker}
        if len(names) < 2 or any(name.startswith("Speaker ") for name in names):
            continue
        episodes += 1
        stated += len(facts["speakers"] or ())
        found += len(names & set(facts["speakers"] or ()))
    return episodes, stated, found


def content(folder: Path) -> tuple[int, int, int, int]:
    """Reference quotes, those on sentences marked as no content, sentences, marked ones."""
    quotes = hidden = count = marked = 0
    for path in sorted((folder / "insights").glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        said = sentences(read((folder / "transcripts" / document["source"]).read_bytes(), name=document["source"]))
        marks = {i for i, _, _ in not_content(said)}
        count, marked = count + len(said), marked + len(marks)
        for insight in document["insights"]:
            quotes += 1
            hidden += not marks.isdisjoint(_under(insight["quote"], said))
    return quotes, hidden, count, marked


def _under(quote: str, said: list[Sentence]) -> list[int]:
    wanted = " " + " ".join(words(re.sub(r"\[[^\]]*\]", " ", quote.replace("\\", "")))) + " "
    text, places = " ", []
    for one in said:
        places.append(len(text))
        text += " ".join(words(re.sub(r"\[[^\]]*\]", " ", one.text))) + " "
    at = text.find(wanted)
    return [i for i, place in enumerate(places) if at <= place < at + len(wanted) - 1] if at >= 0 else []


def main() -> None:
    data = Path(sys.argv[1])
    head = [
        "set",
        "files",
        "read",
        "words",
        "lost",
        "gained",
        "above the first spoken",
        "with times going back",
        "ms a file",
    ]
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for name, (folder, pattern) in SETS.items():
        row = look(data / folder, pattern)
        counts = (row.files, row.files - row.refused, f"{row.words:,}", row.lost, row.gained, row.above, row.backwards)
        print(f"| {name} | {' | '.join(map(str, counts))} | {1000 * row.seconds / row.files:.0f} |")
        print(f"{name}: {row.unexplained.most_common(12)}", file=sys.stderr)
    ratios = sorted(agreement(data / "transcripts-talkpython"))
    print(
        f"\nTalk Python, WebVTT against text, {len(ratios)} episodes: equal words {ratios[len(ratios) // 2]:.4f} (median),",
        end=" ",
    )
    print(f"{ratios[0]:.4f} (worst), {sum(ratio == 1 for ratio in ratios)} wholly equal")
    episodes, stated, found = speakers(data / "transcripts-bitcoin")
    print(f"Bitcoin, speakers of the metadata found in the text: {found} of {stated} ({episodes} episodes with names)")
    quotes, hidden, count, marked = content(data / "gold")
    print(f"No content: {marked:,} of {count:,} sentences marked; they hide {hidden} of {quotes:,} reference quotes")


if __name__ == "__main__":
    main()
