"""Which words at the head of a line are a name, and which two names are one person. A wrong name is worse than none."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from takefive.transcripts.values import Segment, TimedText

ALIKE = 0.85
"""How alike two surnames behind one first name are that are one, written twice: "Provost" and "Provoost"."""

NAME = r"\d?[^\W\d_][\w.,'’&/\- ]{0,58}?(?: ?\([^()\n]{1,30}\))?"
"""Pattern of what may be a name, perhaps with initials behind it: "Sjors Provoost (SP)", "0xB10C"."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOBODY = _set("unknown speaker n/a none null break jingle outro intro music audio q a ? ??") | {"unknown speaker"}
_NOT_NAMES = _set("""
    a an the this that these those my our your his her their its it so and but or if when what why how who where
    there here yes no ok okay
    note notes warning tip tldr summary topic location date slides slide video media podcast part episode title
    tags links link source
    example question answer update edit todo http https email website github twitter transcript sponsor sponsors
    name step fact spoiler
    first second third finally remember see also i we you they he she is was are were in on at of for with from to by not
""")
_LABELS = _set("""
    news talk take takes fact facts point points picture line lines reason reasons story idea ideas thought thoughts tip tips tricks
    question questions answer answers alert warning twist round study rule rules lesson lessons takeaway takeaways note notes
    secret lining problem solution myth truth reality check time update updates example examples step steps part section
    chapter episode season title topic topics segment summary conclusion introduction result results effect cause trial proposal
    disclaimer definition thing things way word words quote advice recommendation recommendations option goal goals
    challenge challenges benefit benefits issue issues moment lesson insight insights stat stats number numbers
    trivia spoiler spoilers bonus sponsor break message link links context background one two three four five six seven
""")
"""Words at the end of what labels a paragraph and not a person: "Fun Fact", "Reason One"."""
_TITLES = _set(
    "mr mrs ms miss mx sir dr doctor prof professor rev judge senator president herr frau señor señora monsieur madame"
)
_NO_INITIALS = _set("ai ar cc ceo cfo cio cmo coo cpo cto it ml os pc pr qa tv ui uk us vr")
_ROLES = _set("announcer narrator host cohost co-host guest interviewer moderator operator caller voiceover audience")
_ALIAS = re.compile(r"(.+?) ?\(([^()]{1,30})\)")
_PARTICLES = _set("de da di du del della van von der den la le el bin al dos y")


def cleaned(name: str | None) -> str | None:
    """One speaker's name, folded; None for "Unknown" and its like, and for what is far too long."""
    folded = " ".join((name or "").split()).strip(" :*_#>-,")
    return None if not folded or len(folded) > 80 or folded.lower() in _NOBODY else folded


def plausible(name: str) -> bool:
    """Whether words look like a name: one to five, each with a capital, none a word that starts sentences or ends labels."""
    words = _ALIAS.sub(r"\1", name).split()
    if not 1 <= len(words) <= 5 or words[0].lower().strip(",.") in _NOT_NAMES:
        return False
    if len(words) > 1 and words[-1].lower() in _LABELS:
        return False
    return all(word[0].isupper() or word[0].isdigit() or word.lower() in _PARTICLES or word == "&" for word in words)


def speakers(candidates: Iterable[str]) -> frozenset[str]:
    """The heads of lines that are names.

    They look like names and are seen twice, or are a full name among others, or are part of such a name; where there are such,
    also a role that speaks once ("Announcer").
    """
    seen = Counter(name for name in candidates if plausible(name))
    often = {name for name, count in seen.items() if count > 1}
    full = {name for name in seen if len(name.split()) > 1 and sum(seen.values()) > 2}
    roles = {name for name in seen if name.lower() in _ROLES} if often | full else set()
    sure = often | full | roles
    parts = {word for name in sure for word in name.replace("(", " ").replace(")", " ").split()}
    return frozenset(sure | {name for name in seen if name in parts})


def same_people(names: Iterable[str]) -> dict[str, str]:
    """From each name to the fullest name of the same person, where only one can be meant.

    "Michael Flaxman (MF)" explains "MF"; "Bekah" is "Bekah Hawrot Weigel" if no other full name starts so.
    """
    people: dict[str, str] = {}
    found = list(dict.fromkeys(names))
    full = [base for name in found if " " in (base := _ALIAS.sub(r"\1", name).strip())]
    for name in found:
        base, initials = match.groups() if (match := _ALIAS.fullmatch(name)) else (name, None)
        people.setdefault(name, base.strip())
        if initials and initials.isupper():
            people[initials.strip()] = base.strip()
    for name in found:
        fits = {other for other in full if other.split()[0] == name and "speaker" not in name.lower()}
        if " " not in name and len(fits) == 1 and people[name] == name:
            people[name] = fits.pop()
    return people


def with_persons(text: TimedText, persons: Sequence[str]) -> TimedText:
    """The same words with speakers written as the feed writes its people: "MC" or "Matt" is "Matt Corallo" if nobody else fits.

    A label that fits nobody, or more than one, stays as it is; initials that fit more than one name nobody.
    """
    labels = {segment.speaker for segment in text.segments if segment.speaker}
    fits = {label: [one for one in dict.fromkeys(persons) if _fits(label, one)] for label in labels}
    known: dict[str, str | None] = {label: found[0] for label, found in fits.items() if len(found) == 1}
    known |= {label: None for label, found in fits.items() if len(found) > 1 and label.isupper() and len(label) <= 3}
    if not known:
        return text
    renamed = (_renamed(one, known) for one in text.segments)
    return replace(text, segments=tuple(renamed))


def _renamed(segment: Segment, known: Mapping[str, str | None]) -> Segment:
    if segment.speaker is None or segment.speaker not in known:
        return segment
    name = known[segment.speaker]
    return replace(segment, speaker=name, after_break=segment.after_break or name is None)


def _fits(label: str, person: str) -> bool:
    """Whether a label is a person's name, first name, initials, or a form of the name that differs in one of its parts only.

    A title is no part of a name, nor is a part played ("(host)"), and a surname alone fits nobody: "Ms. Lee" may be whoever is
    called Lee.
    """
    alias = _ALIAS.fullmatch(label)
    label = alias[1] if alias and alias[2].lower() in _ROLES else label
    one, other = _plain(label), _plain(person)
    titled = len(one) > 1 and one[0] in _TITLES
    one = one[titled:]
    if not one or not other or one == other:
        return bool(one) and one == other
    if len(other) == 1:
        return False
    if len(one) == 1:
        return not titled and (one[0] == other[0] or _are_initials(label, other))
    first, last = (one[0], other[0]), (one[-1], other[-1])
    if last[0] == last[1]:
        return first[0][0] == first[1][0] and (len(first[0]) == 1 or _two_letters(label))
    if first[0] != first[1] or last[0][0] != last[1][0]:
        return False
    return len(last[0]) == 1 or (min(map(len, last)) > 4 and SequenceMatcher(None, *last).ratio() >= ALIKE)


def _are_initials(label: str, words: Sequence[str]) -> bool:
    """Whether a label in capitals is made of a name's first letters, and is not read as another word ("AI")."""
    letters = "".join(word[0] for word in words)
    return label.casefold() == letters and sum(map(str.isupper, label)) > 1 and letters not in _NO_INITIALS


def _two_letters(label: str) -> bool:
    """Whether a name begins with two initials ("AJ Towns"); "Al Towns" and "AL TOWNS" have a first name of their own."""
    first = label.split()[0]
    return len(first) == 2 and first.isupper() and not label.isupper()


def _plain(name: str) -> list[str]:
    """The words of a name without case, accents and points."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", bare.casefold())
