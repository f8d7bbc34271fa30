"""Headlines are read out by espeak-ng where the machine has it, and never by anything in their words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from takefive.delivery import clips, voice

pytest.importorskip("av", reason="the extra speech is not installed here")
here = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed here")


@here
@pytest.mark.parametrize("language", ["en", "de-AT", "", "xx-nowhere"])
def test_a_line_becomes_a_clip_as_long_as_it_takes_to_say(language: str) -> None:
    clip = voice.speak("Salt costs next to nothing everywhere", language=language)

    assert clip is not None
    assert 1 < clips.seconds(clip) < 8


@here
def test_words_that_look_like_options_are_only_said(tmp_path: Path) -> None:
    assert voice.speak(f"-w {tmp_path / 'out.wav'} --path=/etc")

    assert not list(tmp_path.iterdir())


def test_without_a_voice_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert voice.speak("Salt costs next to nothing") is None
