"""Whether a piece of a sentence may stand without the rest: what a condition, a report or a "but" governs may not."""

from __future__ import annotations

import re

from takefive.insights.grammar import CARRIES, QUOTES, Cut, low, main_verb, plain
from takefive.insights.lexicon import COMPLEMENT, CONCEDING, CONDITIONAL, LEANING, NEGATION
from takefive.insights.tagger import Word

LINKS = frozenset({"and", "so", "because", "but", "plus", "or"})
_NARROWING = frozenset(
    {"until", "till", "unless", "without", "but", "just", "only", "because", "than", "except", "like", "rather", "if"}
)
_SUPPOSING = frozenset({"if", "unless", "until", "provided", "assuming"})
_PARTED = frozenset({"then", ";", "–", "—", "-"})
"""What may stand between a claim and an "if" that belongs to the next one."""
_DASHES = frozenset("-–—")
_ASKING = frozenset({"what", "how", "why", "whether", "where"})
_CONCEDED = frozenset({"but", "though", "although", "except", "however", "yet", "versus", "whereas", "otherwise"})
_MODAL = frozenset({"could", "would", "might", "may", "should"})
_OWN = re.compile(
    r"\b(?:i|we)(?:'d|'ve)? (?:\w+ )?(?:think|thought|believe|say|said|guess|feel|felt|want|wanted|would|might)\b"
)
"""A speaker's own thinking, which "because" may give the grounds of."""
_NOW = frozenset({"point", "days", "year", "week", "month", "moment", "morning", "time", "world"})
_BOUND = frozenset(
    {"it", "its", "it's", "they", "them", "their", "they're", "one", "which", "his", "her", "he", "she", "him"}
)

_PERSONAL = frozenset({"his", "her", "he", "she", "him"})


def free(cut: Cut) -> bool:
    """Whether nothing outside the cut governs it: no condition, report, question word, quotation or "but"."""
    words, end = cut.words, cut.end
    inside = sum(word.text in QUOTES for word in words[cut.start : end])
    if (
        any(word.text in QUOTES for word in words[: cut.start])
        or inside % 2
        or (inside and (cut.marked or end < len(words)))
    ):
        return False
    rest = [low(word) for word in words[end:]]
    if not _CONCEDED.isdisjoint(rest) or "or" in rest[:2]:
        return False
    if any(word in ("and", "so", "or") for word in rest[:2]) and _MODAL & set(plain(cut).split()):
        return False  # "you could build another, and it could perform worse"
    if "and" in rest[:2] and not {"because", "so", "if", "when"}.isdisjoint(plain(cut).split()):
        return False  # "it fails because you build a platform and you force it on everybody"
    return not _governed(cut) and not _loose_condition(cut) and not _narrowed(rest)


def _governed(cut: Cut) -> bool:
    """Whether a condition, a report or a question before the cut holds sway over it."""
    left = [low(word) for word in cut.words[: cut.start]]
    if not left:
        return False
    if left[0] in ("had", "were", "should"):  # "Had I known, I would ..."
        return True
    because, but = left[-1] == "because", left[-1] == "but"
    if because and NEGATION.search(" ".join(left)):
        return True
    if but or because:  # said outright, unless the whole sentence opens with its condition or is somebody else's report
        report = _OWN.sub(" ", " ".join(left)) if because else ""
        return left[0] in CONDITIONAL - CONCEDING or bool(COMPLEMENT.search(report))
    return bool((CONDITIONAL - CONCEDING) & set(left) or COMPLEMENT.search(" ".join(left)) or _ASKING & set(left))


def _loose_condition(cut: Cut) -> bool:
    """Whether an "if" inside opens a clause that the cut does not finish: "It is faster, because if you have less"."""
    inside = cut.words[cut.start : cut.end]
    opened = [
        i for i, word in enumerate(inside) if i and low(word) in _SUPPOSING and low(inside[i - 1]) in LINKS | {"that"}
    ]
    return any(all(word.text != "," for word in inside[i:]) for i in opened)


