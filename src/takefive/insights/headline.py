"""One line that says the claim: the strongest clause of a passage, cut where grammar lets it be cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from takefive.insights.clean import without_opening
from takefive.insights.tagger import Word, tagged

MOST_WORDS = 12
FEWEST_WORDS = 4

_CARRIES = ("finite", "pronoun+finite")
_SUBJECTS = ("noun", "name", "pronoun", "number", "there", "ing", "pronoun+finite", "determiner", "adjective")
_GOOD_ENDS = ("noun", "name", "adjective", "participle", "verb", "adverb", "number", "ing", "particle")
_BREAKS = frozenset({",", ";", ":", "--", "–", "—", "…", "(", ")", "."})
_JOINS = frozenset(
    "and but so because or then which who where when while although though whereas if unless until since as that".split()
)
_STRONG_JOINS = frozenset(
    "because which where when while although though whereas if unless until since so but and or who".split()
)
_LEANING = frozenset(
    "it that this they he she those these them there it's that's they're he's she's they've there's its which one here".split()
)
_FIRST = frozenset("i i'm i've i'd i'll we we're we've we'd we'll my our me us mine ours myself ourselves".split())
_WEAK_END = frozenset(
    "just even really very also only too so then there here like it that this them thing things stuff way lot kind sort bit "
    "something one well actually now more most much is are was were be been have has had do does did can will would could should".split()
)
_SAYING = frozenset(
    "think know say said says mean guess feel believe hope suppose remember see tell told saying thought thinking realize realized "
    "found find imagine wonder want wanted wants need needed needs trying going gonna".split()
)
_EMPTY = re.compile(
    r"\b(?:thing is|what i mean|you know|i don't know|good question|make(?:s)? sense|talk(?:ing)? about|i would say|as i said|like i said"
    r"|for example|that's it|i agree|we'll see|let's|i love|i like|pretty (?:cool|interesting)|so much fun|thank|to be honest)\b"
)
_STRONG = re.compile(
    r"\b(?:not|never|no|n't|nobody|nothing|only|more|less|fewer|than|instead|most|biggest|best|worst|every|always|without|fail\w*|wrong|because"
    r"|problem|mistake|cost|need|must|should|can't|don't|won't|isn't|doesn't|didn't|hard\w*|easi\w*|better|faster|cheaper|change\w*|real\w*|actually)\b|\d"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece that can stand as a headline, and how well."""

    text: str
    score: float


def headline(
    text: str,
    speaker: str | None = None,
    *,
    weight: Callable[[str], float] = lambda word: 1.0,
    topics: Sequence[str] = (),
) -> Clause:
    """The best headline of a cleaned passage: at most 12 words, a whole clause, capitalised, no full stop.

    A clause in the first person is given to its speaker ("Suz Hinton: we threw the prototype away"). `weight` says how
    much a word tells (its rarity); `topics` are the passage's own. The score is low where nothing reads well alone.
    """
    wanted = {word.lower() for topic in topics for word in topic.split()}
    clauses = [
        clause
        for at, sentence in enumerate(_sentences(text))
        for clause in _clauses(sentence, speaker, weight, wanted, first=at == 0)
    ]
    return max(clauses, key=lambda clause: clause.score, default=None) or Clause(_shortened(text), -9.0)


def _sentences(text: str) -> list[str]:
    return [piece for piece in re.split(r"(?<=[.?!…])[\"”']?\s+", text) if piece]


def _clauses(
    sentence: str, speaker: str | None, weight: Callable[[str], float], wanted: set[str], *, first: bool
) -> Iterator[Clause]:
    if sentence.rstrip('"” ').endswith("?"):
        return
    words = tagged(sentence)
    while words and words[-1].tag == "punctuation":
        words.pop()
    for start in _starts(words):
        for end in _ends(words, start):
            piece = words[start:end]
            if _stands(piece, words, end):
                line = _line(sentence[piece[0].start : piece[-1].end], piece, speaker)
                if line:
                    yield Clause(line, _worth(piece, words, start, end, weight, wanted) - 0.15 * (not first))


def _starts(words: Sequence[Word]) -> list[int]:
    """Where a clause may begin: at the start, after a break, after a joining word."""
    found = []
    for i in range(len(words)):
        before = words[i - 1].text.lower() if i else ","
        if (i == 0 or before in _BREAKS or before in _JOINS) and words[i].tag != "punctuation":
            found.append(i)
    return found


def _ends(words: Sequence[Word], start: int) -> list[int]:
    """Where it may end: at the end, before a break, before a word that joins the next clause."""
    found = []
    for end in range(start + FEWEST_WORDS, min(len(words), start + MOST_WORDS + 4) + 1):
        after = words[end].text.lower() if end < len(words) else "."
        if after in _BREAKS or after in _STRONG_JOINS:
            found.append(end)
    return found


