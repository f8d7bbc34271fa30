"""The port to speech recognition, and its first adapter: faster-whisper, when it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from takefive.common.errors import SpeechError
from takefive.transcripts.values import Segment, TimedText

MISSING = "speech recognition is not installed; it comes with the extra: pip install 'takefive[speech]'"


class Transcriber(Protocol):
    """Whatever turns audio into timed text."""

    def transcribe(self, audio: Path, *, language: str | None = None, hints: str = "") -> TimedText:
        """The spoken words of an audio file. `hints` are names that may be said. Raises `SpeechError`."""


class FasterWhisper:
    """Whisper on CTranslate2. `model` is a name ("base", "small.en") or a local folder; int8 on a CPU, float16 on a GPU."""

    def __init__(self, model: str = "base") -> None:
        if find_spec("faster_whisper") is None:
            raise SpeechError(MISSING)
        from faster_whisper import WhisperModel  # an extra, absent from most machines

        try:
            self._model = WhisperModel(model, device="auto", compute_type="default")
        except (OSError, RuntimeError, ValueError) as error:
            raise SpeechError(f"cannot load the speech model {model!r}: {error}") from error

    def transcribe(self, audio: Path, *, language: str | None = None, hints: str = "") -> TimedText:
        """Segments of an audio file, silence left out by voice activity detection."""
        try:
            found, info = self._model.transcribe(
                str(audio), language=language, vad_filter=True, word_timestamps=True, initial_prompt=hints or None
            )
            segments = tuple(
                Segment(text=" ".join(part.text.split()), start=round(part.start, 3), end=round(part.end, 3))
                for part in found
                if part.text.strip()
            )
        except (OSError, RuntimeError, ValueError, IndexError) as error:
            raise SpeechError(f"cannot read {audio.name} as audio: {error}") from error
        if not segments:
            raise SpeechError(f"no speech was found in {audio.name}")
        return TimedText(segments=segments, language=info.language)
