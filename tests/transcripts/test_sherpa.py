"""Telling voices apart is optional; what it lacks is said in one line."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from takefive.common.errors import SpeechError
from takefive.transcripts.sherpa import MODELS, Sherpa
from takefive.transcripts.voices import Turn

INSTALLED = importlib.util.find_spec("sherpa_onnx") is not None


@pytest.mark.skipif(INSTALLED, reason="sherpa-onnx is installed here")
def test_without_the_library_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="pip install sherpa-onnx"):
        Sherpa(tmp_path)


@pytest.mark.skipif(not INSTALLED, reason="sherpa-onnx is not installed here")
def test_a_folder_without_models_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"segmentation\.onnx and embedding\.onnx"):
        Sherpa(tmp_path)


@pytest.mark.skipif(not INSTALLED, reason="sherpa-onnx is not installed here")
def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    for name in MODELS:
        (tmp_path / name).write_bytes(b"no model")

    with pytest.raises(SpeechError, match="cannot load the models"):
        Sherpa(tmp_path)


class Engine:
    """The library's diariser: what it was made with, and two turns that are not in order."""

    def __init__(self, config: SimpleNamespace) -> None:
        self.config = config

    def process(self, samples: np.ndarray) -> Engine:
        self.samples = samples
        return self

    def sort_by_start_time(self) -> list[SimpleNamespace]:
        if not len(self.samples):
            raise RuntimeError("no samples")
        found = [SimpleNamespace(start=2.0, end=3.0, speaker=1), SimpleNamespace(start=0.0, end=2.0, speaker=0)]
        return sorted(found, key=lambda one: one.start)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The module as a fake, and a folder with files under the models' names."""
    module = ModuleType("sherpa_onnx")
    module.__spec__ = importlib.util.spec_from_loader("sherpa_onnx", None)
    for name in (
        "OfflineSpeakerSegmentationPyannoteModelConfig",
        "OfflineSpeakerSegmentationModelConfig",
        "SpeakerEmbeddingExtractorConfig",
        "FastClusteringConfig",
        "OfflineSpeakerDiarizationConfig",
    ):
        setattr(module, name, SimpleNamespace)
    module.OfflineSpeakerDiarization = Engine
    monkeypatch.setitem(sys.modules, "sherpa_onnx", module)
    for name in MODELS:
        (tmp_path / name).touch()
    return tmp_path


def test_turns_come_with_the_models_of_the_folder_and_as_many_voices_as_there_are(library: Path) -> None:
    ears = Sherpa(library)

    assert ears.turns(np.zeros(16_000, dtype=np.float32)) == [Turn(0.0, 2.0, 0), Turn(2.0, 3.0, 1)]
    assert ears._engine.config.segmentation.pyannote.model == str(library / "segmentation.onnx")
    assert ears._engine.config.embedding.model == str(library / "embedding.onnx")
    assert ears._engine.config.clustering.num_clusters == -1


def test_a_failure_of_the_models_may_pass_and_is_tried_again(library: Path) -> None:
    with pytest.raises(SpeechError, match="no samples") as raised:
        Sherpa(library).turns(np.zeros(0, dtype=np.float32))

    assert raised.value.retry
