"""Tune the upper layers of the sentence model until texts that make the same point lie close, and opposed ones do not.

    python evals/tune.py --data DIR --base MODEL.safetensors --out DIR [--fold N]

Needs torch, tokenizers and onnx, in an environment of its own (`pip install torch tokenizers onnx`; torch is for the tunings
here alone); takes ten minutes on one core. DIR as for evals/links.py. MODEL is
all-MiniLM-L6-v2 (sha256 in BASE_SHA256). With --fold N of four it learns from the topics of the other three and writes vectors.npz:
the tuned vectors of the topics left out, with which evals/links.py judges topics that nothing has seen. Without, it learns from
every topic and writes same_point_encoder.npz, the overlay for the package.

Method: a bi-encoder (Reimers & Gurevych 2019). A batch is arguments of three sides of topics and every key point of these topics;
the loss is binary cross-entropy on the labels and, at half the weight, on the pairs of opposite sides, as well as the squared
change of the cosines between unlike topics, so that what is not about points stays as it was. The lower layers are frozen.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  (as everyone writes it)
from overlay import write
from tokenizers import Tokenizer
from torch import nn

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FROZEN, LAYERS, WIDTH, HEADS = 3, 6, 384, 12
EPOCHS, SIDES, ARGUMENTS, RATE, FOLDS, SEED = 3, 3, 20, 5e-5, 4, 0
OPPOSED_WEIGHT = 0.5
TOKENIZER = Path(__file__).parent.parent / "src/takefive/common/data/minilm-tokenizer.json"
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "norm2": "output.LayerNorm",
}
Side = tuple[str, str]  # a topic and a stance on it


class Layer(nn.Module):
    """One transformer layer of MiniLM."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mixed = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        def heads(y: torch.Tensor) -> torch.Tensor:
            return y.view(*y.shape[:2], HEADS, -1).transpose(1, 2)

        q, k, v = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :].bool())
        x = self.norm1(x + self.drop(self.mixed(seen.transpose(1, 2).reshape(x.shape))))
        return self.norm2(x + self.drop(self.narrow(F.gelu(self.wide(x)))))


