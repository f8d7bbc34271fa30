"""sherpa-onnx behind the port of `voices`, when it is installed and its two models lie in a folder."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from takefive.common.errors import SpeechError
from takefive.transcripts.audio import Samples
from takefive.transcripts.voices import Turn

MISSING = "telling voices apart needs sherpa-onnx: pip install sherpa-onnx"
MODELS = ("segmentation.onnx", "embedding.onnx")
"""Files that the folder must hold: pyannote's segmentation and a model of speakers' voices, as sherpa-onnx publishes them."""
_ALIKE = 0.5  # distance under which two stretches are one voice, as the library's example has it


class Sherpa:
    """Speaker diarisation of whole episodes; needs their samples in memory, 230 MB for an hour."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        if find_spec("sherpa_onnx") is None:
            raise SpeechError(MISSING)
        if missing := [name for name in MODELS if not (folder / name).is_file()]:
            raise SpeechError(f"{folder} lacks {' and '.join(missing)}, the models that tell voices apart")
        sherpa = import_module("sherpa_onnx")  # it has no types
        segmentation, embedding = (str(folder / name) for name in MODELS)
        pyannote = sherpa.OfflineSpeakerSegmentationPyannoteModelConfig(model=segmentation)
        config = sherpa.OfflineSpeakerDiarizationConfig(
            segmentation=sherpa.OfflineSpeakerSegmentationModelConfig(pyannote=pyannote, num_threads=threads),
            embedding=sherpa.SpeakerEmbeddingExtractorConfig(model=embedding, num_threads=threads),
            clustering=sherpa.FastClusteringConfig(num_clusters=-1, threshold=_ALIKE),
        )
        self.name = f"sherpa-onnx {folder.name}"
        try:
            self._engine = sherpa.OfflineSpeakerDiarization(config)
        except Exception as error:  # the library's errors have no common root but this
            raise SpeechError(f"cannot load the models in {folder}: {error}") from error

    def turns(self, samples: Samples) -> list[Turn]:
        """Who speaks when; raises `SpeechError`."""
        try:
            found = self._engine.process(samples).sort_by_start_time()
        except Exception as error:
            raise SpeechError(f"telling voices apart failed: {error}", retry=True) from error
        return [Turn(one.start, one.end, one.speaker) for one in found]
