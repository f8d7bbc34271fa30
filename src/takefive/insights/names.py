"""Names in what was written that nobody said: what has a capital, or a digit in it, and stands nowhere near the quote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from itertools import pairwise

from takefive.insights.lexicon import words_of
from takefive.insights.tagger import tagged

_WORD = re.compile(r"[^\W_]+(?:['’.&+#-]*[^\W_]+)*[+#]*")
_BEGINS = re.compile(r"(?:^|[.!?:;…–—\n]|--|[\"“‘(\[])[\"”“‘'()\[\]\s]*$")
_EVERYDAY = words_of("i i'm i've i'd i'll ai us uk eu usa tv pc ceo cto api ok okay mr mrs ms dr am pm a")
"""Written with a capital, and no name that could be invented."""
_STEM = 5
"""Letters that an adjective of a name must share with it: Europe, European."""


def unheard_names(
    texts: Iterable[str], heard: str, vocabulary: Set[str] = frozenset(), *, into: str = "en"
) -> list[str]:
    """The names in `texts` that are not among the words of `heard`, as written.

    A capital at the head of a sentence makes no name if `vocabulary` (words written small in the same episode) knows the word,
    or if grammar does. "Python's", "Pythons" and "Python-based" stand where "Python" was heard, "European" where "Europe" was.
    `into`: the language of a translation, of whose words neither knows anything: there no head of a sentence is a name, and in
    German, where every noun has a capital, only what stands beside another unheard one or has a capital or a digit inside.
    """
    said = {part for word in _WORD.findall(heard) for part in _forms(word)}
    joined = re.sub(r"[^\w]|_", "", heard.lower())
    return [name for text in texts for name in _unheard(text, said, joined, vocabulary, into)]


def _unheard(text: str, said: Set[str], joined: str, vocabulary: Set[str], into: str) -> list[str]:
    strange = [(word, head) for word, head in _names(text, into) if not _known(word[0], said, joined)]
    if into == "en":
        return [word[0] for word, head in strange if not (head and _common(word[0], text, vocabulary))]
    inside = [word for word, head in strange if not head]
    if into != "de":
        return [word[0] for word in inside]
    pairs = {name for one, other in pairwise(inside) if text[one.end() : other.start()] == " " for name in (one, other)}
    return [word[0] for word in inside if word in pairs or any(c.isupper() or c.isdigit() for c in word[0][1:])]


def often_named(sentences: Iterable[str], times: int) -> list[str]:
    """The words that stand with a capital inside so many sentences of a text: what it is about, which is then called "it"."""
    counts = Counter(
        name
        for text in sentences
        for name in {re.sub(r"['’]s?$", "", word[0]) for word, head in _names(text) if not head}
    )
    return sorted(name for name, count in counts.items() if count >= times)


def _names(text: str, language: str = "en") -> Iterator[tuple[re.Match[str], bool]]:
    """Words that look like names, and whether each stands where any word has a capital."""
    tokens = list(_WORD.finditer(text))
    long = [t[0] for t in tokens if len(t[0]) > 3]
    titled = language != "de" and len(long) > 3 and sum(word[0].isupper() for word in long) > 0.6 * len(long)
    for token in tokens:
        word = token[0]
        head = titled or bool(_BEGINS.search(text[: token.start()]))
        if any(c.isupper() for c in word) or (any(c.isdigit() for c in word) and re.search(r"[^\W\d_]\d", word)):
            yield token, head and not any(c.isupper() or c.isdigit() for c in word[1:])


def _forms(word: str) -> Iterator[str]:
    plain = word.lower().replace("’", "'")
    yield plain
    yield from (part for part in re.split(r"['.&/-]", plain) if part)


def _known(name: str, said: Set[str], joined: str) -> bool:
    plain = re.sub(r"'s?$", "", name.lower().replace("’", "'"))
    if plain in said or plain in _EVERYDAY:
        return True
    written = (part for part in re.split(r"['’.&/-]", name) if any(c.isupper() or c.isdigit() for c in part))
    return all(_part_known(part.lower(), said, joined) for part in written)


def _part_known(part: str, said: Set[str], joined: str) -> bool:
    if part in said or part in _EVERYDAY or part.isdigit() or part.removesuffix("s") in said or part + "s" in said:
        return True
    if any(c.isdigit() for c in part):
        return part in joined
    return _kin(part, said)


def _kin(part: str, said: Set[str]) -> bool:
    """Whether a word that begins alike is among those heard."""
    if len(part) < _STEM:
        return False
    return any(
        len(word) >= _STEM and abs(len(word) - len(part)) <= 3 and (word.startswith(part) or part.startswith(word))
        for word in said
    )


def _common(name: str, text: str, vocabulary: Set[str]) -> bool:
    plain = name.lower().replace("’", "'")
    first = re.split("['-]", plain)[0]
    if plain in vocabulary or first in vocabulary or _kin(first, vocabulary):
        return True
    return any(word.text == name and word.tag != "name" for word in tagged(text))
