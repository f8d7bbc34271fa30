"""How well and how fast speech is recognised: word error rate of each file, beside the plain faster-whisper call in one run.

    python evals/speech.py [--asr DIR] [--model base] [--threads 2] [--cache DIR]

DIR holds audio files and `refs.jsonl` with what was said. Words are compared after Whisper's own English normaliser
(whisper-normalizer; the basic one for other languages) by jiwer; recorded and synthetic voices apart. Speed is seconds of
audio for each second of the clock; "with pauses" is the same audio with ten silent seconds after each file.
Needs the extra `speech`, and jiwer and whisper-normalizer.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

from takefive.transcripts.audio import RATE, Samples, pieces
from takefive.transcripts.speech import FasterWhisper

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
PAUSE = 10


@dataclass
class Clip:
    """One file: its samples, what was said, and by what kind of voice."""

    name: str
    samples: Samples
    said: str
    language: str
    voice: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--asr", type=Path, default=SHARED / "data" / "asr")
    options.add_argument("--model", default="base")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "takefive-models")
    chosen = options.parse_args()
    clips = [clip for clip in read(chosen.asr) if clip.language == "en" or not chosen.model.endswith(".en")]
    ours = FasterWhisper(chosen.model, cache=chosen.cache, threads=chosen.threads)
    plain = plain_call(ours)
    for name, hear in {
        "takefive": lambda s, lang: " ".join(w.text for w in ours.hear(s, language=lang).words),
        "plain call": plain,
    }.items():
        report(f"{name}, {chosen.model}", clips, hear)
    paused = np.concatenate(
        [np.concatenate([c.samples, np.zeros(PAUSE * RATE, np.float32)]) for c in clips if c.language == "en"]
    )
    music = paused + 0
    for name, hear in {"takefive": lambda s, lang: ours.hear(s, language=lang), "plain call": plain}.items():
        began = time.perf_counter()
        hear(music, "en")
        print(f"{name}, with pauses: {len(music) / RATE / (time.perf_counter() - began):.1f}x real time")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def plain_call(ours: FasterWhisper) -> Callable[[Samples, str], str]:
    """The library's call as its README shows it, on the same loaded model."""
    model = ours._pipeline.model

    def hear(samples: Samples, language: str) -> str:
        parts, _ = model.transcribe(samples, language=language, beam_size=5)
        return " ".join(part.text for part in parts)

    return hear


def read(folder: Path) -> list[Clip]:
    """Every file with a reference."""
    clips = []
    for line in (folder / "refs.jsonl").read_text().splitlines():
        row = json.loads(line)
        file = folder / row["file"]
        if not file.exists():
            continue
        samples = np.concatenate([piece.samples for piece in pieces(file)])
        said = (
            " ".join(part.partition("|")[2] or part for part in row["ref"].split("\n"))
            if "|" in row["ref"]
            else row["ref"]
        )
        voice = "synthetic" if file.name.startswith("tts-") else "recorded"
        clips.append(Clip(file.name, samples, said, row["lang"], voice))
    return clips


def report(name: str, clips: list[Clip], hear: Callable[[Samples, str], str]) -> None:
    """One line for each file, then the sums."""
    wrong: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    spent = length = 0.0
    for clip in clips:
        began = time.perf_counter()
        heard = hear(clip.samples, clip.language)
        spent, length = spent + time.perf_counter() - began, length + len(clip.samples) / RATE
        normal = EnglishTextNormalizer() if clip.language == "en" else BasicTextNormalizer()
        found = jiwer.process_words(normal(clip.said), normal(heard))
        words = found.hits + found.substitutions + found.deletions
        errors = found.substitutions + found.deletions + found.insertions
        print(f"  {clip.name:28} {clip.language} {errors:4} of {words:5} words  {errors / words:6.1%}")
        total = wrong[f"{clip.voice} {clip.language}"]
        total[0], total[1] = total[0] + errors, total[1] + words
    sums = ", ".join(f"{kind} {errors / words:.1%}" for kind, (errors, words) in wrong.items())
    print(f"{name}: word error rate {sums}; {length / spent:.1f}x real time", flush=True)


if __name__ == "__main__":
    main()
