"""pyannote.audio behind the port of `voices`, when it is installed and one of its pipelines lies in a folder."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from takefive.common.errors import SpeechError
from takefive.transcripts.audio import RATE, Samples
from takefive.transcripts.voices import Turn

MISSING = "telling voices apart with these models needs pyannote.audio: pip install pyannote.audio"
PIPELINE = "config.yaml"
"""The file by which a folder is one of pyannote's pipelines; it names the models, which lie beside it."""


class Pyannote:
    """Speaker diarisation of whole episodes, on a graphics card where there is one; versions 3 and 4 of the library.

    Version 4 would tell its makers of each file; that is turned off.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / PIPELINE).is_file():
            raise SpeechError(f"{folder} lacks {PIPELINE}, the pipeline by which pyannote.audio tells voices apart")
        try:
            library, self._torch = import_module("pyannote.audio"), import_module("torch")
        except ImportError as error:
            raise SpeechError(MISSING) from error
        _send_nothing()
        self.name = f"pyannote {folder.name}"
        try:
            self._pipeline = library.Pipeline.from_pretrained(str(folder / PIPELINE))
            if self._torch.cuda.is_available():
                self._pipeline.to(self._torch.device("cuda"))
        except Exception as error:  # torch's, the hub's and the library's errors have no common root but this
            raise SpeechError(f"cannot load the models in {folder}: {error}") from error

    def turns(self, samples: Samples) -> list[Turn]:
        """Who speaks when, one at a time where the library tells that; raises `SpeechError`."""
        sound = {"waveform": self._torch.from_numpy(samples)[None], "sample_rate": RATE}
        try:
            said = self._pipeline(sound)
        except Exception as error:
            raise SpeechError(f"telling voices apart failed: {error}", retry=True) from error
        return _numbered(getattr(said, "exclusive_speaker_diarization", said))  # version 3 gives the turns themselves


def _numbered(said: Any) -> list[Turn]:
    """The turns of a `pyannote.core.Annotation`, its voices numbered as they come."""
    numbers: dict[str, int] = {}
    return [
        Turn(float(turn.start), float(turn.end), numbers.setdefault(voice, len(numbers)))
        for turn, _, voice in said.itertracks(yield_label=True)
    ]


def _send_nothing() -> None:
    try:
        import_module("pyannote.audio.telemetry.metrics").set_telemetry_metrics(False)
    except (ImportError, AttributeError):
        return  # version 3 tells nothing
