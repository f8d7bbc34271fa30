"""Signs of an insight that can be counted: what a sentence holds, who says it, and where in the episode.

Each sentence gets a row of numbers. The names of the columns are in `NAMES`; a trained scorer keeps them to notice a change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from takefive.insights.passages import words
from takefive.transcripts.values import Sentence

_COUNTED = {
    "number": r"\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?)\b",
    "percent_money": r"%|[$€£]|\b(?:percent|dollars?|pounds|euros|bucks|x faster|times)\b",
    "time_span": r"\b(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?)\b",
    "cause": (
        r"\b(?:because|since|therefore|that's why|the reason|which means|leads? to|led to|so that|due to|"
        r"as a result|turns out|it means)\b"
    ),
    "contrast": (
        r"\b(?:but|however|instead|actually|rather|although|though|despite|even though|whereas|except|"
        r"yet|not)\b"
    ),
    "lesson": (
        r"\b(?:learned|realized?|reali[sz]ation|discovered|found out|figured|lesson|mistakes?|wrong|"
        r"fail(?:ed|ure)?|surpris\w+|the reality|the truth|the key|the problem|the point|the thing is|"
        r"trade-?offs?)\b"
    ),
    "general": r"\b(?:people|everyone|always|never|every|most|nobody|anyone|everything|only|all)\b",
    "condition": r"\b(?:if|when|unless|until|once|whenever)\b",
    "first_person": r"\b(?:i|my|me|mine|i'd|i've|i'm|myself)\b",
    "we": r"\b(?:we|our|us|we're|we've|we'd)\b",
    "you": r"\b(?:you|your|you're|you've|yourself)\b",
    "past": r"\b(?:was|were|had|did|didn't|wasn't|went|came|said|got|made|took|thought|started|\w{3,}ed)\b",
    "filler": r"\b(?:yeah|you know|like|kind of|sort of|i mean|i think|i guess|um|uh|basically|okay|right)\b",
    "hedge": r"\b(?:maybe|perhaps|probably|might|could|not sure|i don't know|possibly)\b",
    "greeting": r"\b(?:welcome|thanks|thank you|hello|hey|hi|awesome|cool|great|love it|congrat\w*|fun|appreciate)\b",
    "show_talk": (
        r"\b(?:episodes?|podcasts?|show notes|listeners?|listening|the show|sponsors?|guests?|interview|"
        r"link|website|twitter|slack|subscribe|check out|sign up|dot com|\.com)\b"
    ),
    "leaning": r"\b(?:that|this|it|they|he|she|those|these|them|there|it's|that's)\b",
    "quoted": r"[\"“”]",
    "dash_or_dots": r"--|…|\.\.\.",
    "laugh": r"\[\s*laugh",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _COUNTED.items()}
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’.+#-]*")
_OPENERS = (
    "so",
    "and",
    "but",
    "because",
    "yeah",
    "right",
    "well",
    "it",
    "that",
    "this",
    "they",
    "he",
    "she",
    "i",
    "we",
    "you",
    "if",
    "when",
    "there",
    "the",
    "what",
)

NAMES: tuple[str, ...] = (
    *_COUNTED,
    *(f"opens_{word}" for word in _OPENERS),
    *("length", "word_length", "question", "names", "rarity", "central", "novel"),
    *("position", "turn_words", "turn_sentences", "at_in_turn", "left_in_turn", "speaker_share", "speaker_asks"),
    *("asked_before", "words_before", "turn_starts_short"),
)


def sentence_signs(sentences: Sequence[Sentence]) -> NDArray[np.float32]:
    """One row per sentence, one column per name in `NAMES`."""
    if not sentences:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    tokens = [words(sentence.text) for sentence in sentences]
    parts = (_counts(sentences), _openers(tokens), _wording(sentences, tokens), _place(sentences, tokens))
    return np.hstack([np.asarray(part, dtype=np.float32) for part in parts])


def _counts(sentences: Sequence[Sentence]) -> list[list[int]]:
    texts = [sentence.text.lower().replace("’", "'") for sentence in sentences]
    return [[len(pattern.findall(text)) for pattern in _PATTERNS.values()] for text in texts]


def _openers(tokens: Sequence[Sequence[str]]) -> list[list[bool]]:
    return [[bool(row) and row[0].split("'")[0] == opener for opener in _OPENERS] for row in tokens]


def _wording(sentences: Sequence[Sentence], tokens: Sequence[Sequence[str]]) -> list[list[float]]:
    """Length, rarity of the words in this episode, closeness to what the episode is about, words not heard before."""
    heard_in = Counter(word for row in tokens for word in set(row))
    total = len(tokens)
    weight = {word: log(total / count) for word, count in heard_in.items()}
    topical = {word: log(1 + count) * weight[word] for word, count in heard_in.items() if len(word) > 3 and count > 2}
    rows, seen = [], set[str]()
    for sentence, row in zip(sentences, tokens, strict=True):
        size = max(len(row), 1)
        rows.append(
            [
                size,
                sum(map(len, row)) / size,
                sentence.text.rstrip('"” ').endswith("?"),
                len(_NAME.findall(sentence.text)),
                sum(weight[word] for word in row) / size,
                sum(topical.get(word, 0.0) for word in row) / size,
                len(set(row) - seen) / size,
            ]
        )
        seen.update(row)
    return rows


def _place(sentences: Sequence[Sentence], tokens: Sequence[Sequence[str]]) -> list[list[float]]:
    """Where a sentence stands in its turn and episode, how much its speaker says and asks, and what came before."""
    turn_words: Counter[int] = Counter()
    turn_size: Counter[int] = Counter()
    said: Counter[str | None] = Counter()
    asked: Counter[str | None] = Counter()
    ends_asking: dict[int, bool] = {}
    for sentence, row in zip(sentences, tokens, strict=True):
        asks = sentence.text.rstrip().endswith("?")
        turn_words[sentence.turn] += len(row)
        turn_size[sentence.turn] += 1
        said[sentence.speaker] += len(row)
        asked[sentence.speaker] += asks
        ends_asking[sentence.turn] = asks
    total = max(sum(said.values()), 1)
    rows, at, previous = [], 0, None
    for i, sentence in enumerate(sentences):
        turn = sentence.turn
        new = i == 0 or sentences[i - 1].turn != turn
        at, previous = (0, sentences[i - 1].turn if i else None) if new else (at + 1, previous)
        opening = len(tokens[i - at])
        rows.append(
            [
                i / len(sentences),
                turn_words[turn],
                turn_size[turn],
                at,
                turn_size[turn] - at - 1,
                said[sentence.speaker] / total,
                100 * asked[sentence.speaker] / max(said[sentence.speaker], 1),
                previous is not None and ends_asking[previous],
                turn_words[previous] if previous is not None else 0,
                opening < 6,
            ]
        )
    return rows
