"""Whether a transcript can be that of an episode. It is refused with the reason, so that a better one is looked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set

from takefive.common.errors import TranscriptError
from takefive.transcripts.language import apart, detected, share_of_small_words
from takefive.transcripts.scripts import count, unspaced
from takefive.transcripts.values import TimedText

FEWEST_WORDS = 30
SLOWEST, FASTEST = 25.0, 400.0
"""Words a minute over a whole episode. 1,100 real episodes lie between 90 and 240."""
MOST_REPEATED = 0.4
"""Share of the runs of four words that occurred before. Real talk has under 0.1, a recogniser caught in a loop over 0.8."""
MOST_STRANGE = 0.1
"""Share of characters that no writing uses much: replacement signs, private use, mojibake."""

LEAST_SMALL_WORDS = 0.03
"""Share of a language's twenty smallest words. Of 869 real English and German transcripts none has less than 0.22."""

LEAST_OF_TITLE = 0.25
"""Share of a title's longer words that are said. Of 139 real episodes one has less and none of its people named, a translation;
of the same episodes with the transcript of another, 38 in a hundred."""

ROOT = 5
"""Letters by which a word is known whatever its ending: Finnish and Russian write a name in a dozen ways."""

_COMMON = frozenset(
    ("with", "from", "what", "this", "that", "your", "about", "episode", "podcast", "part", "show", "interview", "talk")
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STRANGE = re.compile("[\ufffd\ue000-\uf8ff]|Ã.|â€.|[\\\\{}|~^]")


def judge(
    text: TimedText,
    *,
    duration: float | None = None,
    language: str | None = None,
    title: str = "",
    people: Sequence[str] = (),
) -> None:
    """Raise `TranscriptError` with the reason if this cannot be the transcript of an episode.

    `duration`: seconds of audio; `language`: the tag of the episode's language; `title` and `people`: what the feed says of the
    episode. None and empty where unknown, then not looked at.
    """
    words = [word.lower() for segment in text.segments for word in _WORD.findall(segment.text)]
    characters = " ".join(segment.text for segment in text.segments)
    total = count(characters)
    if total < FEWEST_WORDS:
        raise TranscriptError(f"has only {total} words")
    _is_language(words, characters)
    if duration:
        _fits(total, text, duration)
    spoken = detected(characters)
    if language and spoken and apart(spoken, language):
        raise TranscriptError(f"is in another language ({spoken}) than the episode ({language})")
    small = share_of_small_words(words, language or "") if total > 200 else None
    if small is not None and small < LEAST_SMALL_WORDS:
        raise TranscriptError(
            f"is no language that we know, or gibberish: next to none of its words are small ones ({language})"
        )
    if not unspaced(characters):
        said = {*words, *_long(" ".join({one.speaker or "" for one in text.segments}))}
        _is_about(title, people, said, None if (spoken or language or "").startswith("en") else ROOT)


def _is_about(title: str, people: Sequence[str], said: Set[str], root: int | None) -> None:
    """Neither the people of the episode nor what its title speaks of may be wanting; by `root` letters, or by whole words."""
    wanted, known = _long(title) - _COMMON, _begun(said) if root else said
    named = [parts for person in people if (parts := {word[:root] for word in _long(person)})]
    if len(wanted) < 2 or not named or any(parts & known for parts in named):
        return
    if sum(word[:root] in known for word in wanted) <= LEAST_OF_TITLE * len(wanted):
        raise TranscriptError(
            "is another episode's: none of its people is named in it, and next to nothing of its title"
        )


def _begun(words: Set[str]) -> set[str]:
    """How words begin; four letters for a short name behind an ending: "Annan" is said of "Anna"."""
    return {word[:size] for word in words for size in (ROOT - 1, ROOT)}


def _long(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text) if len(word) > 3}


def _is_language(words: Sequence[str], characters: str) -> None:
    strange = sum(len(match) for match in _STRANGE.findall(characters))
    if strange > MOST_STRANGE * len(characters):
        raise TranscriptError("is garbled: too many signs that are no writing")
    if words and not unspaced(characters) and sum(map(len, words)) > 25 * len(words):
        raise TranscriptError("is garbled: its words are far too long")
    runs = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    total = sum(runs.values())
    if total > 100 and total - len(runs) > MOST_REPEATED * total:
        raise TranscriptError(f"repeats itself: {100 * (total - len(runs)) // total} % of it was said before")


def _fits(count: int, text: TimedText, duration: float) -> None:
    minutes = duration / 60
    if not SLOWEST <= count / minutes <= FASTEST:
        raise TranscriptError(f"has {count:,} words, which do not fit an episode of {minutes:.0f} minutes")
    times = [time for segment in text.segments for time in (segment.start, segment.end) if time is not None]
    last = max(times, default=duration)
    if last > duration * 1.2 + 300:
        raise TranscriptError(f"runs to minute {last / 60:.0f}, but the episode has {minutes:.0f} minutes")
    if len(times) > 20 and last < duration * 0.5 - 60:
        raise TranscriptError(f"ends in minute {last / 60:.0f} of {minutes:.0f}")
