"""Vectors out of the database without their way through text, which takes twenty times as long."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import BinaryField, Func

from takefive.relations.values import Vectors


class AsBytes(Func):
    """A half vector as the octets that pgvector sends: `AsBytes("vector")`; read them with `as_array`."""

    function = "halfvec_send"
    output_field = BinaryField()


def as_array(octets: Any) -> Vectors:
    """The vector: shape (d,), float32. Two octets say how wide it is, two are unused, then half floats follow."""
    return np.frombuffer(octets, dtype=">f2", offset=4).astype(np.float32)
