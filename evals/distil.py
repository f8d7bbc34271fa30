"""Make the static model of the package: one vector for each word piece, so that their mean lies where MiniLM puts the text.

    python evals/distil.py --data DIR [--cache FILE] [--out FILE]

DIR is the folder of public collections (docs/benchmarks/relations.md names them); from it come transcripts of shows that are in
no figure reported there, and no label of any kind. Minutes on one core, nearly all of it MiniLM reading; FILE keeps what it read.

Method: a static model distilled from a sentence encoder, as Model2Vec does (Tulkens & van Dongen 2024). Each word piece begins as
MiniLM's vector of that piece alone, weighed by how rare it is (Arora et al. 2017). Then, as in its "tokenlearn", the vectors are
fitted to passages: ridge regression around those beginnings, solved by conjugate gradients, all dimensions at once. What is kept
lies between the two (Wortsman et al. 2022), for the beginnings know words that no transcript here has. Teacher and student live in
the first 256 principal components of the teacher. At last each row becomes int8 with a scale of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from scipy.stats import spearmanr
from tokenizers import Tokenizer

from takefive.common import minilm
from takefive.common.errors import TakefiveError
from takefive.relations.static import MODEL
from takefive.transcripts import read
from takefive.transcripts.sentences import sentences

SETS = {
    "transcripts-talkpython": "*.vtt",
    "transcripts-bitcoin": "*/*.md",
    "syntax-srt-shownotes": "*.srt",
    "oxide-highlights": "*.transcript.txt",
    "transcripts-changelog": "*/*.md",
    "transcripts-datastories-words": "*.json",
}
PER_FILE, LONGEST, SEED = 45, 2, 0  # passages of a transcript; sentences of the longest passage
DIMENSIONS, RARITY, RIDGES, ROUNDS = 256, 1e-4, (0.1, 0.3, 1.0), 60
FITTED = 0.7  # how far from the beginnings to what was fitted
HELD_OUT = 10  # one passage of so many chooses the ridge


def passages(data: Path) -> list[str]:
    """Runs of one or two sentences, drawn from every transcript of the sets that is not one with reference insights."""
    reported = {file.stem.split("__")[-1] for file in (data / "gold" / "transcripts").glob("*.md")}
    draw, found = random.Random(SEED), []
    for folder, pattern in SETS.items():
        for file in sorted((data / folder).glob(pattern)):
            if file.stem not in reported and file.name not in ("README.md", "manifest.json"):
                found += list(_drawn(file, draw))
    return list(dict.fromkeys(found))


def _drawn(file: Path, draw: random.Random) -> Iterator[str]:
    try:
        said = sentences(read(file.read_bytes(), name=file.name))
    except TakefiveError as error:
        print(f"{file.name}: {error}")
        return
    for _ in range(min(PER_FILE, len(said))):
        start, length = draw.randrange(len(said)), draw.randint(1, LONGEST)
        text = " ".join(sentence.text for sentence in said[start : start + length])
        if 4 <= len(text.split()) <= 110:
            yield text


def taught(data: Path, cache: Path, pieces: list[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The passages, MiniLM's vectors of them, and of each word piece alone; read from `cache` where it is there."""
    if cache.exists():
        with np.load(cache) as kept:
            return kept["texts"].tolist(), kept["vectors"].astype(np.float32), kept["alone"].astype(np.float32)
    texts, teacher = passages(data), minilm.load(1)
    print(f"{len(texts)} passages", flush=True)
    vectors, alone = teacher.encode(texts), teacher.encode(pieces, 256)
    np.savez(cache, texts=np.array(texts), vectors=vectors.astype(np.float16), alone=alone.astype(np.float16))
    return texts, vectors, alone


def counted(tokenizer: Tokenizer, texts: list[str]) -> csr_matrix:
    """How often each piece stands in each text: shape (texts, pieces)."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
    columns = np.concatenate([np.asarray(row, dtype=np.int32) for row in rows])
    places = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    shape = (len(rows), tokenizer.get_vocab_size())
    return csr_matrix((np.ones(len(columns), dtype=np.float32), (places, columns)), shape=shape)


def weights(counts: csr_matrix, size: int) -> np.ndarray:
    """How much a piece counts: a / (a + p), p its share (Arora et al. 2017); its rank in BERT's vocabulary steadies p (Zipf)."""
    seen = np.asarray(counts.sum(axis=0)).ravel()
    zipf = 1 / (np.arange(size) + 10.0)
    zipf[:999] = 0  # marks and unused places
    share = 0.5 * seen / seen.sum() + 0.5 * zipf / zipf.sum()
    return (RARITY / (RARITY + share)).astype(np.float32)


