"""Make `insights/data/tagger.npz` from tagged transcripts: python evals/train_tagger.py TAGS.json

TAGS.json: [[source, [[word, coarse tag, Penn tag, followed by a space], ...]], ...], as spaCy's en_core_web_sm 3.8.0 (MIT)
gives for quotes of the reference insights (CC BY-SA 4.0 and MIT transcripts). Sources whose hash falls in one tenth are kept
out of training and printed as accuracy.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from takefive.insights.tagger import BUCKETS, TAGS, TOKEN, _decided, features

OUT = Path(__file__).resolve().parent.parent / "src" / "takefive" / "insights" / "data"
PENN = {
    "NN": "noun", "NNS": "noun", "NNP": "name", "NNPS": "name", "VBD": "finite", "VBP": "finite", "VBZ": "finite", "MD": "finite",
    "VB": "verb", "VBG": "ing", "VBN": "participle", "JJ": "adjective", "JJR": "adjective", "JJS": "adjective", "RB": "adverb",
    "RBR": "adverb", "RBS": "adverb", "DT": "determiner", "PDT": "determiner", "IN": "preposition", "TO": "to", "PRP": "pronoun",
    "PRP$": "possessive", "WDT": "wh", "WP": "wh", "WP$": "wh", "WRB": "wh", "CC": "conjunction", "CD": "number", "RP": "particle",
    "EX": "there",
}  # fmt: skip


def merged(tags: list[str]) -> str:
    """One tag for a word that spaCy split: "it" + "'s", "real" + "-" + "life"."""
    named = [PENN.get(tag, "possessive" if tag == "POS" else "other") for tag in tags]
    if len(named) == 1:
        return named[0]
    if named[0] == "finite":
        return "finite"
    if named[0] in ("pronoun", "determiner", "there", "wh") and "finite" in named[1:]:
        return "pronoun+finite"
    if "possessive" in named[1:]:
        return "possessive"
    return next((tag for tag in reversed(named) if tag not in ("other", "punctuation")), "other")


def rows(words: list[list]) -> tuple[list[str], list[str]]:
    text, spans = "", []
    for word, _, penn, space in words:
        spans.append((len(text), len(text) + len(word), penn))
        text += word + (" " if space else "")
    tokens, tags = [], []
    for match in TOKEN.finditer(text):
        inside = [penn for start, end, penn in spans if start < match.end() and end > match.start()]
        tokens.append(match[0])
        tags.append(merged(inside) if any(c.isalnum() for c in match[0]) else "punctuation")
    return tokens, tags


def held_out(source: str) -> bool:
    return int(hashlib.sha256(source.encode()).hexdigest(), 16) % 10 == 0


def matrix(texts: list[tuple[list[str], list[str]]]) -> tuple[csr_matrix, list[int]]:
    indices, ends, labels = [], [0], []
    for tokens, tags in texts:
        history = ["^", "^", *tags]
        for i, tag in enumerate(tags):
            if tag != "punctuation":
                indices += features(tokens, i, history[i + 1], history[i])
                ends.append(len(indices))
                labels.append(TAGS.index(tag))
    return csr_matrix((np.ones(len(indices), np.float32), indices, ends), shape=(len(labels), BUCKETS)), labels


def main() -> None:
    data = [(source, rows(words)) for source, words in json.loads(Path(sys.argv[1]).read_text())]
    inputs, labels = matrix([row for source, row in data if not held_out(source)])
    model = SGDClassifier(loss="hinge", alpha=2e-6, max_iter=12, tol=None, average=True, random_state=0).fit(
        inputs, labels
    )
    weights = np.zeros((BUCKETS, len(TAGS)), np.float32)
    weights[:, model.classes_] = model.coef_.T
    missing = [i for i in range(len(TAGS)) if i not in model.classes_]
    weights[features(["x"], 0, "^", "^")[0], missing] = -100
    scale = float(np.abs(weights[np.abs(weights) < 100]).max()) / 127
    packed = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    test = [row for source, row in data if held_out(source)]
    pairs = [
        (a, b) for tokens, tags in test for a, b in zip(_decided(tokens, packed * np.float32(scale)), tags, strict=True)
    ]
    accuracy = sum(a == b for a, b in pairs) / len(pairs)
    np.savez_compressed(OUT / "tagger.npz", weights=packed, scale=np.float32(scale))
    about = {
        "name": "takefive-tagger 1",
        "sha256": hashlib.sha256((OUT / "tagger.npz").read_bytes()).hexdigest(),
        "data": f"{len(data)} quotes of podcast transcripts (CC BY-SA 4.0, MIT), tagged by spaCy en_core_web_sm 3.8.0 (MIT)",
        "licence": "Apache-2.0",
        "figures": {"agreement_with_spacy_on_held_out_episodes": round(accuracy, 4), "words": len(pairs)},
    }
    (OUT / "tagger.json").write_text(json.dumps(about, indent=1) + "\n")
    print(json.dumps(about["figures"]), (OUT / "tagger.npz").stat().st_size)


if __name__ == "__main__":
    main()
