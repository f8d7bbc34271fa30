"""Points for the tests of relations: on a circle, so that a cosine is the cosine of an angle one can write down."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from takefive.relations.values import Point, Vectors


def at_angle(degrees: float, width: int = 384) -> Vectors:
    vector = np.zeros(width, dtype=np.float32)
    vector[0], vector[1] = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return vector


def a_point(id: int, degrees: float = 0.0, **changes: Any) -> Point:
    told: dict[str, Any] = {"text": f"insight number {id}", "episode": id, "podcast": id}
    return Point(id=id, vector=at_angle(degrees), **(told | changes))