def fitted(counts: csr_matrix, start: np.ndarray, teacher: np.ndarray, ridge: float) -> np.ndarray:
    """Vectors V near `start` with mean(V of a text) near its teacher: min |A V - T|^2 + ridge |V - start|^2."""
    lengths = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
    means = diags_array(1 / np.sqrt(lengths)) @ counts  # between sum and mean: long texts neither drown nor rule
    start = start * _scale(means @ start, teacher)
    change = np.zeros_like(start)
    left = means.T @ (teacher - means @ start)
    step, size = left.copy(), (left**2).sum(axis=0)
    for _ in range(ROUNDS):
        curved = means.T @ (means @ step) + ridge * step
        pace = size / np.maximum((step * curved).sum(axis=0), 1e-20)
        change += pace * step
        left -= pace * curved
        now = (left**2).sum(axis=0)
        step, size = left + (now / np.maximum(size, 1e-20)) * step, now
    return np.asarray(start + FITTED * change, dtype=np.float32)


def _scale(student: np.ndarray, teacher: np.ndarray) -> float:
    return float((student * teacher).sum() / (student**2).sum())


def vectors(counts: csr_matrix, table: np.ndarray) -> np.ndarray:
    found = counts @ table
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12))


def agreement(student: np.ndarray, teacher: np.ndarray) -> dict[str, float]:
    """How near the student's vectors lie to the teacher's, and how alike both put pairs (passages drawn at random)."""
    draw = np.random.RandomState(SEED)
    a, b = draw.randint(len(teacher), size=(2, 50_000))
    both = [np.einsum("nd,nd->n", v[a], v[b]) for v in (student, teacher)]
    return {
        "cosine_to_teacher": float(np.einsum("nd,nd->n", student, teacher).mean()),
        "pairs_spearman": float(spearmanr(*both).statistic),
    }


def quantised(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of int8 and what to multiply each by."""
    scales = np.maximum(np.abs(table).max(axis=1), 1e-6) / 127
    return np.round(table / scales[:, None]).astype(np.int8), scales.astype(np.float16)


def learned(counts: csr_matrix, alone: np.ndarray, teacher: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    """The table with the ridge that does best on passages left out, then fitted to all; and its figures on those."""
    axes = np.linalg.svd(teacher, full_matrices=False)[2][:DIMENSIONS].T
    target, start = normalised(teacher @ axes), alone @ axes * weights(counts, len(alone))[:, None]
    out = np.arange(len(teacher)) % HELD_OUT == 0
    tried = {}
    for ridge in RIDGES:
        table = fitted(counts[~out], start, target[~out], ridge)
        tried[ridge] = agreement(vectors(counts[out], table), target[out])
        print(ridge, tried[ridge], flush=True)
    best = max(RIDGES, key=lambda ridge: tried[ridge]["pairs_spearman"])
    return fitted(counts, start, target, best), tried[best] | {"ridge": best}


def normalised(some: np.ndarray) -> np.ndarray:
    return np.asarray(some / np.maximum(np.linalg.norm(some, axis=1, keepdims=True), 1e-12))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("taught.npz"))
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    tokenizer = minilm.word_pieces(minilm.TOKENIZER, 512)
    pieces = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    texts, teacher, alone = taught(options.data, options.cache, pieces)
    table, figures = learned(counted(tokenizer, texts), alone, teacher)
    rows, scales = quantised(table)
    np.savez_compressed(options.out, rows=rows, scales=scales)
    card = {
        "what": f"{len(pieces)} word pieces in {DIMENSIONS} dimensions, their sum near MiniLM's vector of the text",
        "teacher": f"{minilm.PACKAGE}, sha256 {minilm.MODEL_SHA256}",
        "data": f"{len(texts)} passages of transcripts: {', '.join(SETS)}",
        "licence": "Apache-2.0, as the teacher; of the transcripts only the teacher's vectors were used, no text is kept",
        "on_passages_left_out": {name: round(value, 4) for name, value in figures.items()},
        "sha256": hashlib.sha256(options.out.read_bytes()).hexdigest(),
        "made_by": "evals/distil.py",
    }
    options.out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
