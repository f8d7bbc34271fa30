"""Telling voices apart is optional; what it lacks is said in one line."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from takefive.common.errors import SpeechError
from takefive.transcripts.sherpa import MODELS, Sherpa

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
