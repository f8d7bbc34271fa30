"""What a passage is about: its names and noun phrases, the ones that the episode keeps coming back to first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from takefive.insights.lexicon import words_of as _set
from takefive.insights.tagger import Word, tagged

MOST = 5
FEWEST = 2

_GENERIC = _set(
    """
    thing things people person way ways time times lot lots kind kinds sort sorts year years day days week weeks
    month months hour hours minute minutes second guy guys stuff bit point points part parts something anything
    everything nothing someone anyone everyone everybody somebody nobody one ones example examples case cases place
    places reason reasons question questions idea ideas word words fact side end start beginning number numbers
    couple bunch piece pieces level world life man men woman women folk folks type types sense moment today tomorrow
    yesterday morning night problem problems need needs issue issues answer answers course amount matter use hand
    hands line top bottom half rest half-dozen thousand thousands million millions hundred hundreds dozen percent
    look job deal set area areas situation thought thoughts mind context feel feeling right everything's oh hey yeah
    okay ok mm-hmm wow god gosh laugh episode podcast show let today's thing's goal goals step steps process order
    effort conversation change changes chance choice choices effect experience experiences result results talk story
    stories name names aspect aspects advantage benefit fun love mistake pretty back front middle way's ability
    option options version thanks sorry hell shit crap
    """
)
_INNER = ("noun", "name", "adjective")
_VAGUE_ADJECTIVES = _set(
    """
    other same different new good great big little own whole certain many much more most few several last next first
    second third such only real right sure able better best bad nice huge small long old important interesting hard
    easy various multiple entire enough true wrong cool amazing crazy main actual particular specific high low full
    single large early late due clear possible available common similar general basic key worth less least fewer
    extra
    """
)
_SHAPE = re.compile(r"[\w'’+#&./-]+")


def topics(passage: str, episode: Counter[str] | None = None) -> tuple[str, ...]:
    """Two to five topics where there are so many: names as written, other phrases in lower case, best first.

    `episode`: how often each phrase occurs in the whole episode (from `phrase_counts`), which breaks ties.
    """
    found = Counter(_phrases(tagged(passage)))
    if not found:
        return ()
    often = episode or Counter()
    ranked = sorted(found, key=lambda phrase: (-_worth(phrase, found[phrase], often[phrase]), phrase))
    chosen: list[str] = []
    for phrase in ranked:
        inside = any(_covers(other, phrase) or _covers(phrase, other) for other in chosen)
        if not inside and (len(chosen) < FEWEST or _worth(phrase, found[phrase], often[phrase]) > 1.6):
            chosen.append(phrase)
    return tuple(chosen[:MOST])


def phrase_counts(texts: Sequence[str]) -> Counter[str]:
    """How often each phrase occurs in these texts."""
    return Counter(phrase for text in texts for phrase in _phrases(tagged(text)))


def _worth(phrase: str, here: int, in_episode: int) -> float:
    parts = phrase.split()
    named = phrase != phrase.lower()
    return here + 0.4 * min(in_episode, 6) + 1.0 * named + (0.9 if len(parts) == 2 else 0.5 if len(parts) == 3 else 0.0)


def _covers(longer: str, shorter: str) -> bool:
    one, two = {_stem(w) for w in longer.lower().split()}, {_stem(w) for w in shorter.lower().split()}
    return two <= one


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _phrases(words: Sequence[Word]) -> Iterator[str]:
    run: list[Word] = []
    for i, word in enumerate(words):
        opens = i == 0 or words[i - 1].text in ".?!…:"
        if word.tag in _INNER and _SHAPE.fullmatch(word.text) and not (opens and word.tag == "adjective"):
            run.append(word)
            continue
        yield from _phrase(run)
        run = []
    yield from _phrase(run)


def _phrase(run: Sequence[Word]) -> Iterator[str]:
    words = list(run)
    while words and words[0].tag == "adjective" and words[0].text.lower() in _VAGUE_ADJECTIVES:
        words.pop(0)
    while words and (words[-1].tag == "adjective" or _generic(words[-1])):
        words.pop()
    while words and _generic(words[0]):
        words.pop(0)
    words = words[-3:]
    if not words or not any(word.tag in ("noun", "name") for word in words):
        return
    phrase = " ".join(_cased(word) for word in words)
    if len(phrase) > 2 and (len(words) > 1 or words[0].tag == "name" or len(words[0].text) > 3):
        yield phrase


def _generic(word: Word) -> bool:
    return word.text.lower().replace("’", "'") in _GENERIC


def _cased(word: Word) -> str:
    """Names and abbreviations as written, all else in lower case; no possessive ending."""
    text = re.sub(r"['’]s?$", "", word.text)
    return text if word.tag == "name" or not text[1:].islower() else text.lower()
