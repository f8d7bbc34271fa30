"""Which written topics are one topic. A wrong merge is worse than two pages: what is in doubt stays apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LONGEST_KEY = 120
_SHORT = re.compile(r"(?<![\w.&-])([A-Z][A-Za-z0-9]{1,7})(?![\w&-])")
_SAME_AS = re.compile(
    r"(?:, (?:which )?(?:stands|short|is short) for |, or |, aka |, also (?:known as|called) | ?\()", re.IGNORECASE
)
_PASSED_OVER = frozenset(("of", "and", "the", "for", "to", "in", "a", "an", "on", "as"))
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b(?:[^\W\d_]\.)+[^\W\d_]\b(?!\.?[^\W_])")
_PLURAL_OF_CAPITALS = re.compile(r"[A-Z0-9]{2,}s")
_CHES = frozenset(("cache", "headache", "niche", "ache", "avalanche", "cliche", "psyche", "mustache"))
_IES = frozenset(("movie", "cookie", "zombie", "hoodie", "rookie", "selfie", "calorie", "brownie", "genie", "indie"))


@lru_cache(maxsize=50_000)
def topic_key(written: str) -> str:
    """What all ways to write one topic share: small letters, no accents or marks, the last word in the singular.

    "Open-Source", "open source" and "open source's" are "open source", "LLMs" is "large language model", as the table of
    aliases has it. A name keeps its last letter ("Windows" is no window), and a word that is also a name is another topic
    when written small ("apple" and "Apple"). Words are parted by one space, so that a key reads as an address with hyphens.
    Empty where nothing is left.
    """
    words = words_of(written)
    if not words or " ".join(words) in _canonical():
        return " ".join(words)
    if " ".join(words) in _aliases():
        return _aliases()[" ".join(words)]
    last = _last_word(written)
    small = last[:1].islower()
    if _PLURAL_OF_CAPITALS.fullmatch(last):
        words[-1] = words[-1].removesuffix("s")
    elif small:
        words[-1] = singular(words[-1])
    key = " ".join(words)[:LONGEST_KEY].strip()
    if small and key in _names_and_words():  # a word of its own beside the name: a window, no Windows
        return key.removesuffix("s") if key.endswith("s") else f"{key} word"
    return _aliases().get(key, key)


def words_of(written: str) -> list[str]:
    """The words of a key: small, without accents on Latin letters; "C++" is "c plus plus", ".NET" "dot net", "U.S." "us"."""
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), plain(written))
    text = re.sub(r"(?<=\w)'s?(?!\w)", "", text.replace("’", "'"))
    text = re.sub(r"(?<![\w.])\.(?=[^\W\d])", "dot ", text)
    text = text.replace("'", "").replace("&", " and ").replace("#", " sharp ").replace("+", " plus ")
    return re.sub(r"[\W_]+", " ", text.casefold()).split()


def plain(text: str) -> str:
    """Compatibility forms folded, accents taken from Latin letters: "Café" is "Cafe", and "й" stays."""
    apart = unicodedata.normalize("NFKD", text)
    bare = re.sub("(?<=[A-Za-z])[\u0300-\u036f]+", "", apart)
    return unicodedata.normalize("NFKC", bare)


def singular(word: str) -> str:
    """A noun in the singular, as far as its ending tells."""
    if word.endswith("yses"):
        return word[:-2] + "is"
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ous")) or word in _singular_words():
        return word
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in _IES or len(word) < 5 else word[:-3] + "y"
    if word.endswith(("sses", "shes", "xes", "zzes")) or (word.endswith("ches") and word[:-1] not in _CHES):
        return word[:-2]
    return word[:-2] if word.endswith(("toes", "roes", "goes")) and len(word) > 5 else word[:-1]


def expansions(text: str, topics: Collection[str] = ()) -> set[tuple[str, str]]:
    """The abbreviations that a text explains, each as (its key, the key of what it stands for).

    "Retrieval-Augmented Generation (RAG)", "RAG, short for ..." and the like (Schwartz & Hearst 2003), but stricter than they:
    each letter must begin a word. One of three letters and more is explained too where a topic of the text has just its letters.
    """
    found = set()
    said = plain(text)
    for short in _SHORT.finditer(said):
        letters = _letters(short[1])
        if len(letters) < 2:
            continue
        key = topic_key(short[1])
        pairs = [*_before(said[: short.start()], letters), *_after(said[short.end() :], letters)]
        pairs += [topic for topic in topics if len(letters) > 2 and _initials(topic) == letters]
        found |= {(key, topic_key(long)) for long in pairs}
    return {(short, long) for short, long in found if short and long and short != long}


def stands_for(key: str, longs: Collection[str]) -> str:
    """What an abbreviation stands for if all texts that explain it agree; else, and where none does, it is itself."""
    return next(iter(longs)) if len(set(longs)) == 1 else key


def canonical(key: str, rules: Mapping[str, str], resolved: str | None = None) -> str:
    """The key of the page: as the operator ruled for this writing, or for what it was found to be, else that."""
    found = key if resolved is None else resolved
    return rules.get(key) or rules.get(found) or found


def slug(key: str) -> str:
    """A key as it stands in an address; `from_slug` reads it back."""
    return key.replace(" ", "-")


def from_slug(text: str) -> str:
    """The key that an address means."""
    return " ".join(text.casefold().split("-"))


def commonest(counts: Mapping[str, int]) -> str:
    """The way a name is written most often; among equals the one with fewer marks, then the first by alphabet."""
    return min(counts, key=lambda written: (-counts[written], len(written) - sum(map(str.isalnum, written)), written))


def _before(text: str, letters: str) -> Iterator[str]:
    """The words right before a bracket or an "or" that begin with just these letters."""
    if (link := re.search(r"(?: ?\(|,? or |,? aka |,? called )$", text)) is None:
        return
    words = list(_WORD.finditer(text[max(0, link.start() - 120) : link.start()]))
    for count in range(len(letters), len(letters) + 4):
        if 0 < count <= len(words) and _begins(words[-count:], letters):
            start = max(0, link.start() - 120) + words[-count].start()
            yield text[start : link.start()]


def _after(text: str, letters: str) -> Iterator[str]:
    """The words right after "stands for", "or" or in a bracket that begin with just these letters."""
    if (link := _SAME_AS.match(text)) is None:
        return
    words = list(_WORD.finditer(text[link.end() : link.end() + 120]))
    for count in range(len(letters), len(letters) + 4):
        if count <= len(words) and _begins(words[:count], letters):
            yield text[link.end() : link.end() + words[count - 1].end()]


def _begins(words: list[re.Match[str]], letters: str) -> bool:
    """Whether each letter begins a word in turn; the first and the last word count, small words between may be passed over."""
    firsts = [(word[0][0].lower(), word[0].lower() in _PASSED_OVER) for word in words]
    if not firsts or firsts[0][1] or firsts[-1][1]:
        return False
    whole, bare = "".join(first for first, _ in firsts), "".join(first for first, small in firsts if not small)
    return letters in (whole, bare)


def _initials(topic: str) -> str:
    words = words_of(topic)
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _letters(short: str) -> str:
    """The letters of an abbreviation, small; empty for what is none: at least two capitals, no more small letters than those."""
    bare = short[:-1] if _PLURAL_OF_CAPITALS.fullmatch(short) else short
    capitals = sum(map(str.isupper, bare))
    return bare.lower() if capitals >= 2 and capitals * 2 >= len(bare) and bare.isalpha() else ""


def _last_word(written: str) -> str:
    words = re.findall(r"[^\W_]+", re.sub(r"['’]s?(?!\w)", "", plain(written)))
    return words[-1] if words else ""


@cache
def _aliases() -> Mapping[str, str]:
    lines = (
        line.split("#")[0].strip() for line in (DATA / "topic-aliases.txt").read_text(encoding="ascii").splitlines()
    )
    return dict(tuple(part.strip() for part in line.split("=")) for line in lines if line)  # type: ignore[misc]


@cache
def _canonical() -> frozenset[str]:
    return frozenset(_aliases().values())


@cache
def _singular_words() -> frozenset[str]:
    return frozenset((DATA / "singular-words.txt").read_text(encoding="ascii").split())


@cache
def _names_and_words() -> frozenset[str]:
    return frozenset((DATA / "names-and-words.txt").read_text(encoding="ascii").split())
