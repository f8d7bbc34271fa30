"""How many honest claims of a language model pass the checks, and how many false ones.

The reference insights are a language model's, written from the whole transcript: each as a claim with its own quote is honest. The
same words with the quote of the episode's next insight, or of another episode's, are false, though every quote is real.

    python evals/claims.py --gold DIR [--episodes 60]
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from takefive.insights.admit import Evidence
from takefive.insights.language_model_claims import Checked, Claim, Transcript
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--gold", type=Path, required=True)
    arguments.add_argument("--episodes", type=int, default=60)
    chosen = arguments.parse_args()
    files = sorted((chosen.gold / "insights").glob("*.json"))
    random.Random(5).shuffle(files)
    tried, passed, reasons = Counter[str](), Counter[str](), Counter[str]()
    elsewhere: list[dict[str, Any]] = []
    for file in files[: chosen.episodes]:
        transcript, rows = _episode(chosen.gold, file)
        for kind, claim in _claims(rows, elsewhere):
            outcome = transcript.check(claim)
            tried[kind] += 1
            passed[kind] += isinstance(outcome, Checked)
            if kind == "honest" and not isinstance(outcome, Checked):
                reasons.update(reason.name for reason in outcome.reasons)
        elsewhere = rows
    for kind, count in tried.items():
        print(f"{kind}: {passed[kind]} of {count} pass ({passed[kind] / count:.1%})")
    print("honest ones were refused for", dict(reasons.most_common()))


def _episode(folder: Path, file: Path) -> tuple[Transcript, list[dict[str, Any]]]:
    document = json.loads(file.read_text(encoding="utf-8"))
    source = folder / "transcripts" / document["source"]
    said = sentences(read(source.read_bytes(), name=source.name))
    evidence = Evidence.of(said, title=file.stem.replace("-", " "), names=_people(source))
    return Transcript(said, (), evidence), document["insights"]


def _people(source: Path) -> list[str]:
    """The names in the file's head, as a feed has them of a show's people; they are no part of what was said."""
    head = re.search(r"^speakers:\n((?: +- .*\n)+)", source.read_text(encoding="utf-8")[:2000], re.MULTILINE)
    return re.findall(r"- (.+)", head[1]) if head else []


def _claims(rows: list[dict[str, Any]], elsewhere: list[dict[str, Any]]) -> Iterator[tuple[str, Claim]]:
    for i, row in enumerate(rows):
        yield "honest", _claim(row, row["quote"])
        yield "with the quote of the episode's next insight", _claim(row, rows[(i + 1) % len(rows)]["quote"])
        if elsewhere:
            yield "with a quote of another episode", _claim(row, elsewhere[i % len(elsewhere)]["quote"])
            other = elsewhere[i % len(elsewhere)]
            yield "another episode's words on a quote of this one", _claim(other, row["quote"])


def _claim(row: dict[str, Any], quote: str) -> Claim:
    return Claim(passage=0, quote=quote, headline=row["headline"], text=row["insight"], kind="claim", strength=3)


if __name__ == "__main__":
    main()
