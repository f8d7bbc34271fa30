"""Which language a text is in: what the file says, else a vote of its small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_SMALL_WORDS = {
    "en": "the and of to that is it in you for with this was are have not but they what",
    "de": "und die der das ist ich nicht wir zu ein auch es so mit auf sich aber wie dann",
    "es": "que de la el y los en es un por con para una como lo pero más porque las",
    "fr": "et les des est que je pas vous nous une dans c'est pour qui sur mais avec ça on",
    "it": "che di è non il un per una sono con questo anche più come ma della si gli perché",
    "pt": "que não de é uma um para com os se do por mais como mas eu isso você são",
    "nl": "het een van dat niet en ik je is op maar voor met zijn ook wat er dan hebben",
    "sv": "och det att är jag som på inte en för med har den så av ett om men vi",
    "da": "og det at er jeg på ikke en for med har den så af et om men vi der",
    "pl": "nie to się na że jest z do jak w co tak ale za od był po",
    "tr": "ve bir bu da de için çok ne ama ben gibi var daha sonra olarak",
}
_VOTERS = {
    word: [tag for tag, words in _SMALL_WORDS.items() if word in words.split()]
    for word in " ".join(_SMALL_WORDS.values()).split()
}
_SCRIPTS = {
    "ja": "\u3040-\u30ff", "ko": "\uac00-\ud7a3", "zh": "\u4e00-\u9fff", "ru": "\u0400-\u04ff", "el": "\u0370-\u03ff",
    "he": "\u0590-\u05ff", "ar": "\u0600-\u06ff", "hi": "\u0900-\u097f", "th": "\u0e00-\u0e7f",
}  # fmt: skip
_NAMES = {
    "english": "en",
    "german": "de",
    "spanish": "es",
    "french": "fr",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
}
_COUSINS = tuple(
    frozenset(words.split())
    for words in (
        "no nb nn da sv is fo", "cs sk pl hr sl bs sr", "es ca gl pt ast an oc eu", "it ca oc sc co fur",
        "fr ca oc br", "de nl lb fy af gsw", "tr az tk uz crh", "zh yue wuu nan", "ru uk bg be mk sr kk ky mn tg uz tt ba",
        "ar fa ur ps ku sd ckb ug arz", "hi mr ne sa bho mai kok", "he yi", "ja zh",
    )
)  # fmt: skip
"""Languages that one vote of small words, or one script, takes for one another."""


def tag(value: object) -> str | None:
    """A BCP 47 tag from what a file says ("en_US", "English", "de"); None where it is none."""
    if not isinstance(value, str):
        return None
    text = value.strip().replace("_", "-")
    text = _NAMES.get(text.lower(), text)
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        return None
    first, *rest = text.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def detected(text: str) -> str | None:
    """The language of a text by its script or by a vote of its small words; None where the vote is not clear."""
    sample = text[:20_000]
    letters = sum(map(str.isalpha, sample))
    if letters < 20:
        return None
    for name, letters_of in _SCRIPTS.items():
        if len(re.findall(f"[{letters_of}]", sample)) > 0.2 * letters:
            return name
    votes: Counter[str] = Counter()
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", sample.lower().replace("’", "'"))
    for word in words:
        for name in _VOTERS.get(word, ()):
            votes[name] += 1
    (best, most), (_, next_most) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    return best if most > max(3, 0.08 * len(words), 1.15 * next_most) else None


def share_of_small_words(words: Sequence[str], language: str) -> float | None:
    """How many of the words are the small words of a language; None where we know none of it."""
    small = _SMALL_WORDS.get(language.split("-")[0].lower())
    return sum(map(set(small.split()).__contains__, words)) / max(1, len(words)) if small else None


def apart(one: str, other: str) -> bool:
    """Whether two languages (tags) are told apart for sure by `detected`: `one`, which it found, and the other, which is stated."""
    first, second = one.lower().split("-")[0], other.lower().split("-")[0]
    if first == second or any({first, second} <= cousins for cousins in _COUSINS):
        return False
    return second in _SMALL_WORDS or second in _SCRIPTS or first in _SCRIPTS
