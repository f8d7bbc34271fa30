"""Print insights of episodes that no model was trained on, for somebody to read and judge as a stranger would.

    python evals/read_fifty.py [--gold DIR] [--count 50] [--seed 1] [--top 5] [--texts]

Draws episodes at random among the held-out ones and insights among each one's first five; the same seed draws the same places.
Judge each: would you send it to a friend, is it fine but dull, is it bad (broken, does not stand alone), does it mislead?
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from takefive.insights import local
from takefive.insights.training import gold

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "gold"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gold", type=Path, default=GOLD)
    options.add_argument("--count", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--top", type=int, default=5, help="how many insights of an episode may be drawn")
    options.add_argument("--texts", action="store_true", help="with the text and what it is about")
    chosen = options.parse_args()
    episodes = list(gold.read_gold(chosen.gold))
    held = gold.held_out([episode.name for episode in episodes])
    tests = [episode for episode in episodes if episode.name in held]
    random.Random(chosen.seed).shuffle(tests)
    shown = 0
    for episode in tests[: -(-chosen.count // chosen.top)]:
        for draft in local.extract(episode.text, source=episode.source)[: chosen.top]:
            shown += 1
            print(f"{shown:3d}. {draft.headline}   [{draft.kind}, {episode.name}]")
            if chosen.texts:
                print(f"     {draft.text}\n     — {draft.speaker} · {', '.join(draft.topics)}\n")


if __name__ == "__main__":
    main()
