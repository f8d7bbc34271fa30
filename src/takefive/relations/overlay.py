"""Tuned layers laid over the pinned sentence model: only the bytes that training changed come with the package.

The file of the pinned model is known to the byte, so an overlay is a list of places in it and what stands there now:
int8 weights with their scales, biases and layer norms of the upper layers. Made by `evals/tune.py`.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np

from takefive.common.errors import ModelError


def laid_over(model: bytes, overlay: Path, *, sha256: str) -> bytes:
    """The model with the tuned bytes in their places. Raises ModelError where the overlay is not the one pinned."""
    data = overlay.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"{overlay.name} is not the file its card describes; install takefive again")
    tuned = bytearray(model)
    with np.load(io.BytesIO(data)) as arrays:
        places, sizes, content = arrays["places"], arrays["sizes"], arrays["content"].tobytes()
    at = 0
    for place, size in zip(places.tolist(), sizes.tolist(), strict=True):
        tuned[place : place + size] = content[at : at + size]
        at += size
    return bytes(tuned)
