"""How well sponsor reads are known, on episodes whose reads were marked by hand.

    python evals/not_content.py DATA [--errors]

DATA is the folder that holds transcripts-talkpython, syntax-srt-shownotes, gold and the others. The marks are in
tests/transcripts/sponsor_reads.json: for each episode the reads (`sponsor`: also the show's own advertisements and requests for
money) and the talk around an episode (`frame`: greetings, good-byes, housekeeping), as runs of words. Prints precision (of the
sentences marked as a sponsor's, how many are in a read or in the frame), recall (of the sentences of the reads, how many are kept
from insights, for whatever reason), whole reads missed, and what the marks cost: reference insights of `gold` that they hide.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from takefive.insights.ground import find_quote, mended_quote
from takefive.transcripts import read
from takefive.transcripts.content import not_content, usable
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Sentence

MARKS = Path(__file__).resolve().parent.parent / "tests" / "transcripts" / "sponsor_reads.json"


@dataclass
class Counts:
    """Sentences, and whole reads."""

    sponsor: int = 0
    sponsor_kept_out: int = 0
    marked_sponsor: int = 0
    marked_rightly: int = 0
    kept_out: int = 0
    content: int = 0
    reads: int = 0
    reads_missed: int = 0

    def __str__(self) -> str:
        precision = self.marked_rightly / max(self.marked_sponsor, 1)
        recall = self.sponsor_kept_out / max(self.sponsor, 1)
        cost = self.kept_out / max(self.content, 1)
        return (
            f"{self.reads} reads, {self.sponsor} sentences: precision {precision:.3f}, recall {recall:.3f}, "
            f"{self.reads_missed} reads missed whole; {cost:.2%} of the {self.content} other sentences kept out"
        )


def look(episode: dict[str, Any], data: Path, counts: Counts, errors: bool) -> None:
    """Adds one marked episode to the counts."""
    path = data / episode["episode"]
    said = sentences(read(path.read_bytes(), name=path.name))
    reads = [placed(said, *span) for span in episode["sponsor"]]
    frame = {i for span in episode["frame"] for i in placed(said, *span)}
    in_reads = {i for one in reads for i in one}
    out = {i for i, fine in enumerate(usable(said)) if not fine}
    marked = {i for i, reason, _ in not_content(said) if reason == "sponsor"}
    counts.sponsor += len(in_reads)
    counts.sponsor_kept_out += len(in_reads & out)
    counts.marked_sponsor += len(marked)
    counts.marked_rightly += len(marked & (in_reads | frame))
    counts.content += len(said) - len(in_reads | frame)
    counts.kept_out += len(out - in_reads - frame)
    counts.reads += len(reads)
    counts.reads_missed += sum(not out & set(one) for one in reads)
    if errors:
        for i in sorted((marked - in_reads - frame) | (in_reads - out)):
            print("missed" if i in in_reads else "wrong ", episode["episode"][-40:], i, said[i].text[:150])


def placed(said: list[Sentence], first: int, last: int, opening: str) -> range:
    """The sentences of a run of words; it is found by its opening words, should words have come or gone before it."""
    words = [word for one in said for word in one.text.split()]
    anchor = opening.split()
    starts = [i for i in range(len(words)) if words[i : i + len(anchor)] == anchor] or [first]
    shift = min((start - first for start in starts), key=abs)
    firsts = [0]
    for one in said:
        firsts.append(firsts[-1] + len(one.text.split()))
    inside = [i for i in range(len(said)) if firsts[i] >= first + shift and firsts[i + 1] <= last + shift]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def cost(gold: Path) -> tuple[int, int]:
    """Reference insights of the gold set, and how many of them the marks hide."""
    hidden = count = 0
    for path in sorted((gold / "insights").glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        said = sentences(read((gold / "transcripts" / document["source"]).read_bytes(), name=document["source"]))
        fine = usable(said)
        for insight in document["insights"]:
            place = find_quote(insight["quote"], said) or mended_quote(insight["quote"], said)
            count += place is not None
            hidden += place is not None and not all(fine[place.first : place.last + 1])
    return count, hidden


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--errors", action="store_true", help="print the sentences that are wrong or missed")
    chosen = options.parse_args()
    marks = json.loads(MARKS.read_text("utf-8"))
    total, sets = Counts(), dict[str, Counts]()
    for episode in marks:
        look(episode, chosen.data, total, chosen.errors)
        look(episode, chosen.data, sets.setdefault(episode["episode"].split("/")[0], Counts()), errors=False)
    for name, counts in sets.items():
        print(f"{name}: {counts}")
    print(f"{len(marks)} episodes: {total}")
    quotes, hidden = cost(chosen.data / "gold")
    print(f"{hidden} of {quotes:,} reference insights hidden ({hidden / quotes:.2%})")


if __name__ == "__main__":
    main()
