"""Which kind of insight a passage is, by signs in its words, weighed as the reference insights weigh them."""

from __future__ import annotations

import re

from takefive.insights.values import Kind

_SIGNS: tuple[tuple[Kind, float, str], ...] = (
    ("data", 1.1, (
        r"\d+(?:\.\d+)?\s?(?:%|percent|x\b)|[$€£]\s?\d|\b\d[\d,.]*\s?(?:thousand|million|billion|users|"
        r"people|dollars|gigabytes|k\b)"
        )),
    ("data", 0.5, (
        r"\b(?:average|median|survey|benchmark|statistic\w*|measured|study|studies|ratio|twice|half of|"
        r"out of)\b"
        )),
    ("story", 0.5, (
        r"\bi (?:was|had|went|got|started|remember|decided|ended|met|worked|spent|left|quit|told|said|"
        r"took|came|built|wrote)\b"
        )),
    ("story", 0.4, (
        r"\bwe (?:were|had|went|got|started|decided|ended|launched|spent|built|shipped|found|tried)\b|"
        r"\b(?:one day|at the time|years ago|back in)\b"
        )),
    ("how-to", 0.7, (
        r"\byou (?:can|should|have to|need to|want to|could|just|don't|start|might want)\b|"
        r"\bif you(?:'re)?\b"
        )),
    ("how-to", 0.6, (
        r"\b(?:make sure|step|try to|start with|first thing|my advice|i recommend|the way to|"
        r"instead of \w+ing|what i do)\b"
        )),
    ("prediction", 1.6, (
        r"\b(?:in the (?:next|coming)|(?:five|ten|few|couple) years|the future|we'll see|(?:is|"
        r"are) going to (?:be|become|have|change)|will (?:be|become|have|change|replace|eventually))\b"
        )),
    ("contrarian", 0.8, (
        r"\b(?:wrong|myth|overrated|the reality is|the truth is|actually|contrary|people think|"
        r"everyone (?:thinks|says)|most people|misconception|not true|counter-?intuitive|surpris\w+|"
        r"disagree|against)\b"
        )),
    ("contrarian", 0.4, r"\b(?:isn't|aren't|doesn't|don't|never|not)\b[^.?!]{3,60}\b(?:but|it's|instead|rather)\b"),
)  # fmt: skip
_PATTERNS = tuple((kind, weight, re.compile(pattern)) for kind, weight, pattern in _SIGNS)
_ENOUGH = 1.05


def kind(text: str) -> Kind:
    """The kind whose signs are strongest; "claim" where none is strong."""
    lower = text.lower().replace("’", "'")
    worth: dict[Kind, float] = {}
    for name, weight, pattern in _PATTERNS:
        worth[name] = worth.get(name, 0.0) + weight * min(len(pattern.findall(lower)), 3)
    best = max(worth, key=lambda name: worth[name])
    return best if worth[best] >= _ENOUGH else "claim"
