"""A recognition that is killed at any moment goes on after its last finished piece, in another process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sounds import RATE, written
from takefive.transcripts.listen import listen

from .test_listen import OneWordASecond

pytest.importorskip("av", reason="the extra speech is not installed here")

HEARS = """
import sys, time
from pathlib import Path
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.listen import Heard, listen

class Slow:
    name = "fake 1"
    def hear(self, samples, *, language=None, hints=""):
        time.sleep(0.05)
        with open(sys.argv[3], "a") as log:
            log.write("heard\\n")
        return Heard(tuple(Word(f"word{n}.", float(n), n + 0.5, None) for n in range(len(samples) // 16000)), "de")

text = listen(Path(sys.argv[1]), Slow(), notes=Path(sys.argv[2]), each=10)
print(len(text.segments))
"""


@pytest.mark.slow
def test_kill_9_at_any_moment_costs_one_piece_at_most(tmp_path: Path) -> None:
    talk = written(tmp_path / "talk.wav", np.random.default_rng(1).uniform(-0.5, 0.5, 300 * RATE).astype(np.float32))
    whole = listen(talk, OneWordASecond(), each=10)
    notes, log = tmp_path / "notes", tmp_path / "log"
    command = [sys.executable, "-c", HEARS, str(talk), str(notes), str(log)]
    kills = 0
    for _ in range(40):
        run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        before = finished(notes)
        while run.poll() is None and finished(notes) < before + 3:
            time.sleep(0.01)
        if run.poll() is not None:
            break
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        kills += 1
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert kills >= 3
    assert int(done.stdout) == len(whole.segments)
    pieces = finished(notes)
    assert len(log.read_text().splitlines()) <= pieces + kills + 1


def finished(notes: Path) -> int:
    """Pieces that stand in the notes."""
    if not notes.exists():
        return 0
    return sum("words" in json.loads(line) for line in notes.read_text().splitlines(True) if line.endswith("\n"))
