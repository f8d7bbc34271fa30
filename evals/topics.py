"""Which topics the local engine gives to what people said: learned from reference insights, read and counted.

    python evals/topics.py --data DIR [--train] [--seed 1]

`--train` writes the words that a topic may be made of (insights/data/subjects.txt) from all reference insights; without it they
are learned from half of the episodes and judged on the other half. A topic counts as one that a person would have written if
some reference insight of the judged half has it, under its key; as right if the insight itself has it, or says it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from zlib import crc32

from takefive.insights import topics as engine
from takefive.relations.entities import commonest, topic_key

FEW, SINGLE = 2, 3  # episodes in which a label of several words, or of one, must have been used
TELLS = 0.5  # share of quotes with a word whose reference insight speaks of it, from which the word is a subject


def episodes(data: Path) -> dict[str, list[dict]]:
    files = sorted((data / "gold" / "insights").glob("*.json"))
    return {file.stem: json.loads(file.read_text())["insights"] for file in files}


def learned(library: dict[str, list[dict]]) -> list[str]:
    """The labels that several episodes share, as they are written most; single words only if they are what quotes are about."""
    used, written = defaultdict(set), defaultdict(Counter)
    for name, insights in library.items():
        for label in (label for insight in insights for label in insight["topics"]):
            used[topic_key(label)].add(name)
            written[topic_key(label)][label.replace("-", " ") if label.islower() else label] += 1
    heard, kept = Counter(), Counter()
    for insight in (insight for insights in library.values() for insight in insights):
        told = words(" ".join((insight["headline"], insight["insight"], *insight["topics"])))
        for word in words(insight["quote"]):
            heard[word] += 1
            kept[word] += word in told
    good = []
    for key, names in used.items():
        if not key or len(names) < (FEW if " " in key else SINGLE):
            continue
        if " " in key or heard[key] < 3 or kept[key] >= TELLS * heard[key]:
            good.append(commonest(written[key]))
    return sorted(good, key=str.casefold)


def words(text: str) -> set[str]:
    return {engine.stem(word) for word in re.findall(r"[a-z0-9+#]+", text.lower())}


def given(insights: list[dict]) -> Iterable[tuple[dict, tuple[str, ...]]]:
    often = engine.phrase_counts([insight["quote"] for insight in insights])
    people = frozenset(word for insight in insights for word in (insight.get("speaker") or "").lower().split())
    for insight in insights:
        yield insight, engine.topics(insight["quote"], often, people)


def report(library: dict[str, list[dict]], seed: int) -> None:
    labels = {topic_key(label) for insights in library.values() for one in insights for label in one["topics"]}
    counts, spread, many, known, right, none = Counter(), defaultdict(set), 0, 0, 0, 0
    for name, insights in library.items():
        for insight, found in given(insights):
            none += not found
            told = words(" ".join((insight["headline"], insight["insight"], *insight["topics"])))
            for topic in found:
                many += 1
                known += topic_key(topic) in labels
                right += words(topic) <= told
                counts[topic_key(topic)] += 1
                spread[topic_key(topic)].add(name)
    total = sum(map(len, library.values()))
    print(f"{total} insights, {many} topics, {many / total:.2f} each, {none} without; {len(counts)} different")
    print(f"written by a person somewhere: {known / many:.3f}; said by the reference insight: {right / many:.3f}")
    shared = [key for key in counts if len(spread[key]) > 1]
    print(f"of more than one episode: {len(shared)}, {sum(counts[key] for key in shared) / many:.2f} of all")
    print(
        "most:",
        *(f"{key} {len(spread[key])}" for key in sorted(counts, key=lambda k: (-len(spread[k]), k))[:50]),
        sep="\n  ",
    )
    dice = random.Random(seed)
    print("of those shared, by lot:", *dice.sample(sorted(shared), min(50, len(shared))), sep="\n  ")
    print("of all, by lot:", *dice.sample(sorted(counts), 50), sep="\n  ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    library = episodes(told.data)
    if told.train:
        engine.SUBJECTS.write_text("\n".join(learned(library)) + "\n", encoding="utf-8")
        return
    half = {name for name in library if crc32(name.encode()) % 2}
    with NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(learned({name: library[name] for name in half})))
        file.flush()
        engine.SUBJECTS = Path(file.name)
        engine._subjects()
    report({name: library[name] for name in library.keys() - half}, told.seed)


if __name__ == "__main__":
    main()
