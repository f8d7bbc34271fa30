"""Tune the upper layers of the sentence model until they tell insights from the other strong passages of an episode.

    python evals/tune_insights.py --gold DIR --base MODEL.safetensors [--out FILE] [--epochs 2]

Needs torch, tokenizers and onnx beside the package, in an environment of its own; about half an hour on one core with bfloat16.
MODEL is all-MiniLM-L6-v2, as for evals/tune.py. Writes `insights/data/reader.npz` (an overlay and the head) and its card.

The shipped file was made by an earlier form of it (189 episodes, the first pass of then); `wholes`, `sums` and `offset` of its
card were chosen afterwards on the 56 episodes that it has not seen.

Method: for every episode not held out the strongest passages by first-pass models that have not seen it (five folds); the
loss is binary cross-entropy on whether a passage hits a reference insight, weighed by its strength, and a softmax over the
episode's passages (listwise, Cao et al. 2007). The first pass's two scores enter with learned weights, so that the encoder learns
what the first pass does not know. The lower three layers are frozen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  (as everyone writes it)
from overlay import write
from tokenizers import Tokenizer
from torch import nn
from tune import FROZEN, TOKENIZER, WIDTH, Encoder, base_weights, tensors

from takefive.insights import local, scorer
from takefive.insights.choose import apart
from takefive.insights.reader import MAX_TOKENS
from takefive.insights.training import gold, linear, wholes

RATE, HEAD_RATE, LISTWISE, FOLDS, SEED = 8e-5, 1e-3, 0.1, 5, 0


@dataclass
class List:
    """One episode: its strongest passages as the frozen half's output, their mask, both first-pass scores and strengths."""

    halves: torch.Tensor
    mask: torch.Tensor
    first: torch.Tensor
    strength: torch.Tensor


def passages_of(episode: gold.GoldEpisode, model: scorer.Scorer) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, first-pass scores (n, 2) and the strength of the reference that each hits (0: none)."""
    found = local.open_passages(episode.sentences, episode.source)
    strength = model.strengths(found, episode.sentences)
    rows = apart(found, strength.together, local.SPOTS)
    first = np.column_stack([strength.sums - strength.sums[rows].mean(), strength.wholes])[rows]
    return [found[row].text for row in rows], first, wholes.hits(episode, found)[rows].astype(np.float32)


class Ranker(nn.Module):
    """The encoder's upper half with a head on the mean and the first token."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.head, self.first = (
            encoder,
            nn.Linear(2 * WIDTH, 1),
            nn.Parameter(torch.tensor([0.3, 0.8, -1.1])),
        )
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        for layer in self.encoder.layers[FROZEN:]:
            x = layer(x, mask)
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        both = F.dropout(torch.cat([mean, x[:, 0]], 1).float(), 0.1, self.training)
        return self.head(both).squeeze(-1)


def halves(encoder: Encoder, tokenizer: Tokenizer, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Each text through the frozen half; short ones padded with zeros."""
    ids = [torch.tensor([tokenizer.encode(text).ids]) for text in texts]
    longest = max(one.shape[1] for one in ids)
    x, mask = torch.zeros(len(ids), longest, WIDTH, dtype=torch.bfloat16), torch.zeros(len(ids), longest)
    with torch.no_grad():
        for row, one in enumerate(ids):
            x[row, : one.shape[1]], mask[row, : one.shape[1]] = encoder.lower(one)[0].bfloat16(), 1
    return x, mask


def prepare(episodes: list[gold.GoldEpisode], encoder: Encoder) -> tuple[list[List], float]:
    """Every episode's list, its passages picked by a first pass that has not seen it; and the spread of the scores."""
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    examples = [wholes.example(episode) for episode in episodes]
    found = []
    for fold in range(FOLDS):
        model = wholes.fit([one for at, one in enumerate(examples) if at % FOLDS != fold])
        found += [passages_of(one.episode, model) for one in examples[fold::FOLDS]]
    spread = float(np.mean([scores[:, 0].std() for _, scores, _ in found]))
    encoder.eval()
    lists = [
        List(
            *halves(encoder, tokenizer, texts),
            torch.tensor(scores / [spread, 1]).float(),
            torch.tensor(hits),
        )
        for texts, scores, hits in found
    ]
    return lists, spread


def tune(model: Ranker, lists: list[List], epochs: int) -> None:
    """Train in place."""
    upper = [p for layer in model.encoder.layers[FROZEN:] for p in layer.parameters()]
    groups = [{"params": upper, "lr": RATE}, {"params": model.head.parameters(), "lr": HEAD_RATE}]
    groups.append({"params": [model.first], "lr": 1e-2, "weight_decay": 0})
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * len(lists)
    plan = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1, (s + 1) / (0.08 * steps)) * max(0.02, 1 - s / steps)
    )
    order, dice = list(range(len(lists))), random.Random(SEED)
    model.train()
    for epoch in range(epochs):
        dice.shuffle(order)
        for at, row in enumerate(order):
            value = loss(model, lists[row])
            optimiser.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(upper, 1.0)
            optimiser.step()
            plan.step()
            if at % 50 == 0:
                print(f"epoch {epoch} episode {at} loss {value.item():.3f} first {model.first.tolist()}", flush=True)


def loss(model: Ranker, one: List) -> torch.Tensor:
    """Pointwise and listwise, as the head of this file says."""
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(one.halves.float(), one.mask)
    logits = scores.float() + one.first @ model.first[:2] + model.first[2]
    weight = torch.where(one.strength > 0, one.strength / linear.MEAN_STRENGTH, torch.ones(()))
    hit = (one.strength > 0).float()
    value = (F.binary_cross_entropy_with_logits(logits, hit, reduction="none") * weight).mean()
    if hit.sum() > 0:
        value = value - LISTWISE * (one.strength / one.strength.sum() * F.log_softmax(logits, 0)).sum()
    return value


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gold", type=Path, required=True)
    options.add_argument("--base", type=Path, required=True)
    options.add_argument("--out", type=Path, default=scorer.FOLDER / "reader.npz")
    options.add_argument("--epochs", type=int, default=2)
    options.add_argument("--threads", type=int, default=1)
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(SEED)
    base = base_weights(chosen.base)
    encoder = Encoder(base)
    episodes = list(gold.read_gold(chosen.gold))
    held = gold.held_out([episode.name for episode in episodes])
    lists, spread = prepare([episode for episode in episodes if episode.name not in held], encoder)
    model = Ranker(encoder)
    tune(model, lists, chosen.epochs)
    save(model, base, chosen.out, spread, len(lists))


def save(model: Ranker, base: dict[str, torch.Tensor], out: Path, spread: float, episodes: int) -> None:
    """The overlay with the head in one file, and the card."""
    write(tensors(model.encoder), base, out)
    with np.load(out) as arrays:
        overlay = dict(arrays)
    np.savez_compressed(out, head=model.head.weight.detach().numpy().reshape(2, WIDTH), **overlay)
    card = {
        "name": "takefive-reader 1",
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "sums": round(model.first[0].item() / spread, 5),
        "wholes": round(model.first[1].item(), 4),
        "offset": round(model.first[2].item() + model.head.bias.item(), 4),
        "data": f"{episodes} episodes with reference insights (transcripts CC BY-SA 4.0 and MIT)",
        "base": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0",
        "licence": "Apache-2.0",
    }
    out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n")


if __name__ == "__main__":
    main()
