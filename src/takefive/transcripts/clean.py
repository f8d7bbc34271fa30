"""Bytes to characters, characters to the words that were spoken: without entities, control characters, sound marks."""

from __future__ import annotations

import html
import re
import unicodedata

from takefive.common.errors import TranscriptError
from takefive.feeds import charset

LARGEST = 50_000_000
"""Bytes. A three-hour episode with times for each word is about 10 MB of JSON."""

_MAGIC = {
    b"ID3": "MP3 audio", b"\xff\xfb": "MP3 audio", b"fLaC": "FLAC audio", b"OggS": "Ogg audio", b"RIFF": "WAV audio",
    b"%PDF": "a PDF", b"PK\x03\x04": "a zip or office file", b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
}  # fmt: skip

# What never prints: controls, soft hyphen, zero-width space, direction overrides, byte order mark, lone surrogates.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_NEVER_WRITTEN = frozenset(("Cc", "Cn", "Co", "Cs"))  # control, unassigned, private use, half a surrogate pair
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!@<>|~])")
_SOUNDS = r"""
    laugh\w* chuckl\w* giggl\w* applau\w* clap\w* cheer\w* music\w* jingle\w* theme song sing(?:s|ing) hum(?:s|ming)
    beatbox\w* alerts? sounds? soundboard noises? ring(?:s|ing|tone) siren beep\w* bleep\w* cough\w* sneez\w* sigh\w* gasp\w*
    exhal\w* inhal\w* breath\w* sniff\w* snort\w* groan\w* whisper\w* whistl\w* yawn\w* scream\w* shout\w* accent voice
    pause[sd]? silence inaudible unintelligible indistinct unclear cross-?talk overlapping foreign audio clip transition
    intro outro omitted musik applaus lachen lacht gelächter risas música aplausos rires? musique applaudissements risate
    musica applausi \?+
"""
_SOUND = "|".join(_SOUNDS.split())
_MARK = re.compile(
    rf"(?:(?<=\w)\s*(?=\[[^\[\]]*\][,.;:!?]))?"
    rf"\[(?=[^\[\]]{{1,60}}\])(?:[^\[\]]*?(?<![\w]))?(?:{_SOUND})(?![\w])[^\[\]]*\](?!\()",
    re.IGNORECASE,
)
_ONLY_SOUND = re.compile(rf"[\s♪♫#*~-]*(?:\([^()]*?\b(?:{_SOUND})\b[^()]*\)[\s♪♫]*)*", re.IGNORECASE)
LONGEST_MARK = 80
"""Characters; what stands in longer brackets is speech."""
_NOTES = re.compile("[♪♫♬♩]+")


def decoded(data: bytes) -> str:
    """The characters of a file, whatever its encoding says or hides.

    Raises `TranscriptError` for what is no text: too large, audio, pictures, archives.
    """
    if len(data) > LARGEST:
        raise TranscriptError(f"has {len(data):,} bytes; a transcript has at most {LARGEST:,}")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise TranscriptError(f"is {kind}, not a transcript")
    text = _characters(data)
    if _is_noise(text):
        raise TranscriptError("is not text but binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")


def _is_noise(text: str) -> bool:
    """Whether no alphabet has such characters: bytes of something else always hold some, real files next to none."""
    sample = text[:20_000]
    odd = sum(c == "\ufffd" or (unicodedata.category(c) in _NEVER_WRITTEN and not c.isspace()) for c in sample)
    return odd > 0.05 * len(sample)


def _characters(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    odd, even = data[1:200:2], data[0:200:2]
    if odd.count(0) > 0.7 * len(odd) > 1:
        return data.decode("utf-16-le", "replace")
    if even.count(0) > 0.7 * len(even) > 1:
        return data.decode("utf-16-be", "replace")
    page = data[:2000].decode("ascii", "ignore") if b"<meta" in data[:2000].lower() else None
    return charset.decoded(data, page, [])


def spoken(text: str, *, entities: bool = True) -> str:
    """The words of a piece of transcript, white space folded, without marks such as `[laughs]` or `♪`.

    Words are never changed: a quote from the result stands in the source once white space and bracketed marks are folded
    there too. Brackets with an editor's words ("it [the fork] failed") stay. `entities`: the format writes `&amp;` for "&".
    """
    if entities and "&" in text:
        text = html.unescape(text)
    text = _UNPRINTABLE.sub("", text)
    if "[" in text:
        text = _MARK.sub(lambda mark: " " if text[mark.end() : mark.end() + 1] not in set(",.;:!?") else "", text)
    if "(" in text and len(text) < LONGEST_MARK and _ONLY_SOUND.fullmatch(text):
        return ""
    if "♪" in text or "♫" in text:
        text = _NOTES.sub(" ", text)
    return " ".join(text.split())


def unescaped(text: str) -> str:
    r"""Markdown's backslashes taken away: `\[04:04\]` is `[04:04]`."""
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text
