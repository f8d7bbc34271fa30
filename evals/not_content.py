"""How well sponsor reads are known, on episodes whose reads were marked by hand.

    python evals/not_content.py DATA [--errors] [--unseen] [--alone]

DATA is the folder that holds transcripts-talkpython, syntax-srt-shownotes, gold and the others. The marks are in
tests/transcripts/sponsor_reads.json: for each episode the reads (`sponsor`: also the show's own advertisements and requests for
money) and the talk around an episode (`frame`: greetings, good-byes, housekeeping), as runs of words. Prints precision (of the
sentences marked as a sponsor's, how many are in a read or in the frame), recall (of the sentences of the reads, how many are kept
from insights, for whatever reason), whole reads missed, and what the marks cost: reference insights of `gold` that they hide.
With `--unseen` the episodes of tests/transcripts/sponsor_reads_unseen.json: `unseen` of shows that no rule was made on, `tuned on`
of shows that were, and two halves marked later, of which rules were made on one (`rules half`) and looked at on the other
(`report half`); with `--alone` without what
five other episodes of the show said too.
"""

from __future__ import annotations

import argparse
import json
import re
from bisect import bisect
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from takefive.insights.ground import find_quote, mended_quote
from takefive.transcripts import read
from takefive.transcripts.content import not_content, usable
from takefive.transcripts.repeats import fingerprint, marks
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Sentence

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "transcripts"
_OTHER = re.compile(r"shownotes|chapters|README")
_NUMBERS = re.compile(r"\d")


@dataclass
class Counts:
    """Sentences, and whole reads."""

    sponsor: int = 0
    sponsor_kept_out: int = 0
    marked_sponsor: int = 0
    marked_rightly: int = 0
    kept_out: int = 0
    content: int = 0
    frame: int = 0
    frame_kept_out: int = 0
    reads: int = 0
    reads_missed: int = 0

    def __str__(self) -> str:
        precision = self.marked_rightly / max(self.marked_sponsor, 1)
        recall = self.sponsor_kept_out / max(self.sponsor, 1)
        cost = self.kept_out / max(self.content, 1)
        return (
            f"{self.reads} reads, {self.sponsor} sentences: precision {precision:.3f}, recall {recall:.3f}, "
            f"{self.reads_missed} reads missed whole; {self.frame_kept_out} of {self.frame} greetings and the like kept out; "
            f"{cost:.2%} of the {self.content} other sentences kept out"
        )


def read_marked(path: Path, others: bool) -> list[Sentence]:
    """The sentences of an episode; with `others` marked by what five more of the show in the same folder say too."""
    text = read(path.read_bytes(), name=path.name)
    if others:
        show = _NUMBERS.split(path.name)[0] if path.parent.name == "transcripts" else ""
        near = sorted(
            one for one in path.parent.glob(f"{show}*{path.suffix}") if one != path and not _OTHER.search(one.name)
        )
        place = bisect(near, path)
        known = [fingerprint(read(one.read_bytes(), name=one.name)) for one in near[max(0, place - 5) : max(5, place)]]
        text = replace(text, marks=tuple(marks(text, known)))
    return sentences(text)


def look(episode: dict[str, Any], said: list[Sentence], counts: Counts, errors: bool) -> None:
    """Adds one marked episode to the counts."""
    reads = [placed(said, *span) for span in episode["sponsor"]]
    frame = {i for span in episode["frame"] for i in placed(said, *span)}
    in_reads = {i for one in reads for i in one}
    out = {i for i, fine in enumerate(usable(said)) if not fine}
    marked = {i for i, reason, _ in not_content(said) if reason == "sponsor"}
    counts.sponsor += len(in_reads)
    counts.sponsor_kept_out += len(in_reads & out)
    counts.marked_sponsor += len(marked)
    counts.marked_rightly += len(marked & (in_reads | frame))
    counts.frame += len(frame - in_reads)
    counts.frame_kept_out += len((frame - in_reads) & out)
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
    options.add_argument("--unseen", action="store_true", help="the episodes that no rule was made on")
    options.add_argument("--alone", action="store_true", help="without what other episodes of the show say too")
    chosen = options.parse_args()
    name = "sponsor_reads_unseen.json" if chosen.unseen else "sponsor_reads.json"
    episodes = json.loads((FOLDER / name).read_text("utf-8"))
    total, sets = Counts(), dict[str, Counts]()
    for episode in episodes:
        said = read_marked(chosen.data / episode["episode"], not chosen.alone)
        look(episode, said, total, chosen.errors)
        kind = f"show {episode['show']}" if chosen.unseen else episode["episode"].split("/")[0]
        look(episode, said, sets.setdefault(kind, Counts()), errors=False)
    for name, counts in sets.items():
        print(f"{name}: {counts}")
    print(f"{len(episodes)} episodes: {total}")
    if chosen.unseen:
        return
    quotes, hidden = cost(chosen.data / "gold")
    print(f"{hidden} of {quotes:,} reference insights hidden ({hidden / quotes:.2%})")


if __name__ == "__main__":
    main()
