"""Speech recognition is an extra; what it hears is cut to phrases, and what it makes up in loops is taken out."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from takefive.common.errors import SpeechError
from takefive.transcripts.speech import FasterWhisper, joined, located, refuse_no_audio, without_loops
from takefive.transcripts.values import Segment


@pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="faster-whisper is installed here")
def test_without_the_extra_one_line_says_how_to_get_it() -> None:
    with pytest.raises(SpeechError, match=r"takefive\[speech\]"):
        FasterWhisper()


@pytest.mark.parametrize(
    "start", [b"#EXTM3U\nfile:///etc/passwd", b"ffconcat version 1.0", b"\xef\xbb\xbf <html>", b"[playlist]"]
)
def test_a_file_that_would_open_other_files_is_refused(start: bytes) -> None:
    with pytest.raises(SpeechError, match="not audio"):
        refuse_no_audio(start, "talk.mp3")


def test_real_audio_is_not_refused() -> None:
    refuse_no_audio(b"ID3\x04\x00", "talk.mp3")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(SpeechError, match="is empty"):
        refuse_no_audio(b"", "talk.mp3")


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


def test_a_phrase_in_a_loop_is_kept_twice() -> None:
    said = ["Hello.", *["Thank you."] * 9, "Bye."]

    kept = without_loops(tuple(Segment(text=text) for text in said))

    assert [one.text for one in kept] == ["Hello.", "Thank you.", "Thank you.", "Bye."]
