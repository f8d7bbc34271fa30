"""Print insights of episodes that no model was trained on, for somebody to read and judge as a stranger would.

    python evals/read_fifty.py [--gold DIR] [--count 50] [--seed 1] [--top 5] [--texts] [--best]

Draws episodes at random among the held-out ones and insights among each one's first five; the same seed draws the same places.
With --best it shows instead the strongest of every held-out episode, in the order in which a brief without interests would
take them: a reader gets one insight of an episode, and five of all.
Judge each: would you send it to a friend, is it fine but dull, is it bad (broken, does not stand alone), does it mislead?
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from takefive.briefs.pool import MAKESHIFT
from takefive.insights import local
from takefive.insights.headline import makeshift
from takefive.insights.training import gold
from takefive.insights.values import DraftInsight

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "gold"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gold", type=Path, default=GOLD)
    options.add_argument("--count", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--top", type=int, default=5, help="how many insights of an episode may be drawn")
    options.add_argument("--texts", action="store_true", help="with the text and what it is about")
    options.add_argument("--best", action="store_true", help="the strongest insight of every episode, strongest first")
    chosen = options.parse_args()
    episodes = list(gold.read_gold(chosen.gold))
    held = gold.held_out([episode.name for episode in episodes])
    tests = [episode for episode in episodes if episode.name in held]
    random.Random(chosen.seed).shuffle(tests)
    if chosen.best:
        drafts = [(episode.name, max(extracted(episode), key=brief_strength)) for episode in tests]
        drafts.sort(key=lambda pair: -brief_strength(pair[1]))
    else:
        some = tests[: -(-chosen.count // chosen.top)]
        drafts = [(episode.name, draft) for episode in some for draft in extracted(episode)[: chosen.top]]
    for number, (name, draft) in enumerate(drafts, 1):
        print(f"{number:3d}. {draft.headline}   [{draft.kind}, {name}]")
        if chosen.texts:
            print(f"     {draft.text}\n     — {draft.speaker} · {', '.join(draft.topics)}\n")


def extracted(episode: gold.GoldEpisode) -> list[DraftInsight]:
    """The insights of an episode, best first."""
    return local.extract(episode.text, source=episode.source)


def brief_strength(draft: DraftInsight) -> float:
    """What a brief makes of an insight's score: less where no claim heads it."""
    return draft.score * (MAKESHIFT if makeshift(draft.headline, draft.speaker) else 1.0)


if __name__ == "__main__":
    main()
