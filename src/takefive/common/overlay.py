"""Tuned layers laid over the pinned sentence model: only the bytes that training changed come with the package.

The file of the pinned model is known to the byte, so an overlay is a list of places in it and what stands there now:
int8 weights with their scales, biases and layer norms of the upper layers.
"""

from __future__ import annotations

import io

import numpy as np


def laid_over(model: bytes, overlay: bytes) -> bytes:
    """The model with the tuned bytes in their places. `overlay` is an .npz with `places`, `sizes` and `content`."""
    tuned = bytearray(model)
    with np.load(io.BytesIO(overlay), allow_pickle=False) as arrays:
        places, sizes, content = arrays["places"], arrays["sizes"], arrays["content"].tobytes()
    at = 0
    for place, size in zip(places.tolist(), sizes.tolist(), strict=True):
        tuned[place : place + size] = content[at : at + size]
        at += size
    return bytes(tuned)
