"""Speech recognition is an extra; models come by name, from packages whose weights are checked, or from a folder."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from takefive.common.errors import SpeechError
from takefive.transcripts.speech import FasterWhisper, joined, located


@pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="faster-whisper is installed here")
def test_without_the_extra_one_line_says_how_to_get_it() -> None:
    with pytest.raises(SpeechError, match=r"takefive\[speech\]"):
        FasterWhisper()


def test_pieces_without_a_space_belong_to_the_word_before() -> None:
    words = joined(
        [
            (" cold", 0.0, 0.4),
            ("-hearted", 0.4, 0.9),
            (" and", 1.0, 1.1),
            (" ", 1.1, 1.2),
            (" 5", 1.2, 1.3),
            ("%", 1.3, 1.4),
        ]
    )

    assert [(word.text, word.start, word.end) for word in words] == [
        ("cold-hearted", 0.0, 0.9),
        ("and", 1.0, 1.1),
        ("5%", 1.2, 1.4),
    ]


def test_a_folder_and_an_unknown_name_are_left_as_they_are(tmp_path: Path) -> None:
    assert located(str(tmp_path)) == str(tmp_path)
    assert located("large-v3") == "large-v3"
