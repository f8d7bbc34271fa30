"""Which sentences are no content: sponsor reads, greetings, good-byes, housekeeping. No insight may come from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from takefive.transcripts.sponsors import SPONSOR, reads, sign
from takefive.transcripts.values import Sentence

BEGINNING = 0.12
ENDING = 0.92
"""Greetings count only in the first part of an episode, good-byes only in the last: shares of its sentences."""
GOODBYE = 40
"""Sentences that an episode's last words may count."""


_HOUSEKEEPING = sign(
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
_GREETINGS = sign(
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
_FAREWELLS = sign(
    "outro",
    0.8,
    r"\bthanks?(?: you)?(?: all| everyone| so much)? for (?:listening|tuning in|joining|coming on|being "
    r"(?:here|on)|your time)\b",
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

    Reasons: "sponsor" (advertisements, the show's own too), "housekeeping", "intro", "outro" by its words, or why it is marked
    from elsewhere: "sponsor: chapter “Ad”", "said in 3 of the last 5 episodes". A sponsor read is what lies between two signs
    of one, and around them whatever goes on naming the brand that the signs name. What both words and a mark say is the surer.
    """
    found = {i: best for i, sentence in enumerate(sentences) if (best := _best(i, sentence, len(sentences)))}
    sponsors = {i: confidence for i, (reason, confidence) in found.items() if reason == "sponsor"}
    for read in reads(sponsors, sentences):
        for i in read:
            found.setdefault(i, ("sponsor", 0.6))
    for i in range(_goodbye(sentences), len(sentences)):
        found.setdefault(i, ("outro", 0.7))
    for i, sentence in enumerate(sentences):
        if sentence.mark:
            found[i] = _both(found[i], sentence.mark) if i in found else sentence.mark
    return [(i, *found[i]) for i in sorted(found)]


def _both(one: tuple[str, float], other: tuple[str, float]) -> tuple[str, float]:
    """Two reasons that know nothing of each other: the surer one, and both doubts must be right for it to be wrong."""
    reason, _ = max(one, other, key=lambda pair: pair[1])
    return reason, round(1 - (1 - one[1]) * (1 - other[1]), 3)


def usable(sentences: Sequence[Sentence]) -> list[bool]:
    """For each sentence whether an insight may come from it."""
    return list(_usable(tuple(sentences)))


@lru_cache(maxsize=2)
def _usable(sentences: tuple[Sentence, ...]) -> tuple[bool, ...]:
    """An engine asks before it chooses and the door asks again."""
    marked = {i for i, _, _ in not_content(sentences)}
    return tuple(i not in marked for i in range(len(sentences)))


def _best(i: int, sentence: Sentence, count: int) -> tuple[str, float] | None:
    signs = [*SPONSOR, _HOUSEKEEPING]
    if i <= max(8, BEGINNING * count):
        signs.append(_GREETINGS)
    if i >= min(count - 8, ENDING * count):
        signs.append(_FAREWELLS)
    hits = [(sign.confidence, sign.reason) for sign in signs if sign.pattern.search(sentence.text)]
    if not hits:
        return None
    confidence, reason = max(hits)
    return reason, confidence


_LAST_WORDS = re.compile(
    r"\bthis has been (?:another|an) episode\b|\bthanks?(?: you)?(?: guys| all| everyone| so much)? for "
    r"(?:listening|tuning in)\b"
    r"|\bthat(?:'|’)?s it for (?:today|this show|this week)\b",
    re.IGNORECASE,
)


def _goodbye(sentences: Sequence[Sentence]) -> int:
    """Where an episode says its last words: all after them is no content."""
    begin = max(0, len(sentences) - max(GOODBYE, int(0.04 * len(sentences))), int(0.8 * len(sentences)))
    return next((i for i in range(begin, len(sentences)) if _LAST_WORDS.search(sentences[i].text)), len(sentences))
