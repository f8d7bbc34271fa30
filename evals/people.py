"""Whether names of speakers are told apart: real transcripts with the people whom their publishers name.

    python evals/people.py --data DIR

Counted over all speakers of gold's transcripts and of the Bitcoin transcripts' own lists, each with its show: how many ways of
writing there are, which of them are held to be one person, and which are not though they share their first and last word.
The pairs are printed to be read: whether a merge is wrong, or one is missed, only a person can tell.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

from takefive.relations.people import Sighting, people, person_name


def seen(data: Path) -> Counter[tuple[str, str]]:
    """Each name as written, with its show: how often."""
    found: Counter[tuple[str, str]] = Counter()
    for file in sorted((data / "gold" / "insights").glob("*.json")):
        for insight in json.loads(file.read_text())["insights"]:
            found[insight.get("speaker") or "", file.stem.split("__")[0]] += 1
    for file in sorted((data / "transcripts-changelog").rglob("*.md")):
        show = file.parent.name
        for name in re.findall(r"^\*\*(.{2,60}?):\*\*", file.read_text(errors="replace"), re.MULTILINE):
            found[name, show] += 1
    for file in sorted((data / "transcripts-bitcoin").rglob("*.md")):
        head = re.match(r"---\n(.*?)\n---", file.read_text(errors="replace"), re.DOTALL)
        listed = re.search(r"^speakers?:\s*\[(.*?)\]", head[1], re.MULTILINE) if head else None
        for name in (part.strip(" '\"") for part in listed[1].split(",")) if listed else ():
            found[name, file.parent.name] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    found = seen(parser.parse_args().data)
    written = {pair: name for pair in found if (name := person_name(pair[0]))}
    keys = people([Sighting(name, pair[1]) for pair, name in written.items()])
    persons = defaultdict(set)
    for pair, name in written.items():
        persons[keys[Sighting(name, pair[1])]].add(pair)
    merged = {key: {w for w, _ in pairs} for key, pairs in persons.items() if len({w for w, _ in pairs}) > 1}
    across = {key: {s for _, s in pairs} for key, pairs in persons.items() if len({s for _, s in pairs}) > 1}
    nobody = Counter({pair[0]: many for pair, many in found.items() if pair not in written})
    print(f"{len({w for w, _ in found})} ways of writing on {len({s for _, s in found})} shows: {len(persons)} people")
    print(f"{len(nobody)} labels that name nobody:", ", ".join(name for name, _ in nobody.most_common(40)))
    print(f"\n{len(merged)} people written in several ways:")
    for key, ways in sorted(merged.items()):
        print(f"  {key}: {' | '.join(sorted(ways))}")
    print(f"\n{len(across)} people on several shows:")
    print("  " + "; ".join(f"{key} ({len(shows)})" for key, shows in sorted(across.items())))
    ends = defaultdict(set)
    for key, pairs in persons.items():
        for way, _ in pairs:
            words = way.casefold().split()
            ends[words[0], words[-1]].add(key)
    print("\nfirst and last word shared, held to be several:")
    print("  " + "; ".join(" / ".join(sorted(all_)) for all_ in ends.values() if len(all_) > 1))


if __name__ == "__main__":
    main()
