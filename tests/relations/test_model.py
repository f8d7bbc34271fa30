from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from takefive.common.errors import ModelError
from takefive.relations import model
from takefive.relations.embed import default_embedder, same_point_embedder


def test_the_shipped_overlay_is_the_one_its_card_describes() -> None:
    assert model.overlay()


def test_a_changed_overlay_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "same_point_encoder.npz"
    changed.write_bytes(model.overlay() + b" ")
    monkeypatch.setattr(model, "OVERLAY", changed)
    with pytest.raises(ModelError, match="install takefive again"):
        model.overlay()


def test_tuning_changed_the_vectors_but_not_their_sense() -> None:
    texts = ["Open source needs steady money", "A cat sat on a mat"]
    tuned, base = same_point_embedder().encode(texts), default_embedder().encode(texts)
    assert (np.einsum("nd,nd->n", tuned, base) < 0.999).all()
    assert tuned[0] @ tuned[1] < 0.3
