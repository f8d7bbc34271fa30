"""How well and how fast speech is recognised, beside the plain faster-whisper call in the same run.

    python evals/speech.py [--asr DIR] [--model tiny.en] [--threads 1] [--cache DIR] [--only files|gaps|times]
        [--voice recorded|synthetic]

DIR holds audio files and `refs.jsonl` with what was said. Word error rates are by jiwer after Whisper's own English normaliser
(whisper-normalizer; its basic one for other languages), recorded and synthetic voices apart. The two take turns file by file, the
first changing each time; their speed is told in seconds of audio for each second of the clock and of the processor.

"With pauses" and "with music" is the recorded English with ten seconds of silence, or of chords and drums, after each file.

Times: recordings of one sentence each, put together with pauses between, so that it is known at which sample each sentence begins
and ends: its first and last 20 ms as loud as a tenth of its loudest, or `--loud`. Needs the extra `speech`, jiwer and
whisper-normalizer.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import jiwer
import numpy as np
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

from takefive.transcripts.audio import RATE, Samples, pieces
from takefive.transcripts.formats.json_words import grouped
from takefive.transcripts.sentences import sentences
from takefive.transcripts.speech import FasterWhisper
from takefive.transcripts.values import TimedText

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
GAP = 10
Hear = Callable[[Samples, str], str]


@dataclass
class Clip:
    """One file: its samples, what was said, and by what kind of voice."""

    name: str
    samples: Samples
    said: str
    language: str
    voice: str


@dataclass
class Cost:
    """What one of the two has used so far."""

    audio: float = 0.0
    wall: float = 0.0
    processor: float = 0.0
    wrong: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def hear(self, hear: Hear, samples: Samples, language: str) -> str:
        wall, processor = time.perf_counter(), time.process_time()
        text = hear(samples, language)
        self.wall, self.processor = (
            self.wall + time.perf_counter() - wall,
            self.processor + time.process_time() - processor,
        )
        self.audio += len(samples) / RATE
        return text

    def speed(self) -> str:
        return f"{self.audio / self.wall:.1f}x of the clock, {self.audio / self.processor:.1f}x of the processor"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--asr", type=Path, default=SHARED / "data" / "asr")
    options.add_argument("--model", default="tiny.en")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "takefive-models")
    options.add_argument("--voice", choices=("recorded", "synthetic"), help="files of this kind of voice alone")
    options.add_argument("--only", choices=("files", "gaps", "times"))
    options.add_argument("--who", choices=("takefive", "plain"), help="one of the two alone; for files")
    options.add_argument("--turns", type=int, default=2, help="how often each hears the audio with pauses or music")
    options.add_argument("--loud", type=float, default=0.1, help="of its loudest, where a recording begins and ends")
    chosen = options.parse_args()
    clips = [clip for clip in read(chosen.asr) if clip.language == "en" or not chosen.model.endswith(".en")]
    ours = FasterWhisper(chosen.model, cache=chosen.cache, threads=chosen.threads)
    both: dict[str, Hear] = {
        "takefive": lambda s, lang: " ".join(w.text for w in ours.hear(s, language=lang).words),
        "plain": plain_call(ours),
    }
    both = {name: hear for name, hear in both.items() if chosen.who in (None, name)}
    if chosen.only in (None, "files"):
        files([clip for clip in clips if chosen.voice in (None, clip.voice)], both, chosen.model)
    english = [clip.samples for clip in clips if clip.language == "en" and clip.voice == "recorded"]
    fillers = {"pauses": np.zeros(GAP * RATE, np.float32), "music": music(GAP)}
    for name, filler in fillers.items() if chosen.only in (None, "gaps") and len(both) == 2 else ():
        gaps(name, np.concatenate([part for clip in english for part in (clip, filler)]), both, chosen.turns)
    if chosen.only in (None, "times"):
        short = [clip for clip in clips if clip.language == "en" and len(clip.samples) < 12 * RATE]
        times(ours, short, chosen.loud)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def plain_call(ours: FasterWhisper) -> Hear:
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
        if file.exists():
            samples = np.concatenate([piece.samples for piece in pieces(file)])
            # The German reference has marks such as "f000001|" before its lines.
            said = " ".join(word.partition("|")[2] if "|" in word else word for word in row["ref"].split())
            clips.append(Clip(file.name, samples, said, row["lang"], "synthetic" if "tts" in file.name else "recorded"))
    return clips


def files(clips: list[Clip], both: dict[str, Hear], model: str) -> None:
    """One line of a table for each file, then the sums."""
    costs = {name: Cost() for name in both}
    print(
        f"| file, {model} | voice | seconds | words | "
        + " | ".join(both)
        + " |\n|---|---|---|---|"
        + "---|" * len(both)
    )
    for number, clip in enumerate(clips):
        told = {}
        for name in list(both)[:: 1 if number % 2 else -1]:
            heard = costs[name].hear(both[name], clip.samples, clip.language)
            normal = EnglishTextNormalizer() if clip.language == "en" else BasicTextNormalizer()
            found = jiwer.process_words(normal(clip.said), normal(heard))
            words = found.hits + found.substitutions + found.deletions
            errors = found.substitutions + found.deletions + found.insertions
            total = costs[name].wrong[f"{clip.voice} {clip.language}"]
            total[0], total[1] = total[0] + errors, total[1] + words
            told[name] = errors / words
        rates = " | ".join(f"{told[name]:.1%}" for name in both)
        length = f"{len(clip.samples) / RATE:.0f} | {words}"
        print(f"| {clip.name} | {clip.voice} {clip.language} | {length} | {rates} |", flush=True)
    for name, cost in costs.items():
        sums = ", ".join(f"{kind} {errors / words:.1%}" for kind, (errors, words) in cost.wrong.items())
        print(f"{name}, {model}: word error rate {sums}; {cost.speed()}", flush=True)


def gaps(name: str, samples: Samples, both: dict[str, Hear], turns: int) -> None:
    """How much faster one is than the other where nobody speaks for long; they take turns, for other work slows either."""
    costs = {who: Cost() for who in both}
    for turn in range(turns):
        for who in list(both)[:: 1 if turn % 2 else -1]:
            costs[who].hear(both[who], samples, "en")
    ratio = costs["plain"].processor / costs["takefive"].processor
    print(f"with {name}: " + "; ".join(f"{who} {cost.speed()}" for who, cost in costs.items()) + f"; ratio {ratio:.2f}")


def music(seconds: int) -> Samples:
    """Chords that change each second, with a drum twice a second: no voice."""
    clock = np.arange(seconds * RATE) / RATE
    roots = np.array([220.0, 174.6, 261.6, 196.0])[(clock.astype(int)) % 4]
    phases = 2 * np.pi * np.cumsum(roots) / RATE
    chord = sum(np.sin(phases * ratio) for ratio in (1, 1.25, 1.5, 2)) / 4
    drum = np.random.default_rng(0).standard_normal(len(clock)) * np.exp(-20 * (clock % 0.5))
    return (0.3 * chord + 0.2 * drum).astype(np.float32)


def times(ours: FasterWhisper, clips: list[Clip], loud: float) -> None:
    """How far the times of sentences are off."""
    audio, true = together(clips, loud)
    text = TimedText(segments=tuple(grouped(ours.hear(audio, language="en").words)))
    found = [(one, normal(one.text)) for one in sentences(text)]
    words = [word for _, each in found for word in each]
    said = [word for _, _, each in true for word in each]
    blocks = SequenceMatcher(None, said, words, autojunk=False).get_matching_blocks()
    place = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    firsts, lasts, at = {}, {}, 0
    for one, each in found:
        firsts[at], lasts[at + len(each) - 1] = one.start, one.end
        at += len(each)
    begin, stop, at = [], [], 0
    for start, end, each in true:
        here, there = firsts.get(place.get(at, -1)), lasts.get(place.get(at + len(each) - 1, -1))
        begin += [abs(here - start)] if here is not None else []
        stop += [abs(there - end)] if there is not None else []
        at += len(each)
    for name, off in {"starts": begin, "ends": stop}.items():
        median, late = np.percentile(off, [50, 90])
        print(
            f"sentence {name}: {len(off)} of {len(true)} found; off by {median:.2f} s in the median, {late:.2f} s at 90 %"
        )


def together(clips: list[Clip], share: float) -> tuple[Samples, list[tuple[float, float, list[str]]]]:
    """The clips four times in other orders, with pauses; and where each begins and ends, and its words."""
    dice, parts, true, at = np.random.default_rng(4), list[Samples](), [], 0
    for number in dice.permuted(np.tile(np.arange(len(clips)), (4, 1)), axis=1).reshape(-1):
        clip = clips[number]
        loud = np.abs(clip.samples[: len(clip.samples) // 320 * 320].reshape(-1, 320)).max(axis=1)
        voiced = np.flatnonzero(loud > share * loud.max())
        true.append(((at + voiced[0] * 320) / RATE, (at + (voiced[-1] + 1) * 320) / RATE, normal(clip.said)))
        pause = np.zeros(int(dice.uniform(0.3, 3) * RATE), np.float32)
        parts += [clip.samples, pause]
        at += len(clip.samples) + len(pause)
    return np.concatenate(parts), true


def normal(text: str) -> list[str]:
    return [
        plain for word in text.lower().replace("-", " ").split() if (plain := "".join(c for c in word if c.isalnum()))
    ]


if __name__ == "__main__":
    main()
