"""What the door that every insight passes would make of insights that a careful reader wrote.

    python evals/door.py GOLD [--every 3]

GOLD holds `transcripts` and `insights`. The reference insights were written by a reader who was free to name what the whole episode
names, so those that are refused for a name or a number show what the rule of the near context costs; any other reason is an error
of ours. Prints how many pass and the first reason of the others.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from takefive.insights.admit import Evidence, Tally, admit
from takefive.insights.values import DraftInsight
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("gold", type=Path)
    options.add_argument("--every", type=int, default=1, help="only every so manieth episode")
    chosen = options.parse_args()
    tally = Tally()
    for path in sorted((chosen.gold / "insights").glob("*.json"))[:: chosen.every]:
        document = json.loads(path.read_text("utf-8"))
        transcript = chosen.gold / "transcripts" / document["source"]
        said = sentences(read(transcript.read_bytes(), name=transcript.name))
        evidence = Evidence.of(said, title=path.stem.replace("_", " "))
        for insight in document["insights"]:
            tally = tally.and_one(admit(_draft(insight), evidence))
    print(
        f"{tally.published} of {tally.proposed} pass, {tally.mended} with a mended quote; refused: {dict(tally.dropped)}"
    )


def _draft(insight: dict[str, str]) -> DraftInsight:
    return DraftInsight(headline=insight["headline"], text=insight["insight"], quote=insight["quote"], speaker=None, start=None,
                        end=None, kind="claim", topics=(), score=0.5)  # fmt: skip


if __name__ == "__main__":
    main()
