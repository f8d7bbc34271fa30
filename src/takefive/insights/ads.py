"""What is no content: sponsor reads, greetings, housekeeping. An insight never comes from there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from takefive.transcripts.values import Sentence

_HOUSEKEEPING = re.compile(
    r"""
      \b(?:is|are|was|were)\ (?:brought\ to\ you|sponsored|supported|made\ possible)\ by
    | \b(?:our|today's|this\ (?:week|episode|month)'s)\ (?:friends?\ (?:at|over\ at)|sponsors?|partners?)\b
    | \b(?:thanks?(?:\ you)?\ to|word\ from|message\ from|support\ from)\ our\ (?:friends|sponsors?|partners?)
    | \b(?:promo|coupon|discount|offer)\ code\b | \buse\ (?:the\ )?code\ [A-Z] | \b\d+%\ off\b | \bfree\ trial\b
    | \b(?:head|go|jump|hop)\ (?:on\ )?(?:over\ )?to\ [\w.-]+\.(?:com|io|dev|fm|org|net|co|ai)\b
    | \bdot\ com\ ?(?:slash|/|forward) | \.(?:com|io|dev|fm|org|net|co|ai)/\w+
    | \b(?:leave|write|give)\ us\ a\ (?:review|rating|five) | \brate\ (?:and|&)\ review | \bfive[- ]star
    | \bsubscribe\ (?:to|on|at|wherever|now|today) | \bwherever\ you\ (?:get|listen)
    | \b(?:thanks?|thank\ you)\ (?:so\ much\ |again\ |all\ )?for\ (?:listening|tuning|joining|having|coming|being)
    | (?:^|\band\ |,\ )welcome\ (?:back\ )?to\b | \b(?:on|in)\ (?:today's|this\ week's)\ (?:show|episode)
    | \b(?:show\ notes|mailing\ list|our\ newsletter|our\ slack|changelog\s?\+\+|changelog\.com|patreon)\b
    | \b(?:join|become)\ (?:us|a\ member)\ (?:on|at|in|today)\b | \b(?:follow|find|reach)\ (?:me|us)\ (?:on|at)\b
    | \bmy\ name\ is\b | \bi'm\ your\ host\b | \bjoined\ (?:today\ )?by\b | \bnext\ (?:week|episode|time)\ (?:we|on)\b
    | \b(?:check|link)\ (?:it\ |them\ |us\ |that\ )?(?:out\ )?in\ the\ (?:show\ )?notes\b | \btake\ a\ (?:quick\ )?break\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AD_TURN = 0.2
"""Share of housekeeping sentences in a turn, two at least, from which on the whole turn is left out."""
_NEIGHBOURS = 1
"""Sentences beside a housekeeping sentence, in the same turn, that are left out too."""


def is_housekeeping(text: str) -> bool:
    """Whether a sentence sells, greets, says goodbye or talks about the show itself."""
    return _HOUSEKEEPING.search(text.replace("’", "'")) is not None


def content(sentences: Sequence[Sentence]) -> list[bool]:
    """For each sentence whether an insight may use it: not housekeeping, not beside it, not in a turn full of it."""
    marked = [is_housekeeping(sentence.text) for sentence in sentences]
    sizes = Counter(sentence.turn for sentence in sentences)
    in_turn = Counter(sentence.turn for sentence, mark in zip(sentences, marked, strict=True) if mark)
    full = {turn for turn, count in in_turn.items() if count > 1 and count >= _AD_TURN * sizes[turn]}
    return [
        sentence.turn not in full
        and not any(
            marked[j]
            for j in range(max(0, i - _NEIGHBOURS), min(len(sentences), i + _NEIGHBOURS + 1))
            if sentences[j].turn == sentence.turn
        )
        for i, sentence in enumerate(sentences)
    ]
