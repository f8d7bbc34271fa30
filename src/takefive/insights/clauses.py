"""Where a sentence may be cut, so that a piece of it stands as a claim of its own and says no more than the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from takefive.insights.clean import pieces
from takefive.insights.grammar import (
    BROKEN,
    CARRIES,
    FEWEST_WORDS,
    GOOD_ENDS,
    MOST_WORDS,
    NO_START,
    QUOTES,
    STRONG_MARKS,
    WHOLE_WORDS,
    Cut,
    inside_a_word,
    low,
    main_verb,
    opens_a_clause,
    plain,
    stands,
    words_of_speech,
)
from takefive.insights.lexicon import (
    CASE,
    CONDITIONAL,
    EMPTY,
    HYPOTHETICAL,
    LEAD,
    LENT,
    SECOND_PERSON,
    TURNING,
    WEAK_END,
    without_asides,
)
from takefive.insights.passages import leans, tied
from takefive.insights.tagger import Word
from takefive.insights.truth import LINKS, asks, denies_more, free, in_a_list, leaning

FEWEST_QUOTED = 6
PLAYED_ON = 2
"""Sentences after a "let's say" that still play its case through."""
_PLAYED = re.compile(r"\b(?:let's say|let us say|imagine|suppose|pretend|say you)\b", re.IGNORECASE)
_OF_THE_CASE = SECOND_PERSON | {"can", "could", "will", "would", "might", "gonna", "then", "may", "i'm", "we're"}
"""Words of a claim that, after an "if" or an "imagine", may still be about that case."""
_AFTER_PHRASE = ("preposition", "to", "conjunction", "punctuation", "wh")


@dataclass(frozen=True, slots=True)
class Piece:
    """A claim cut out of a text: its words as written, the cut, the number of its sentence."""

    text: str
    cut: Cut
    sentence: int
    follows: str = ""
    """The sentence after it, where both are one thought: "Disks are cheap. But they fail."."""


def claims(sentences: Sequence[str], before: str = "", after: str = "") -> Iterator[Piece]:
    """Every piece of cleaned sentences that says no more than they do; `before`, `after`: the sentences around them."""
    lent = _in_quotes(sentences)
    supposed = bool(HYPOTHETICAL.search(before))
    said_before = before
    for number, sentence in enumerate(sentences):
        earlier = " ".join([*pieces(before), *sentences[:number]][-PLAYED_ON:])
        following = sentences[number + 1] if number + 1 < len(sentences) else after
        if HYPOTHETICAL.search(sentence):
            supposed = True
        elif not (lent[number] or asks(sentence) or LENT.search(_last(said_before)) or _PLAYED.search(earlier)):
            found = list(_claims(sentence, number))
            if number + 1 < len(sentences) and not lent[number + 1]:
                beyond = sentences[number + 2] if number + 2 < len(sentences) else after
                found += [both for piece in found if (both := _with_next(piece, following, beyond))]
            for piece in found:
                taken_back = TURNING.match(following) and not piece.follows
                case = (supposed or CASE.match(sentence)) and _OF_THE_CASE & set(plain(piece.cut).split())
                if not (taken_back or case):
                    yield piece
        supposed = supposed or re.search(r"\b(?:if|imagine|unless)\b", sentence, re.IGNORECASE) is not None
        said_before = sentence


def _last(text: str) -> str:
    found = pieces(text)
    return found[-1] if found else ""


def _with_next(piece: Piece, following: str, beyond: str) -> Piece | None:
    """A whole sentence and the one that goes on with it: what "it" is stands before it, and a "but" is not lost."""
    said = without_asides(following).rstrip(" .!")
    unfit = (
        asks(following)
        or TURNING.match(beyond)
        or HYPOTHETICAL.search(said)
        or any(sign.search(said.lower()) for sign in (EMPTY, BROKEN))
    )
    if not piece.cut.whole or unfit or _UNFIT_MARKS.search(f"{piece.text} {said}"):
        return None
    words = words_of_speech(said)
    spoken = [word for word in words if word.tag != "punctuation"]
    if not (leans(following) or tied(following)):
        return None
    short = len(spoken) < _LEAST_FOLLOWING or len(spoken) + len(piece.cut.spoken) > WHOLE_WORDS
    named = any(word.tag in ("noun", "name") for word in piece.cut.spoken)
    somebody = {low(word) for word in spoken} & {"he", "she", "his", "her", "him"}
    if short or not named or somebody or not any(word.tag in CARRIES for word in words):
        return None
    return replace(piece, follows=said) if spoken[-1].tag in GOOD_ENDS and low(spoken[-1]) not in WEAK_END else None


_LEAST_FOLLOWING = 4
_UNFIT_MARKS = re.compile(r"[\"“”«»()\[\]:…–—?]| - |--")
_MARK = re.compile(r"[\"“”«»]")
_CLOSING = re.compile(r"(?<=[\w.?!,…])[\"”»](?!\w)")


def _in_quotes(sentences: Sequence[str]) -> list[bool]:
    """For each sentence whether it stands in a quotation that runs over several, also one that began before the first."""
    whole = " ".join(sentences)
    first = _MARK.search(whole)
    inside = bool(first and _CLOSING.match(whole, first.start()))
    found = []
    for sentence in sentences:
        opens = inside
        inside ^= len(_MARK.findall(sentence)) % 2 == 1
        found.append(opens or inside)
    return found


def openings(text: str) -> Iterator[tuple[str, int]]:
    """Its sentences up to the end of a phrase, 5 to 20 words, and how each reads; " …" marks those that go on."""
    said = pieces(text)
    for sentence, following in zip(said, [*said[1:], ""], strict=False):
        if TURNING.match(following) or HYPOTHETICAL.search(sentence) or asks(sentence):
            continue
        bare = LEAD.sub("", without_asides(sentence)).strip(" ,")
        words = words_of_speech(bare[:1].upper() + bare[1:] if bare else "")
        most = next((i for i, word in enumerate(words) if word.text in QUOTES or word.text in STRONG_MARKS), len(words))
        for end in range(most, 4, -1):
            cut = Cut(words, 0, end, marked=True)
            if (
                4 < len(cut.spoken) <= MOST_WORDS
                and free(cut)
                and (_ends_a_phrase(words, end) or _ends_a_clause(words, end))
            ):
                carried = any(word.tag in CARRIES for word in cut.spoken)
                sound = bool(main_verb(cut)) + carried + (words[0].tag not in NO_START) - bool(leaning(cut))
                left = any(word.tag != "punctuation" for word in words[end:])
                yield bare[: words[end - 1].end].strip(" ,;:-–—.") + " …" * left, 4 * sound + len(cut.spoken)
                break


_HOWEVER = re.compile(r"^however,\s+", re.IGNORECASE)


def _claims(sentence: str, number: int) -> Iterator[Piece]:
    sentence = _HOWEVER.sub("", without_asides(sentence))
    bare = LEAD.sub("", sentence).strip(" ,")
    words = words_of_speech(bare[:1].upper() + bare[1:] if bare else "")
    while words and words[-1].tag == "punctuation" and words[-1].text not in QUOTES:
        words.pop()
    if (
        re.match(
            r"(?:and |so |but |or )*(?:then|otherwise|meaning|(?:in that|that) (?:case|way)|that's|which)\b",
            sentence,
            re.IGNORECASE,
        )
        or not words
    ):
        return
    for start in _starts(words):
        for end in range(start + FEWEST_WORDS, min(len(words), start + 2 * MOST_WORDS) + 1):
            cut = _cut(words, start, end)
            if cut and stands(cut):
                yield Piece(bare[words[start].start : words[end - 1].end], cut, number)


def _cut(words: Sequence[Word], start: int, end: int) -> Cut | None:
    if _ends_a_clause(words, end):
        cut = Cut(words, start, end)
        return cut if free(cut) else None
    if _ends_a_phrase(words, end):
        cut = Cut(words, start, end, marked=True)
        sound = len(cut.spoken) >= FEWEST_QUOTED and free(cut) and not denies_more(cut) and not in_a_list(cut)
        return cut if sound else None
    return None


def _starts(words: Sequence[Word]) -> list[int]:
    """Where a clause may begin: the sentence, after a semicolon or dash, after ", and" or "because"; with its subject."""
    found = [0]
    for i in range(1, len(words) - FEWEST_WORDS):
        after_mark = words[i - 1].text in STRONG_MARKS and words[i - 1].end < words[i].start  # not in "2019-2020"
        linked = low(words[i - 1]) in LINKS and (
            (i > 1 and words[i - 2].tag == "punctuation") or low(words[i - 1]) == "because"
        )
        spliced = words[i - 1].text == "," and words[i].tag in ("pronoun", "pronoun+finite", "there")
        spliced = spliced and any(word.tag in CARRIES for word in words[:i])
        if (after_mark or linked or spliced) and low(words[i - 1]) != "or" and opens_a_clause(words, i):
            found.append(i)
    return found


def _ends_a_clause(words: Sequence[Word], end: int) -> bool:
    """At the end, before a semicolon or dash, before a new clause or ", which"."""
    if end >= len(words):
        return end == len(words)
    if words[end].text in STRONG_MARKS - {":", "…"} and not inside_a_word(words, end):
        return True
    if low(words[end]) in ("and", "so", "because") and end + 1 < len(words):
        return _goes_on(words, end)
    if words[end].text != "," or end + 2 >= len(words):
        return False
    if low(words[end + 1]) in ("and", "so", "because"):
        return _goes_on(words, end + 1)
    return (
        low(words[end + 1]) in ("which", "where", "meaning", "including", "especially")
        or words[end + 1].tag == "ing"
        or (words[end + 1].tag in ("pronoun", "pronoun+finite") and opens_a_clause(words, end + 1))
    )


def _goes_on(words: Sequence[Word], link: int) -> bool:
    """Whether the "and", "so" or "because" there begins a clause of its own."""
    following = words[link + 1] if link + 1 < len(words) else words[link]
    if low(words[link]) == "because" and (low(words[link - 1]) in WEAK_END or low(following) == "of"):
        return False
    apart = words[link - 1].text == "," or low(words[link]) != "and"
    if not apart:  # "the difference between websites and web apps is ..."
        return following.tag in ("pronoun", "pronoun+finite", "there") and opens_a_clause(words, link + 1)
    return opens_a_clause(words, link + 1) or low(following) in (CONDITIONAL - {"even"}) | {"then"}


def _ends_a_phrase(words: Sequence[Word], end: int) -> bool:
    """After a noun, before a word that opens another phrase: where the page may leave off with an ellipsis."""
    if end >= len(words):
        return False
    if end + 1 < len(words) and words[end].text == "," and low(words[end + 1]) in ("or", "nor"):
        return False
    loose = words[end].text == "," or low(words[end]) in ("because", "so", "that", "which", "who", "where")
    if loose and words[end - 1].tag in ("adjective", "participle", "adverb", "number", "particle", "ing"):
        return low(words[end - 1]) not in WEAK_END
    return (
        words[end].tag in _AFTER_PHRASE
        and words[end].text not in QUOTES + "'’%/&.:"
        and low(words[end]) not in ("of", "or", "than", "as", "like")
        and words[end - 1].tag in ("noun", "name")
        and low(words[end - 1]) not in WEAK_END
    )