def _narrowed(right: list[str]) -> bool:
    """Whether an "if" follows that opens no clause of its own, a "when" before the next clause, or a correction."""
    governing = CONDITIONAL - CONCEDING
    if any(word in _SUPPOSING and right[i - 1] not in LINKS for i, word in enumerate(right)):
        return True
    for i, word in enumerate(right):
        before = right[i - 1] if i else ""
        if word in ("no", "sorry", "or") and before in _DASHES:  # "almost doubling - no, more than doubling"
            return True
        if word in governing and before not in LINKS | _PARTED:
            return True
        if word in ("because", "so", "but") or (word == "and" and before == ","):
            return False
    return False


def denies_more(cut: Cut) -> bool:
    """Whether a "not" inside may be narrowed by what is cut off: "not X until Y", "not X but Y"."""
    if not NEGATION.search(plain(cut)):
        return False
    rest = {low(word) for word in cut.words[cut.end :]}
    return not rest.isdisjoint(_NARROWING) or low(cut.words[cut.end]) in (
        "to",
        "for",
        "with",
        "in",
        "on",
        "by",
        "at",
        "from",
    )


def in_a_list(cut: Cut) -> bool:
    """Whether commas follow the verb, so that the cut may part the members of a list."""
    verb = main_verb(cut)
    return verb is None or any(word.text == "," and word.start > verb.start for word in cut.words[cut.start : cut.end])


def asks(sentence: str) -> bool:
    """Whether a sentence is a question."""
    return sentence.rstrip(QUOTES + " )").endswith("?") or " right?" in sentence


def leaning(cut: Cut) -> str:
    """The first word that points outside the cut, "" where all it speaks of stands in it."""
    spoken = cut.spoken
    for i, word in enumerate(spoken):
        said = low(word)
        if said not in LEANING or word.tag == "number" or (said in ("there", "there's", "there're") and i == 0):
            continue
        follows = spoken[i + 1].tag if i + 1 < len(spoken) else ""
        if (
            i
            and said in ("this", "that", "these", "those", "such", "both")
            and follows in ("noun", "name", "adjective")
        ):
            continue
        if i == 0 and said in ("it", "it's") and _EXPLETIVE.match(plain(cut)):
            continue
        if said in ("this", "these") and i + 1 < len(spoken) and low(spoken[i + 1]) in _NOW:
            continue
        if said == "that" and (word.tag in ("preposition", "wh") or follows in ("pronoun", "pronoun+finite")):
            continue
        nouns = any(_may_be(w, said) for w in spoken[:i])
        carried = sum(w.tag in CARRIES for w in spoken[:i]) + (cut.whole and bool(i))
        if nouns and said in _BOUND and carried + (said not in ("it", "them", "him")) > 1:
            continue
        return said
    return ""


def _may_be(noun: Word, said: str) -> bool:
    """Whether a pronoun may stand for a word before it: "it" for none of many, "she" for a name."""
    if noun.tag == "name":
        return True
    if noun.tag != "noun" or said in _PERSONAL:
        return False
    many = low(noun).endswith("s") and not low(noun).endswith(("ss", "us", "is", "ics"))
    return not (said in ("it", "its", "it's") and (many or low(noun) in _MEASURES))


_MEASURES = frozenset({"amount", "number", "lot", "kind", "sort", "type", "people", "time", "way", "set", "bunch"})
_EXPLETIVE = re.compile(
    r"it(?:'s| is| was| can be| becomes| gets| takes| took)(?: \w+)? (?:\w+ )?(?:hard|harder|easy|easier|important|better|best"
    r"|worth|possible|impossible|difficult|dangerous|enough|cheaper|faster|useful|good|bad|nice|crucial|time|\d+|years|months|weeks|days|hours"
    r"|longer|a lot|more)\b.* (?:to|that|for|when|if)\b"
)
"""The "it" of "it is hard to ...", which stands for nothing before."""


def pointing(cut: Cut) -> bool:
    """Whether it speaks of "this process" or "those people", which a stranger has to guess."""
    return any(low(w) in ("this", "that", "these", "those") and w.tag == "determiner" for w in cut.spoken)
