import numpy as np
import pytest

from takefive.common import minilm
from takefive.common.wiring import rewired


def test_the_quick_model_says_nearly_what_the_exact_one_says() -> None:
    texts = ["Shipping slowly is a risk.", "Slow releases are dangerous.", "Bitcoin fees rose again " * 20, "Yes."]
    exact, quick = minilm.load(1).encode(texts), minilm.quick(1).encode(texts)
    assert (exact * quick).sum(axis=1).min() > 0.97
    assert np.abs(exact @ exact.T - quick @ quick.T).max() < 0.06


def test_a_text_has_the_same_quick_vector_whatever_it_comes_with() -> None:
    model = minilm.quick(1)
    texts = ["A point worth making.", "Another that is a good deal longer than the first one was.", "No."]
    together = model.encode(texts, batch_size=1)
    assert np.array_equal(together[0], model.encode(texts[:1], batch_size=1)[0])


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="not expected"):
        rewired(b"\x0d\x00\x00\x00\x00")
