"""The one heavy step of ranking many readers, the matrix product with the candidates: numpy's, or a GPU's where there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Product = Callable[[Floats, Floats], Floats]
"""(r, d) and (n, d), both float32: the products of all rows with all, (r, n), float32 in numpy's memory."""


def on_cpu(readers: Floats, candidates: Floats) -> Floats:
    """By the library that numpy was built with."""
    return np.asarray(readers @ candidates.T, dtype=np.float32)


@cache
def fastest() -> Product:
    """CUDA's by cupy or torch, where one of them is installed and finds a device; else numpy's. Neither is asked for by us."""
    if find_spec("cupy") is not None:
        cupy = import_module("cupy")
        if _any(cupy.cuda.runtime.getDeviceCount):
            return by_arrays(cupy.asarray, cupy.asnumpy)
    if find_spec("torch") is not None:
        torch = import_module("torch")
        if torch.cuda.is_available():
            return by_arrays(lambda rows: torch.from_numpy(rows).cuda(), lambda rows: rows.cpu().numpy())
    return on_cpu


def by_arrays(there: Callable[[Floats], Any], back: Callable[[Any], Floats]) -> Product:
    """The product by other arrays than numpy's: `there` and `back` carry them. The candidates stay there from call to call."""
    kept: list[tuple[Floats, Any]] = []

    def product(readers: Floats, candidates: Floats) -> Floats:
        if not kept or kept[0][0] is not candidates:
            kept[:] = [(candidates, there(np.ascontiguousarray(candidates)))]
        return np.asarray(back(there(np.ascontiguousarray(readers)) @ kept[0][1].T), dtype=np.float32)

    return product


def _any(count: Callable[[], int]) -> bool:
    try:
        return count() > 0
    except Exception:  # cupy's own error where there is no driver
        return False
