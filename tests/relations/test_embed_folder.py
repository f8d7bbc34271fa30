from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from takefive.common import minilm
from takefive.common.errors import ModelError
from takefive.relations.embed import default_embedder, named


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As `optimum-cli export onnx` writes it: here the package's own model."""
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").symlink_to(minilm._model_path())
    shutil.copy(minilm.TOKENIZER, tmp_path / "tokenizer.json")
    return tmp_path


def test_a_folder_gives_the_vectors_of_its_model(folder: Path) -> None:
    texts = ["The cat sat on the mat", "Rates fell"]
    embedder = named(str(folder))
    assert embedder.dimension == 384
    assert np.allclose(embedder.encode(texts), default_embedder().encode(texts), atol=1e-3)
    assert embedder.name.startswith(f"{folder.name}-")
    assert named(str(folder)) is embedder


def test_pooling_is_the_folder_s_own(folder: Path) -> None:
    pooling = folder / "1_Pooling" / "config.json"
    pooling.parent.mkdir()
    pooling.write_text(json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}))
    by_first = named(str(folder)).encode(["The cat sat"])
    assert np.linalg.norm(by_first) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(by_first, default_embedder().encode(["The cat sat"]), atol=0.05)
    pooling.write_text(json.dumps({"pooling_mode_lasttoken": True}))
    with pytest.raises(ModelError, match="lasttoken"):
        named(f"{folder}/")


def test_what_is_no_model_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no model\.onnx"):
        named(str(tmp_path))
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    shutil.copy(minilm.TOKENIZER, tmp_path / "tokenizer.json")
    with pytest.raises(ModelError, match="no usable model"):
        named(str(tmp_path))
