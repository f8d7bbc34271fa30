"""What a passage is about: its names and noun phrases, the ones that the episode keeps coming back to first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from takefive.insights.lexicon import words_of as _set
from takefive.insights.tagger import Word, tagged

MOST = 4
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
    option options version thanks sorry hell shit crap none fine geez dude default lifetime introduction extent premise
    combination terms concern pain magnitude degree phase request instance instances stake stakes
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
_BROAD = _set(
    """
    code work company companies business project projects data system systems software product products team teams
    tool tools user users money action feature features technology developer developers organization implementation
    information decision decisions approach customers community price care power confidence environment
    """
)
"""Words that say something only beside another: dropped where there is anything better."""
_SHAPE = re.compile(r"[\w'’+#&./-]+")


def topics(passage: str, episode: Counter[str] | None = None, people: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Two to four topics where there are so many: names as written, other phrases in lower case, best first.

    `episode`: how often each phrase occurs in the whole episode (from `phrase_counts`), which breaks ties. `people`:
    the words of the speakers' names in lower case, who are spoken to and not about.
    """
    found = Counter(phrase for phrase in _phrases(tagged(passage)) if not people.issuperset(phrase.lower().split()))
    if not found:
        return ()
    often = episode or Counter()
    ranked = sorted(found, key=lambda phrase: (-_worth(phrase, found[phrase], often[phrase]), phrase))
    chosen: list[str] = []
    for phrase in ranked:
        inside = any(_covers(other, phrase) or _covers(phrase, other) for other in chosen)
        if not inside and (len(chosen) < FEWEST or _worth(phrase, found[phrase], often[phrase]) > 1.6):
            chosen.append(phrase)
    telling = [phrase for phrase in chosen if phrase not in _BROAD]
    return tuple((telling if len(telling) >= FEWEST else chosen)[:MOST])


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
    whole = len(words)
    while words and (words[-1].tag == "adjective" or _generic(words[-1])):
        words.pop()
    if len(words) < whole and words and words[-1].text.lower().endswith("ing"):
        return  # "weird turning point" without its point
    while words and (_generic(words[0]) or len(words[0].text) < 2):
        words.pop(0)
    words = words[-3:]
    if not words or not any(word.tag in ("noun", "name") for word in words):
        return
    parts = [_cased(word) for word in words]
    if len(words) > 1 and words[1].tag == "name" and words[0].text[:1].isupper():
        parts[0] = words[0].text
    phrase = " ".join(parts)
    if any(len(part) < 2 for part in parts):
        return
    if len(phrase) > 2 and (len(words) > 1 or words[0].tag == "name" or len(words[0].text) > 3):
        yield phrase


def _generic(word: Word) -> bool:
    return word.text.lower().replace("’", "'") in _GENERIC


def _cased(word: Word) -> str:
    """Names and abbreviations as written, all else in lower case; no possessive ending."""
    text = re.sub(r"['’]s?$", "", word.text)
    return text if word.tag == "name" or not text[1:].islower() else text.lower()
