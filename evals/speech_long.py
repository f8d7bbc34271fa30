"""How much memory a long episode takes: an audio file repeated to so many hours, decoded piece by piece, one piece recognised.

    python evals/speech_long.py [--file FILE.mp3] [--hours 3] [--model tiny.en] [--threads 1] [--cache DIR]

MP3 files may be joined end to end. All pieces are of one length, so the first tells what each takes. Needs the extra `speech`.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from takefive.transcripts.audio import length, pieces, unpacked
from takefive.transcripts.speech import FasterWhisper

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--file", type=Path, default=SHARED / "data" / "asr" / "tts-p04_e02.mp3")
    options.add_argument("--hours", type=float, default=3)
    options.add_argument("--model", default="tiny.en")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "takefive-models")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.mp3"
        times = round(chosen.hours * 3600 / (length(chosen.file) or 1))
        with long.open("wb") as out:
            for _ in range(times):
                out.write(chosen.file.read_bytes())
        tell("at the start")
        began, seconds, longest = time.process_time(), 0.0, 0
        for piece in pieces(long):
            seconds, longest = piece.end, max(longest, len(piece.samples))
        tell(
            f"{seconds / 3600:.2f} hours decoded in {time.process_time() - began:.0f} s, pieces up to {longest / 16_000:.0f} s"
        )
        with unpacked(long) as samples:
            tell(f"laid out to be looked at anywhere ({samples.nbytes / 1e6:.0f} MB of disk)")
        ears = FasterWhisper(chosen.model, cache=chosen.cache, threads=chosen.threads)
        tell(f"{chosen.model} loaded")
        ears.hear(next(pieces(long)).samples, language="en")
        tell("a piece recognised")


def tell(what: str) -> None:
    print(f"{what}: peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
