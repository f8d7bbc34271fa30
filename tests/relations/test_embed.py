from __future__ import annotations

import numpy as np
import pytest

from takefive.relations import static
from takefive.relations.embed import default_embedder, named


def test_rows_have_length_one_and_the_stated_width() -> None:
    embedder = default_embedder()
    rows = embedder.encode(["a point well made", ""])
    assert rows.shape == (2, embedder.dimension)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_the_model_is_loaded_once_and_named() -> None:
    assert default_embedder() is default_embedder()
    assert default_embedder().name


def test_what_means_the_same_lies_closer_than_what_does_not() -> None:
    a, b, c = default_embedder().encode(["The cat sat on the mat", "A cat was sitting on a rug", "Interest rates fell"])
    assert a @ b > a @ c + 0.3


def test_the_two_models_of_the_package_have_names() -> None:
    assert named("minilm") is named("") is default_embedder()
    assert named("static") is static.load()
    assert named("static").steady
