"""The product of readers and candidates, wherever it is made. No GPU is needed: numpy stands at its door."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from briefs.examples import NOW, axis, insight
from takefive.briefs import product
from takefive.briefs.pool import Pool
from takefive.briefs.signals import Asking, nearness
from takefive.briefs.values import Profile

READERS, CANDIDATES = (np.random.default_rng(n).standard_normal((n, 8)).astype(np.float32) for n in (5, 9))


class Away:
    """An array that lives elsewhere: only `there` and `back` lead to it, and it knows nothing but a product."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows, self.T = rows, SimpleNamespace(rows=rows.T)

    def __matmul__(self, other: SimpleNamespace) -> Away:
        return Away(self.rows @ other.rows)


def test_it_is_the_same_elsewhere_and_the_candidates_go_there_once():
    went = []
    elsewhere = product.by_arrays(lambda rows: went.append(rows.shape) or Away(rows), lambda away: away.rows)
    for _ in range(3):
        assert np.array_equal(elsewhere(READERS, CANDIDATES), READERS @ CANDIDATES.T)
    assert went == [(9, 8), (5, 8), (5, 8), (5, 8)]
    assert np.array_equal(elsewhere(READERS, READERS), READERS @ READERS.T)


def test_many_readers_are_held_against_a_pool_by_whatever_product_is_given():
    pool = Pool.of([insight(n, axis(n)) for n in range(6)], NOW)
    readers = [Asking(Profile(interests=("a",)), axis(n)[None]) for n in range(4)]
    elsewhere = product.by_arrays(Away, lambda away: away.rows)
    for ours, theirs in zip(nearness(pool, readers), nearness(pool, readers, elsewhere), strict=True):
        assert np.array_equal(ours.interests, theirs.interests)


@pytest.mark.parametrize("devices", [0, 1])
def test_a_gpu_is_used_where_cupy_finds_one(devices: int, monkeypatch: pytest.MonkeyPatch):
    runtime = SimpleNamespace(getDeviceCount=lambda: devices)
    cupy = SimpleNamespace(cuda=SimpleNamespace(runtime=runtime), asarray=Away, asnumpy=lambda away: away.rows)
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    monkeypatch.setattr(product, "find_spec", lambda name: cupy if name == "cupy" else None)
    product.fastest.cache_clear()
    made = product.fastest()
    product.fastest.cache_clear()
    assert (made is product.on_cpu) == (devices == 0)
    assert np.array_equal(made(READERS, CANDIDATES), READERS @ CANDIDATES.T)


def test_without_one_it_is_numpys(monkeypatch: pytest.MonkeyPatch):
    def broken() -> int:
        raise RuntimeError("no driver")

    assert not product._any(broken)
    monkeypatch.setattr(product, "find_spec", lambda name: None)
    product.fastest.cache_clear()
    assert product.fastest() is product.on_cpu
    product.fastest.cache_clear()
