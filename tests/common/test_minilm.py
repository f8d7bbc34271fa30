from pathlib import Path

import numpy as np
import pytest

from takefive.common import minilm
from takefive.common.errors import ModelError


def test_texts_that_say_the_same_lie_closer_than_texts_that_do_not() -> None:
    model = minilm.load(1)
    cat, rug, fees = model.encode(["The cat sat on the mat.", "A cat was sitting on a rug.", "Bitcoin fees rose."])
    assert cat @ rug > 0.5 > cat @ fees
    assert np.allclose(np.linalg.norm([cat, rug, fees], axis=1), 1, atol=1e-5)


def test_vectors_come_back_in_the_order_of_the_texts_whatever_their_length() -> None:
    model = minilm.load(1)
    texts = ["word " * 300, "Hello.", "A sentence of middling length that says little."]
    together = model.encode(texts, batch_size=2)
    alone = np.vstack([model.encode([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.98
    assert model.encode([]).shape == (0, 384)


def test_a_model_file_that_is_not_the_pinned_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "tokenizer.json"
    other.write_text("{}")
    monkeypatch.setattr(minilm, "TOKENIZER", other)
    with pytest.raises(ModelError, match="not the file we pinned"):
        minilm.load.__wrapped__(1)
