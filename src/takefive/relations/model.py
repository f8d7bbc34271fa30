"""The card of the shipped model: which overlay it is, and from which cosine on two texts make the same point."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from takefive.common.errors import ModelError

DATA = Path(__file__).parent / "data"
OVERLAY = DATA / "same_point_encoder.npz"
CARD = DATA / "same_point.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the code needs of the card; the file also tells data, licence and figures.

    `slope` and `offset` make the cosine of two vectors a probability: 1 / (1 + exp(-(slope * cosine + offset))).
    """

    sha256: str
    slope: float
    offset: float
    threshold: float


@cache
def card() -> Card:
    """The card that lies beside the overlay."""
    told = json.loads(CARD.read_text(encoding="utf-8"))
    return Card(sha256=told["sha256"], slope=told["slope"], offset=told["offset"], threshold=told["threshold"])


def overlay() -> bytes:
    """The tuned layers, their sha256 checked against the card. Raises ModelError."""
    data = OVERLAY.read_bytes()
    if hashlib.sha256(data).hexdigest() != card().sha256:
        raise ModelError(f"{OVERLAY.name} is not the file its card describes; install takefive again")
    return data
