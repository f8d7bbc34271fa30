"""What the regions of a map are called: by the topics that tell each one from the others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from takefive.relations.words import KEPT, could_be_a_subject, stem, vague, weight, words

TELLING = 0.82  # weight from which a single word of a longer topic can name a region: "deployment" can, "people" cannot
BESIDES = (
    1.5  # how much oftener than the longest topic with it a single word must stand, to be more than a part of that
)
ALONE = 0.34  # of a word's topics, how many must be the word alone: "survey" is a part of others
SPOKEN = 0.15  # of a topic, what the same word counts where only the text says it,
FEW = 5_000  # on maps of so few points that topics alone are often tied
ENOUGH = 0.5  # of a name's first topic, how telling the second must be to stand beside it
LONGEST = 40
HABITS = 10_000  # texts that tell how words are written
_INSIDE = re.compile(r"(?<=[a-z,;:] )[\w.+#-]*\w")
Key = tuple[str, ...]
Weights = defaultdict[Key, float]


def names(
    part: NDArray[np.intp], topics: Sequence[Sequence[str]], texts: Sequence[str], *, known: Iterable[str] = ()
) -> list[str]:
    """A name for each part 0..k of points with these `topics` and `texts`, none twice nor among the `known`.

    Class-based TF-IDF (BERTopic, Grootendorst 2022): how often a topic stands in the part, times how rare it is elsewhere.
    Written as the texts mostly write the words: "AI", "Kubernetes".
    """
    spelt, found = _counted(part, topics, texts)
    whole: Weights = defaultdict(float)
    for own in found:
        for key, often in own.items():
            whole[key] += often
    mean = sum(whole.values()) / len(found)
    taken = {name.casefold() for name in known}
    chosen = [_unused(_ranked(own, whole, mean), spelt, taken, number) for number, own in enumerate(found)]
    habits = _habits(texts)
    return [_written(name, habits) for name in chosen]


def _counted(
    part: NDArray[np.intp], topics: Sequence[Sequence[str]], texts: Sequence[str]
) -> tuple[dict[Key, str], list[Weights]]:
    """How each topic is mostly spelt, and how many points of each part have it; one of a single word also by the texts."""
    spellings: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    each: list[set[Key]] = []
    alone: Counter[Key] = Counter()  # how often it is a topic by itself, and not a word of a longer one
    for own, text in zip(topics, texts, strict=True):
        parts = [one for topic in own or _subjects(text) for one in _parts(topic)]
        each.append({key for key, _ in parts})
        alone.update(key for key, spelling in parts if spelling in own or not own)
        for key, spelling in parts:
            spellings[key][spelling] += 1
    wanted = {key for key, often in spellings.items() if alone[key] >= ALONE * often.total()}
    found: list[Weights] = [defaultdict(float) for _ in range(int(part.max()) + 1)]
    for number, keys, text in zip(part.tolist(), each, texts, strict=True):
        spoken = {(stem(word.lower()),) for word in words(text) if _tells(word)} if len(texts) <= FEW else set()
        for key in keys & wanted:
            found[number][key] += 1.0
        for key in spoken & wanted - keys:
            found[number][key] += SPOKEN
    return {key: max(sorted(often), key=often.__getitem__) for key, often in spellings.items()}, found


def _subjects(text: str) -> list[str]:
    """What stands for the topics of a text that has none: its telling words."""
    return [word.lower() for word in words(text) if _tells(word)]


@lru_cache(maxsize=KEPT)
def _tells(word: str) -> bool:
    return could_be_a_subject(word) and weight(word.lower()) >= TELLING


@lru_cache(maxsize=KEPT)
def _parts(topic: str) -> list[tuple[Key, str]]:
    """A topic, and of a long one its telling words, each with a key that its other forms share."""
    own = topic.split()
    if not any(
        weight(word.lower()) > 0 and word.lower() not in vague() and not {"'", "’"} & set(word) for word in words(topic)
    ):
        return []
    single = [word for word in own if len(own) > 1 and _tells(word)]
    return [
        (tuple(stem(word.lower()) for word in part), " ".join(part)) for part in (own, *([word] for word in single))
    ]


def _ranked(own: Weights, whole: Weights, mean: float) -> list[tuple[float, Key]]:
    """The topics of a part by worth, without words that hardly ever stand without the others of a longer topic."""
    inside: Weights = defaultdict(float)
    for key, often in own.items():
        for word in key if len(key) > 1 else ():
            inside[(word,)] = max(inside[(word,)], often)
    worth = {
        key: often * float(np.log1p(mean / whole[key])) * (1.0 if len(key) == 1 else 1.5)
        for key, often in own.items()
        if often > BESIDES * inside[key]
    }
    return [(worth[key], key) for key in sorted(worth, key=lambda key: (-worth[key], key))]


def _unused(ranked: list[tuple[float, Key]], spelt: dict[Key, str], taken: set[str], number: int) -> str:
    """The best topic, with a second one where that is nearly as telling and says something else; no name twice."""
    for at, (worth, first) in enumerate(ranked):
        near = (key for w, key in ranked[at + 1 : at + 8] if w >= ENOUGH * worth and not set(key) & set(first))
        for keys in ((first, next(near, first)), (first,)):
            name = " and ".join(dict.fromkeys(spelt[key] for key in keys))
            if name.casefold() not in taken and len(name) <= LONGEST:
                taken.add(name.casefold())
                return name
    return f"Region {number + 1}"


def _habits(texts: Sequence[str]) -> dict[str, str]:
    """How each word is mostly written where it opens no sentence."""
    often: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts[:: len(texts) // HABITS + 1]:
        for word in _INSIDE.findall(text):
            often[word.lower()][word] += 1
    return {word: forms.most_common(1)[0][0] for word, forms in often.items()}


def _written(name: str, habits: dict[str, str]) -> str:
    name = " ".join(habits.get(word, word) if word.islower() else word for word in name.split())
    return name if any(letter.isupper() for letter in name.split()[0]) else name[:1].upper() + name[1:]
