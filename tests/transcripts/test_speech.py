"""Speech recognition is an extra: without it one clear line says how to get it."""

from __future__ import annotations

import importlib.util

import pytest

from takefive.common.errors import SpeechError
from takefive.transcripts.speech import FasterWhisper


@pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="faster-whisper is installed here")
def test_without_the_extra_one_line_says_how_to_get_it() -> None:
    with pytest.raises(SpeechError, match=r"takefive\[speech\]"):
        FasterWhisper()