class Encoder(nn.Module):
    """The model in two halves: `lower` is computed once, `upper` is trained."""

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.weights = weights
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        for number, layer in enumerate(self.layers):
            for name, part in PARTS.items():
                for kind in ("weight", "bias"):
                    getattr(getattr(layer, name), kind).data.copy_(weights[f"encoder.layer.{number}.{part}.{kind}"])

    def lower(self, ids: torch.Tensor) -> torch.Tensor:
        w = {name.removeprefix("embeddings."): value for name, value in self.weights.items() if "embeddings." in name}
        x = w["word_embeddings.weight"][ids] + w["position_embeddings.weight"][: ids.shape[1]]
        x = x + w["token_type_embeddings.weight"][0]
        x = F.layer_norm(x, (WIDTH,), w["LayerNorm.weight"], w["LayerNorm.bias"], 1e-12)
        for layer in self.layers[:FROZEN]:
            x = layer(x, torch.ones(ids.shape))
        return x

    def upper(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        for layer in self.layers[FROZEN:]:
            x = layer(x, mask)
        return F.normalize((x * mask[..., None]).sum(1), dim=-1)


class Texts:
    """Texts by number, each with the output of the frozen half."""

    def __init__(self, texts: list[str], encoder: Encoder) -> None:
        tokenizer = Tokenizer.from_file(str(TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(128)
        encoder.eval()
        with torch.no_grad():
            ids = [torch.tensor([tokenizer.encode(text).ids]) for text in texts]
            self.halves = [encoder.lower(one)[0].half() for one in ids]
            self.before = self.vectors(encoder, list(range(len(texts))))

    def upper(self, encoder: Encoder, rows: list[int]) -> torch.Tensor:
        longest = max(len(self.halves[row]) for row in rows)
        x, mask = torch.zeros(len(rows), longest, WIDTH), torch.zeros(len(rows), longest)
        for at, row in enumerate(rows):
            half = self.halves[row]
            x[at, : len(half)], mask[at, : len(half)] = half.float(), 1
        return encoder.upper(x, mask)

    def vectors(self, encoder: Encoder, rows: list[int]) -> torch.Tensor:
        encoder.eval()
        with torch.no_grad():
            return torch.cat([self.upper(encoder, rows[at : at + 64]) for at in range(0, len(rows), 64)])


class Labels:
    """Who argues what, and which key points that makes: all by numbers of texts."""

    def __init__(self, folder: Path) -> None:
        rows = {kind: table(folder, kind) for kind in ("arguments", "key_points", "labels")}
        self.texts = sorted({row.get("argument") or row["key_point"] for row in rows["arguments"] + rows["key_points"]})
        place = {text: number for number, text in enumerate(self.texts)}
        arguments = {
            row["arg_id"]: (place[row["argument"]], (row["topic"], row["stance"])) for row in rows["arguments"]
        }
        points = {row["key_point_id"]: place[row["key_point"]] for row in rows["key_points"]}
        self.arguments: dict[Side, list[int]] = {}
        self.points: dict[Side, list[int]] = {}
        self.label: dict[tuple[Side, int, int], float] = {}
        for number, side in arguments.values():
            self.arguments.setdefault(side, []).append(number)
        for row in rows["key_points"]:
            self.points.setdefault((row["topic"], row["stance"]), []).append(points[row["key_point_id"]])
        for row in rows["labels"]:
            number, side = arguments[row["arg_id"]]
            self.label[side, number, points[row["key_point_id"]]] = float(row["label"])

    def fold(self, topic: str) -> int:
        """Which of the folds judges a topic."""
        topics = sorted({topic for topic, _ in self.arguments})
        np.random.RandomState(SEED).shuffle(topics)
        return topics.index(topic) % FOLDS


def table(folder: Path, kind: str) -> list[dict[str, str]]:
    rows = []
    for file in sorted(folder.glob(f"{kind}_*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows += csv.DictReader(stream)
    return rows


def base_weights(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file: a length, a JSON header, the bytes."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != BASE_SHA256:
        raise SystemExit(f"{path} is not the model that was pinned")
    (size,) = struct.unpack("<Q", data[:8])
    found = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            found[name] = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32).reshape(entry["shape"])
    return found


def draws(labels: Labels, sides: list[Side], draw: random.Random) -> list[list[tuple[Side, list[int]]]]:
    """One epoch of batches: each the arguments of a few sides, every argument once."""
    pieces = []
    for side in sides:
        rows = list(labels.arguments[side])
        draw.shuffle(rows)
        pieces += [(side, rows[at : at + ARGUMENTS]) for at in range(0, len(rows), ARGUMENTS)]
    draw.shuffle(pieces)
    return [pieces[at : at + SIDES] for at in range(0, len(pieces), SIDES)]


def targets(
    labels: Labels, batch: list[tuple[Side, list[int]]]
) -> tuple[list[int], list[int], torch.Tensor, torch.Tensor]:
    """The texts of a batch, which pairs count how much (0: not at all, -1: to stay as they were), and their labels."""
    arguments = [(side, row) for side, rows in batch for row in rows]
    topics = dict.fromkeys(side[0] for side, _ in batch)
    points = [(side, row) for side, rows in labels.points.items() if side[0] in topics for row in rows]
    weight, label = torch.zeros(len(arguments), len(points)), torch.zeros(len(arguments), len(points))
    for i, (side, argument) in enumerate(arguments):
        for j, (other, point) in enumerate(points):
            known = labels.label.get((side, argument, point)) if side == other else None
            if side[0] != other[0]:
                weight[i, j] = -1
            elif side != other:
                weight[i, j] = OPPOSED_WEIGHT
            elif known is not None:
                weight[i, j], label[i, j] = 1, known
    return [row for _, row in arguments], [row for _, row in points], weight, label


def tune(encoder: Encoder, texts: Texts, labels: Labels, sides: list[Side]) -> None:
    torch.manual_seed(SEED)
    draw = random.Random(SEED)
    batches = [batch for _ in range(EPOCHS) for batch in draws(labels, sides, draw)]
    trained = [p for layer in encoder.layers[FROZEN:] for p in layer.parameters()]
    line = nn.Parameter(torch.tensor([8.0, -4.0]))  # slope and offset from a cosine to a logit
    optimizer = torch.optim.AdamW(
        [{"params": trained, "lr": RATE}, {"params": [line], "lr": 3e-2, "weight_decay": 0.0}]
    )
    warm = len(batches) / 10
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min(1, (n + 1) / warm) * (1 - n / len(batches)))
    for number, batch in enumerate(batches):
        arguments, points, weight, label = targets(labels, batch)
        rows = sorted({*arguments, *points})
        place = {row: at for at, row in enumerate(rows)}
        encoder.train()
        vectors = texts.upper(encoder, rows)
        cosine = vectors[[place[a] for a in arguments]] @ vectors[[place[p] for p in points]].T
        before = texts.before[arguments] @ texts.before[points].T
        counted, kept = weight.clamp(min=0), (weight < 0).float()
        entropy = F.binary_cross_entropy_with_logits(cosine * line[0] + line[1], label, weight=counted, reduction="sum")
        moved = ((cosine - before) ** 2 * kept).sum() / kept.sum().clamp(min=1)
        optimizer.zero_grad()
        (entropy / counted.sum() + moved).backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        if number % 20 == 0:
            print(f"{number}/{len(batches)}  loss {entropy.item() / counted.sum().item():.3f}", flush=True)


def tensors(encoder: Encoder) -> dict[str, np.ndarray]:
    """What was trained, under the names of the base model."""
    return {
        f"encoder.layer.{number}.{part}.{kind}": getattr(getattr(encoder.layers[number], name), kind).detach().numpy()
        for number in range(FROZEN, LAYERS)
        for name, part in PARTS.items()
        for kind in ("weight", "bias")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int, choices=range(FOLDS))
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    base, labels = base_weights(options.base), Labels(options.data)
    encoder = Encoder(base)
    texts = Texts(labels.texts, encoder)
    held = {side for side in labels.arguments if labels.fold(side[0]) == options.fold}
    tune(encoder, texts, labels, [side for side in labels.arguments if side not in held])
    options.out.mkdir(parents=True, exist_ok=True)
    if options.fold is None:
        write(tensors(encoder), base, options.out / "same_point_encoder.npz")
        return
    rows = sorted({row for side in held for row in labels.arguments[side] + labels.points[side]})
    written = np.array([labels.texts[row] for row in rows])
    np.savez(options.out / f"vectors-{options.fold}.npz", texts=written, vectors=texts.vectors(encoder, rows).numpy())


if __name__ == "__main__":
    main()
