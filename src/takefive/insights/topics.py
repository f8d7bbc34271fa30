"""What a passage is about: its names and noun phrases, the ones that the episode keeps coming back to first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from takefive.insights.lexicon import words_of as _set
from takefive.insights.scorer import FOLDER
from takefive.insights.tagger import Word, tagged
from takefive.transcripts.scripts import unspaced

MOST = 4
POOR, ENOUGH = 0.15, 1.9
"""The worth that a topic must pass, and that each after the first must."""
LONGEST = 4
SUBJECTS = FOLDER / "subjects.txt"
"""What people use for topics, one a line, learned from the labels of reference insights (evals/topics.py --train)."""

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
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december huh past pro pros con cons edit
    option options version thanks sorry hell shit crap none fine geez dude default lifetime introduction extent premise
    combination terms o'clock concern pain magnitude degree phase request instance instances stake stakes
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
    information decision decisions approach customers community price care power confidence environment language languages
    cost costs scale library libraries quality search research design support management action engineering network networks
    value values game games people growth expectation expectations commitment commitments path source connection
    """
)
"""Words that say something only beside another: dropped where there is anything better."""
_WORDS = re.compile(r"[^\W_]+[+#]*")
_SHAPE = re.compile(r"[\w'’+#&./-]+")


def topics(passage: str, episode: Counter[str] | None = None, people: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """One to four topics where there are any: names as written, all else in small letters, best first.

    Known subjects (`SUBJECTS`) go before phrases that nobody used for a topic yet, and stand for the phrases around them: "open
    source projects" is about open source. `episode`: how often each phrase occurs in the whole episode (from `phrase_counts`).
    `people`: the words of the speakers' names in lower case, who are spoken to and not about.
    """
    often = episode or Counter()
    found = Counter(
        one
        for one in _found(passage)
        if not unspaced(one.text) and not people.issuperset(one.text.lower().split())  # cut anywhere without spaces
    )
    worth = {one: _worth(one, found[one], often[one.text]) for one in found}
    ranked = sorted((one for one in found if worth[one] > POOR), key=lambda one: (-worth[one], one.text))
    chosen: list[_Phrase] = []
    for one in ranked:
        inside = any(_covers(other.text, one.text) or _covers(one.text, other.text) for other in chosen)
        if not inside and (not chosen or worth[one] > ENOUGH):
            chosen.append(one)
    telling = [one.text for one in chosen if one.text not in _BROAD]
    return tuple(telling or [one.text for one in chosen])[:MOST]


def phrase_counts(texts: Sequence[str]) -> Counter[str]:
    """How often each phrase occurs in these texts."""
    return Counter(one.text for text in texts for one in _found(text))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What may be a topic: `known` if people use it for one, `described` if it begins with an adjective."""

    text: str
    known: bool = False
    described: bool = False


def _worth(one: _Phrase, here: int, in_episode: int) -> float:
    """More for names, known subjects and what comes again; one common noun alone, or once described, is no topic."""
    parts = one.text.split()
    named = one.text != one.text.lower()
    if not one.known and not named and (len(parts) == 1 or in_episode < 2):
        return min(in_episode, 3) / 10 + (0.06 if len(parts) > 1 and not one.described else 0.0)
    if one.text in _BROAD and in_episode < (5 if here > 1 else 8):
        return 0.0
    bonus = (1.2 if one.known else 0.0) + (1.0 if named else 0.0)
    return here + 0.4 * min(in_episode, 6) + bonus + (0.9 if len(parts) == 2 else 0.5 if len(parts) == 3 else 0.0)


def _covers(longer: str, shorter: str) -> bool:
    one, two = {stem(w) for w in longer.lower().split()}, {stem(w) for w in shorter.lower().split()}
    return two <= one


def stem(word: str) -> str:
    """A word in small letters without its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@cache
def _subjects() -> frozenset[tuple[str, ...]]:
    lines = SUBJECTS.read_text(encoding="utf-8").splitlines()
    return frozenset(tuple(stem(word) for word in _WORDS.findall(line.lower())) for line in lines)


def _found(text: str) -> Iterator[_Phrase]:
    """The known subjects of a text, longest first, then the phrases that hold none."""
    words = tagged(text)
    pieces = [(i, m[0]) for i, word in enumerate(words) for m in _WORDS.finditer(word.text)]
    stems, known, taken, at = [stem(piece.lower()) for _, piece in pieces], _subjects(), set[int](), 0
    while at < len(pieces):
        long = next((n for n in range(LONGEST, 0, -1) if tuple(stems[at : at + n]) in known), 0)
        held = {i for i, _ in pieces[at : at + long]}
        if long > 1 or (long and words[pieces[at][0]].tag in ("noun", "name")):
            taken |= held if long > 1 else set()
            yield _Phrase(" ".join(_cased(words[i]) for i in sorted(held)), known=True)
        at += max(long, 1)
    for run in _runs(words):
        if not taken & set(run):
            yield from _phrase([words[i] for i in run])


def _runs(words: Sequence[Word]) -> Iterator[list[int]]:
    """The places of nouns, names and adjectives that stand together."""
    run: list[int] = []
    for i, word in enumerate(words):
        opens = i == 0 or words[i - 1].text in ".?!…:"
        if word.tag in _INNER and _SHAPE.fullmatch(word.text) and not (opens and word.tag == "adjective"):
            run.append(i)
            continue
        yield run
        run = []
    yield run


def _phrase(run: Sequence[Word]) -> Iterator[_Phrase]:
    words = list(run)
    while words and words[0].tag == "adjective" and (words[0].text.lower() in _VAGUE_ADJECTIVES or _graded(words[0])):
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
        yield _Phrase(phrase, described=words[0].tag == "adjective")


def _graded(word: Word) -> bool:
    """Whether an adjective compares: larger, broadest."""
    return len(word.text) > 4 and word.text.lower().endswith(("er", "est"))


def _generic(word: Word) -> bool:
    return word.text.lower().replace("’", "'") in _GENERIC


def _cased(word: Word) -> str:
    """Names and abbreviations as written, all else in lower case; no possessive ending."""
    text = re.sub(r"['’]s?$", "", word.text)
    if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", text):
        text = text.replace(".", "")
    return text if word.tag == "name" or not text[1:].islower() else text.lower()