def _stands(piece: Sequence[Word], words: Sequence[Word], end: int) -> bool:
    spoken = [word for word in piece if word.tag != "punctuation"]
    if not FEWEST_WORDS <= len(spoken) <= MOST_WORDS:
        return False
    first, last = spoken[0], spoken[-1]
    if first.tag in (
        "wh",
        "conjunction",
        "preposition",
        "to",
        "particle",
        "finite",
        "participle",
        "punctuation",
        "verb",
    ):
        return False
    if (
        last.tag not in _GOOD_ENDS
        or last.text.lower() in _WEAK_END
        or (last.text.lower() in _SAYING and end < len(words))
    ):
        return False
    verb = next((i for i, word in enumerate(spoken) if word.tag in _CARRIES), None)
    if verb is None or (verb == 0 and spoken[0].tag != "pronoun+finite"):
        return False
    if verb == len(spoken) - 1 and end < len(words):
        return False
    subject = spoken[:verb] or spoken[:1]
    if not any(word.tag in _SUBJECTS for word in subject) or any(word.tag in ("wh",) for word in subject):
        return False
    if sum(word.text in '"“”()' for word in piece) % 2:
        return False
    return not _EMPTY.search(" ".join(word.text.lower().replace("’", "'") for word in spoken))


def _worth(
    piece: Sequence[Word], words: Sequence[Word], start: int, end: int, weight: Callable[[str], float], wanted: set[str]
) -> float:
    spoken = [word for word in piece if word.tag != "punctuation"]
    lower = [word.text.lower().replace("’", "'") for word in spoken]
    telling = sum(
        weight(word)
        for word, w in zip(lower, spoken, strict=True)
        if w.tag in ("noun", "name", "verb", "adjective", "participle", "number", "ing")
    )
    score = 0.35 * telling + 0.12 * len(spoken)
    score += 0.9 * bool(_STRONG.search(" ".join(lower))) + 0.4 * len(wanted & set(lower))
    score += 0.5 * (start == 0 or words[start - 1].text in ".:") + 0.6 * (end == len(words))
    score -= 1.8 * (lower[0] in _LEANING) + 0.5 * sum(word in _LEANING for word in lower[1:])
    score -= 0.35 * (lower[0] in _FIRST) + 0.5 * (lower[0] in ("you", "you're", "your"))
    score -= 0.8 * sum(word.tag == "punctuation" and word.text not in "'’-" for word in piece)
    score -= 0.7 * any(
        word in ("thing", "things", "stuff", "something", "kind", "sort", "maybe", "probably", "guess")
        for word in lower
    )
    score -= 0.8 * (lower[0] in ("if", "when", "unless", "while", "since", "because", "as"))
    if end < len(words) and words[end].text.lower() == "that":
        score -= 1.0
    return score


def _line(text: str, piece: Sequence[Word], speaker: str | None) -> str:
    text = without_opening(re.sub(r"\s+", " ", text)).strip(" ,;:-–—.…")
    if len(text.split()) < FEWEST_WORDS:
        return ""
    lower = {word.text.lower().replace("’", "'") for word in piece}
    if lower & _FIRST and speaker and _is_name(speaker):
        line = f"{speaker}: {_lowered(text)}"
        return line if len(line.split()) <= MOST_WORDS else ""
    return text[:1].upper() + text[1:]


def _is_name(speaker: str) -> bool:
    return re.search(r"\d|^(?:speaker|host|guest|unknown|male|female|narrator)\b", speaker, re.IGNORECASE) is None


def _lowered(text: str) -> str:
    first = text.split()[0]
    keep = first.startswith(("I'", "I’")) or first == "I" or any(c.isupper() for c in first[1:])
    known = first.lower() in _FIRST | _LEANING | {
        "the",
        "a",
        "an",
        "you",
        "people",
        "when",
        "if",
        "every",
        "most",
        "there",
        "what",
    }
    return text[:1].lower() + text[1:] if known and not keep else text


def _shortened(text: str) -> str:
    """The last resort: the first words up to the last good end."""
    words = [word for word in tagged(text)][: MOST_WORDS + 2]
    end = next(
        (i + 1 for i in range(len(words) - 1, 2, -1) if words[i].tag in ("noun", "name", "adjective", "number")),
        len(words),
    )
    spoken = words[:end]
    line = without_opening(text[: spoken[-1].end]) if spoken else ""
    line = " ".join(line.split()[:MOST_WORDS]).strip(" ,;:-–—.…")
    return line[:1].upper() + line[1:]
