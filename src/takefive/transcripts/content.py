"""Which sentences are no content: sponsor reads, greetings, good-byes, housekeeping. No insight may come from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from takefive.transcripts.values import Sentence

BEGINNING = 0.12
ENDING = 0.92
"""Greetings count only in the first part of an episode, good-byes only in the last: shares of its sentences."""
READ = 8
"""Sentences that a sponsor read may go on between two signs of it, in one turn."""


class _Sign(NamedTuple):
    reason: str
    confidence: float
    pattern: re.Pattern[str]


def _sign(reason: str, confidence: float, *patterns: str) -> _Sign:
    return _Sign(reason, confidence, re.compile("|".join(patterns), re.IGNORECASE))


_DOMAIN = r"\b[a-z0-9-]+(?:\.| dot )(?:com|io|dev|co|org|fm|net|ai|app|sh|cloud|tech|so|me)\b"
_SPONSOR = (
    _sign(
        "sponsor",
        0.95,
        r"\b(?:is|are|was) (?:also )?(?:brought to you|sponsored|made possible) by\b",
        r"\b(?:thanks?|thank you|shout-?out) to (?:our |today's |this week's )?(?:friends|partners|sponsors?)\b",
        r"\bthank(?:s| you)(?: so much)? to .{2,40} for (?:sponsoring|supporting) (?:the|this|our)\b",
        r"\b(?:word|break|message|moment) (?:from|for|to (?:thank|hear from)) (?:our|today's|one of our) sponsors?\b",
        r"\bour (?:sponsor|partner|friends)s? (?:at|over at|for|today)\b",
        r"\bthis (?:portion|part|episode) of .{2,40} (?:brought|sponsored)\b",
        r"\bsupport for (?:this|the) (?:podcast|show)\b",
    ),
    _sign(
        "sponsor",
        0.85,
        r"\b(?:promo|coupon|discount|referral) code\b",
        r"\buse (?:the |our |my )?(?:offer )?code (?-i:[A-Z])",
        r"\b\d+ ?(?:%|percent) off\b",
        r"\bmoney[- ]back guarantee\b",
        r"\bsign up (?:today|now|for free)\b",
        rf"\b(?:head|go|visit|learn more|find out more|check \w+ out)\b[^.?!]{{0,40}}{_DOMAIN}(?: ?/| (?:forward )?slash )",
        r"\blet them know (?:we|that we|you came) (?:sent|from)\b",
        r"\bno credit card (?:required|needed)\b",
    ),
    _sign(
        "sponsor",
        0.6,
        rf"\b(?:learn more|get started|check (?:it|them) out|sign up|try it)\b[^.?!]{{0,40}}{_DOMAIN}",
        r"\btry it (?:today|for free)\b",
        r"\b(?:start|get|with) (?:a|your) free (?:\w+[- ]day )?trial\b",
    ),
)
_HOUSEKEEPING = _sign(
    "housekeeping",
    0.85,
    r"\b(?:leave|write|give) (?:us|me) a (?:\w+ )?(?:review|rating)\b",
    r"\brate and review\b",
    r"\b(?:follow|find|tweet at) us on\b",
    r"\bsubscribe (?:to (?:the|this|our) (?:show|podcast|newsletter|feed|channel)|now|today|at|wherever)\b",
    r"\bjoin (?:our|the) (?:slack|discord|community|newsletter|mailing list)\b",
    r"\b(?:links?|linked|that|it|put|them|this) (?:\w+ ){0,4}in (?:the|our) (?:description|show ?notes)\b",
    r"\b(?:our|on|via) patreon\b",
    r"\bpart of the .{2,30} podcast network\b",
)
_GREETINGS = _sign(
    "intro",
    0.8,
    r"\bwelcome (?:back )?(?:to|everyone|everybody)\b",
    r"\byou(?:'|’)?(?:re| are) listening to\b",
    r"\b(?:i'm|i am|this is) your host\b",
    r"\bthanks?(?: you)?(?: so much)? for (?:having|inviting) (?:me|us)\b",
    r"\b(?:joining me|joined|with (?:me|us)) (?:today|as always)\b",
    r"\b(?:my|our) (?:special )?guests? (?:today|this week)\b",
    r"\bin (?:this|today's) episode\b",
    r"\bgreat to (?:be here|have you)\b",
    r"\b(?:happy|glad|excited|pleasure) to be (?:here|on)\b",
)
_FAREWELLS = _sign(
    "outro",
    0.8,
    r"\bthanks?(?: you)?(?: all| everyone| so much)? for (?:listening|tuning in|joining|coming on|being (?:here|on)|your time)\b",
    r"\b(?:see|talk to|catch) (?:you|y'all|ya) (?:all )?(?:next|later|soon|then)\b",
    r"\b(?:until|till) next (?:time|week|episode)\b",
    r"\bthat(?:'|’)?s (?:it|all|our show|a wrap) for (?:today|this|now|us)\b",
    r"\bthis has been\b",
    r"\bbye(?:-bye)?[.!]",
    r"\bpleasure (?:having|talking|to have)\b",
    r"\bthanks for having me\b",
)


def not_content(sentences: Sequence[Sentence]) -> list[tuple[int, str, float]]:
    """Place, reason and confidence (0 to 1) of every sentence that is no content, in order.

    Reasons: "sponsor", "housekeeping", "intro", "outro". What stands in one turn between two signs of a sponsor read, a few
    sentences apart, belongs to it.
    """
    found = {i: best for i, sentence in enumerate(sentences) if (best := _best(i, sentence, len(sentences)))}
    for i in _between([i for i, (reason, _) in found.items() if reason == "sponsor"], sentences):
        found.setdefault(i, ("sponsor", 0.6))
    return [(i, *found[i]) for i in sorted(found)]


def _best(i: int, sentence: Sentence, count: int) -> tuple[str, float] | None:
    signs = [*_SPONSOR, _HOUSEKEEPING]
    if i <= max(8, BEGINNING * count):
        signs.append(_GREETINGS)
    if i >= min(count - 8, ENDING * count):
        signs.append(_FAREWELLS)
    hits = [(sign.confidence, sign.reason) for sign in signs if sign.pattern.search(sentence.text)]
    if not hits:
        return None
    confidence, reason = max(hits)
    return reason, confidence


def _between(signs: Iterable[int], sentences: Sequence[Sentence]) -> Iterator[int]:
    last: int | None = None
    for i in signs:
        if last is not None and i - last <= READ and sentences[last].turn == sentences[i].turn:
            yield from range(last + 1, i)
        last = i
