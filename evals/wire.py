"""Write the nodes that the sentence model is wired with (`takefive.common.wiring`). Needs onnx.

    python evals/wire.py

BERT as in Devlin et al. 2018, of operators that onnxruntime has for the CPU. The tensors are the pinned file's, by name.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from takefive.common import minilm
from takefive.common.wiring import NODES

LAYERS, HEADS, EPSILON = 6, 12, 1e-12
OURS = "com.microsoft"


class Wires:
    """Nodes as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []

    def add(self, kind: str, inputs: list[str], output: str, domain: str = "", **more: object) -> str:
        """One node; its output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **more))
        return output

    def row(self, table: str, which: str, output: str) -> str:
        """Rows of an int8 table with a scale for each, as floats."""
        content = self.add("Gather", [f"{table}_q", which], f"{output}_q")
        content = self.add("Cast", [content], f"{output}_f", to=TensorProto.FLOAT)
        return self.add("Mul", [content, self.add("Gather", [f"{table}_scale", which], f"{output}_s")], output)

    def dense(self, x: str, weights: str, bias: str, output: str) -> str:
        """x times int8 weights, x made int8 on the way."""
        return self.add("DynamicQuantizeMatMul", [x, f"{weights}_q", f"{weights}_scale", "", bias], output, OURS)

    def norm(self, x: str, skip: str, name: str, output: str) -> str:
        """x and its bias and what skipped it, normalised. `name`: of the dense layer that x comes from."""
        parts = [f"{name.removesuffix('dense')}LayerNorm.{part}" for part in ("weight", "bias")]
        return self.add("SkipLayerNormalization", [x, skip, *parts, f"{name}.bias"], output, OURS, epsilon=EPSILON)


def main() -> None:
    stored = onnx.load_from_string(minilm.weights()).graph
    known = {tensor.name for tensor in stored.initializer}
    used = [node.input[1] for node in stored.node if node.op_type == "MatMul" and f"{node.input[1]}_q" in known]
    wires = Wires()
    x = embedded(wires)
    for number in range(LAYERS):
        x = layer(wires, x, number, used[6 * number : 6 * number + 6])
    graph = onnx.GraphProto(node=wires.nodes)
    for name, value in (("zero", 0), ("one", 1)):
        graph.initializer.append(helper.make_tensor(name, TensorProto.INT64, [1], [value]))
    model = onnx.ModelProto(graph=graph, opset_import=[helper.make_opsetid(OURS, 1)])
    Path(NODES).write_bytes(model.SerializeToString())


def embedded(wires: Wires) -> str:
    """Words, places and kinds of token, summed and normalised."""
    names = "inner.embeddings."
    wires.add("Shape", ["input_ids"], "size", start=1, end=2)
    wires.add("Slice", [f"{names}position_ids", "zero", "size", "one"], "places")
    words = wires.row(f"{names}word_embeddings.weight", "input_ids", "words")
    places = wires.row(f"{names}position_embeddings.weight", "places", "place")
    kinds = wires.add("Gather", [f"{names}token_type_embeddings.weight", "token_type_ids"], "kinds")
    both = wires.add("Add", [wires.add("Add", [words, places], "both"), kinds], "summed")
    wires.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    parts = [f"{names}LayerNorm.{part}" for part in ("weight", "bias")]
    return wires.add("LayerNormalization", [both, *parts], "embedded", epsilon=EPSILON)


def layer(wires: Wires, x: str, number: int, weights: list[str]) -> str:
    """One transformer layer. `weights`: query, key, value, output, wide and narrow."""
    name, last = f"inner.encoder.layer.{number}.", number == LAYERS - 1
    parts = ("query", "key", "value")
    heads = [
        wires.dense(x, matrix, f"{name}attention.self.{part}.bias", f"{part}{number}")
        for part, matrix in zip(parts, weights, strict=False)
    ]
    seen = wires.add("MultiHeadAttention", [*heads, "", "mask"], f"seen{number}", OURS, num_heads=HEADS)
    mixed = wires.dense(seen, weights[3], "", f"mixed{number}")
    x = wires.norm(mixed, x, f"{name}attention.output.dense", f"middle{number}")
    wide = wires.dense(x, weights[4], f"{name}intermediate.dense.bias", f"wide{number}")
    narrow = wires.dense(wires.add("Gelu", [wide], f"gelu{number}", OURS), weights[5], "", f"narrow{number}")
    return wires.norm(narrow, x, f"{name}output.dense", "last_hidden_state" if last else f"layer{number}")


if __name__ == "__main__":
    main()
