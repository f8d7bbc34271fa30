"""From spoken to readable: fillers, false starts and verbal tics go, nothing else changes."""

from __future__ import annotations

import re

from takefive.transcripts.scripts import count, unspaced

_SENTENCE = re.compile(r"(?<=[.?!…])[\"”')]*\s+(?=[\"“'(]*[A-Z0-9])")
_MARKS = re.compile(
    r"\s*\[(?:[^\[\]]{0,60})\]|\s*\((?:laughs?|laughter|chuckles?|inaudible|crosstalk)[^()]*\)", re.IGNORECASE
)
_SOUND = re.compile(r"(?:,\s*|\b)(?:um+|uh+|erm?|hmm+|mm-hmm|ah)\b(?:\s*,)?", re.IGNORECASE)
_ASIDE = re.compile(
    r",\s*(?:you know|i mean|like|right|sort of|kind of|i guess|actually|basically|honestly|"
    r"literally|obviously|as i said"
    r"|let's say|if you will|you know what i mean|if that makes sense|so to speak|to be honest|"
    r"of course|yeah|okay|well)\s*(?:,|(?=[.?!…]))",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:so|and|but|or|well|yeah|yes|yep|no|right|okay|ok|oh|look|see|now|like|again|exactly|"
    r"sure|absolutely|totally|definitely"
    r"|i mean|you know|i think|i guess|i would say|i'd say|i feel like|actually|basically|honestly|"
    r"anyway|anyways|also|then|plus"
    r"|because|cause|and so|but then|and then|the thing is|of course|for sure|in fact|to be honest|that said|as well)\b"
    r"(?:\s*(?:,|--|\.\.\.|…|[.!](?=\s))\s*|\s+(?=(?:i|we|you|it|they|he|she|the|a|an|this|that|"
    r"there|in|if|when|what|my|our|your|so|and|but|because|then|now|these|those|people)\b)))+",
    re.IGNORECASE,
)
_OPENING_COMMA = re.compile(
    r"^(?:(?:so|and|but|or|well|yeah|yes|yep|no|right|okay|ok|oh|look|see|now|like|again|exactly|"
    r"sure|absolutely|definitely|i mean|you know"
    r"|actually|basically|honestly|anyway|anyways|of course|for sure)\s*(?:,|--|\.\.\.|…)\s*)+",
    re.IGNORECASE,
)
_TICS = re.compile(
    r"\b(?:just\s+)?(?:kind of|sort of|kinda|sorta|you know)\b(?:\s+like\b)?\s*,?\s*(?=[a-z])", re.IGNORECASE
)
_KEEP_OF = re.compile(
    r"\b(?:a|the|this|that|some|any|what|which|one|same|every|each|another|different|other|right|new|"
    r"first|only|no|certain)\s+$",
    re.IGNORECASE,
)
_FALSE_START = re.compile(
    r"(?:(?<=^)|(?<=[.?!,;:]\s)|(?<=\s))((?:[\w'’]+\s){0,4}[\w'’]+)\s*(?:--|—|…|\.\.\.)\s*(?=[\w'’])"
)
_REPEAT = re.compile(r"\b((?:[\w'’]+\s+){0,2}[\w'’]+)(?:\s*(?:,|--|—|…|\.\.\.)?\s+\1\b)+", re.IGNORECASE)
_ALLOWED_TWICE = {
    "that",
    "had",
    "very",
    "really",
    "so",
    "much",
    "more",
    "no",
    "many",
    "long",
    "far",
    "never",
    "again",
    "bye",
    "way",
    "over",
    "up",
    "is",
    "it",
}


def readable(text: str) -> str:
    """The same words without what only speech needs. Gives "" where nothing but fillers was said."""
    text = " ".join(_MARKS.sub("", text).split())
    text = re.sub(r"\.\.\.|…", "…", text)
    sentences = [_sentence(piece) for piece in pieces(text)]
    return " ".join(sentence for sentence in sentences if count(sentence) > 1)


def pieces(text: str) -> list[str]:
    """A cleaned text cut at its stops, closing quotation marks kept with their sentence."""
    cuts = [match.end() for match in _SENTENCE.finditer(text)]
    return [text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if text[a:b].strip()]


def without_opening(clause: str) -> str:
    """A clause without the words that only tie it to what came before: "And so, I think the ..." is "the ..."."""
    before = None
    while clause != before:
        before, clause = clause, _OPENING.sub("", clause.strip(" ,;:-–—"))
    return clause


_TIE = re.compile(
    r"^(?:(?:and|but|so|or)\b\s*,?\s+(?!far\b|much\b|many\b|long\b|few\b|little\b|that\b|as\b|of\b|than\b|one\b|not\b)"
    r"|(?:also|similarly|then|yeah|yes|no|right|okay|well|now|i mean|you know|for example|for instance|again|plus"
    r"|actually)\s*,\s+)+",
    re.IGNORECASE,
)
"""Words that add nothing: "no" only before a comma, for "No amount of work" without it says the opposite."""


def begun(text: str) -> str:
    """A cleaned text without the words that tie its first sentence to what came before: "And so the cost ..."."""
    bare = _TIE.sub("", text)
    return bare[:1].upper() + bare[1:]


def _sentence(text: str) -> str:
    text = _OPENING_COMMA.sub("", text)
    text = _SOUND.sub("", text)
    for _ in range(2):
        text = _ASIDE.sub("", text)
    text = _TICS.sub(lambda match: match[0] if _KEEP_OF.search(text[: match.start()]) else "", text)
    text = _false_starts(text)
    text = _REPEAT.sub(_once, text)
    text = re.sub(r"\s+--\s+|\s*—\s*", " – ", text)
    text = re.sub(r"\s+([,.;:?!…])(?!\w)", r"\1", re.sub(r",(\s*,)+", ",", text))
    text = re.sub(r"^[\s,;:–-]+|[\s,;:–-]+$", "", text)
    text = re.sub(r"[,;:–-]+\s*([.?!])", r"\1", " ".join(text.split()))
    if text and not unspaced(text[-8:]) and not re.search(r"[.?!…][\"”')]*$", text):
        text += "."
    return text[:1].upper() + text[1:]


def _false_starts(text: str) -> str:
    """ "we had-- we had a" and "I was… I think" keep what was said in the end, if the new start repeats the old one."""

    def mended(match: re.Match[str]) -> str:
        broken = match[1].split()
        following = text[match.end() :].split()
        first = [word.strip(",.").lower() for word in following[:2]]
        for size in range(1, len(broken) + 1):
            if first and broken[-size].lower() == first[0]:
                return " ".join(broken[:-size]) + (" " if len(broken) > size else "")
        return match[0]

    return _FALSE_START.sub(mended, text)


def _once(match: re.Match[str]) -> str:
    return match[0] if match[1].lower() in _ALLOWED_TWICE or match[1].isdigit() else match[1]
