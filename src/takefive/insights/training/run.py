"""The whole training: read, hold out, measure how quality grows with episodes, fit, measure on what was held out, write."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from takefive.common.errors import UsageError
from takefive.insights.local import picked
from takefive.insights.scorer import Scorer
from takefive.insights.training import gold, kinds, linear, wholes
from takefive.insights.training.gold import GoldEpisode
from takefive.insights.training.measure import Figures, figures, mean, table

CURVE = (25, 50, 100, 150, 200)

Say = Callable[[str], object]


def train(
    folder: Path, out: Path, *, whole_shows: Collection[str] = gold.WHOLE_SHOWS, curve: bool = True, say: Say = print
) -> None:
    """Train the first pass on the reference insights in `folder`; write `out` (.npz) and its card beside it (.json).

    Says the figures on held-out episodes and held-out whole shows. Raises UsageError where too few episodes are left.
    """
    episodes = list(gold.read_gold(folder))
    held = gold.held_out([episode.name for episode in episodes], whole_shows)
    learn = [episode for episode in episodes if episode.name not in held]
    if len(learn) < 2:
        raise UsageError(f"{folder} leaves {len(learn)} episodes to train on; at least 2 are needed")
    tests = [episode for episode in episodes if episode.name in held]
    examples = [wholes.example(episode) for episode in sorted(learn, key=_shuffled)]
    for count in [*(n for n in CURVE if curve and n < len(learn)), len(learn)]:
        model = wholes.fit(examples[:count])
        if tests:
            reached = mean(measured(model, tests))
            say(f"{count:4d} episodes: P@5 {reached.p5:.3f}  nDCG@5 {reached.ndcg5:.3f}  R@12 {reached.r12:.3f}")
    rows = {episode.name: row for episode, row in zip(tests, measured(model, tests), strict=True)}
    if rows:
        table(_groups(tests, rows, whole_shows), say)
    _write(linear.as_file(model), out, _card(learn, rows))
    _train_kinds(learn, tests, out.with_name("kinds.npz"), say)
    say(f"wrote {out} and kinds.npz, and their cards beside them")


def _shuffled(episode: GoldEpisode) -> str:
    return hashlib.sha256(episode.name.encode()).hexdigest()


def _train_kinds(learn: Sequence[GoldEpisode], tests: Sequence[GoldEpisode], out: Path, say: Say) -> None:
    model = kinds.fit([example for episode in learn for example in episode.kinds])
    test = [example for episode in tests for example in episode.kinds]
    figure = {"agreement": round(kinds.agreement(model, test), 4), "passages": len(test)} if test else {}
    say(f"kinds agree with the reference on held-out episodes: {figure.get('agreement', 'none held out')}")
    _write(kinds.as_file(model), out, _about("takefive-kinds 1", learn) | {"figures": figure})


def measured(model: Scorer | None, episodes: Sequence[GoldEpisode]) -> list[Figures]:
    """The figures of each episode, its passages picked by this first pass (None: the engine as shipped)."""
    found = [
        picked(episode.sentences, first_pass=model, second_pass=model is None, source=episode.source)
        for episode in episodes
    ]
    return [
        figures(episode.references, [episode.index.find(passage.text) for passage in passages])
        for episode, passages in zip(episodes, found, strict=True)
    ]


def _groups(
    tests: Sequence[GoldEpisode], rows: dict[str, Figures], whole_shows: Collection[str]
) -> dict[str, list[Figures]]:
    whole = [rows[episode.name] for episode in tests if episode.show in whole_shows]
    some = [rows[episode.name] for episode in tests if episode.show not in whole_shows]
    groups = {"held-out episodes": some, "held-out whole shows": whole, "all held out": [*some, *whole]}
    return {name: group for name, group in groups.items() if group}


def _card(learn: Sequence[GoldEpisode], rows: dict[str, Figures]) -> dict[str, Any]:
    reached = mean(list(rows.values())) if rows else None
    return {
        **_about("takefive-scorer 2", learn),
        "figures": {
            "episodes": len(rows),
            "P@5": round(reached.p5, 4),
            "nDCG@5": round(reached.ndcg5, 4),
            "R@12": round(reached.r12, 4),
        }
        if reached
        else {},
        "held_out": sorted(rows),
    }


def _about(name: str, learn: Sequence[GoldEpisode]) -> dict[str, Any]:
    return {
        "name": name,
        "data": f"{len(learn)} episodes with reference insights written by a large language model "
        "(transcripts: thechangelog/transcripts CC BY-SA 4.0, bitcointranscripts MIT)",
        "licence": "Apache-2.0",
    }


def _write(data: bytes, out: Path, card: dict[str, Any]) -> None:
    out.write_bytes(data)
    card = {**card, "sha256": hashlib.sha256(data).hexdigest()}
    out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
