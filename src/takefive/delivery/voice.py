"""A voice that reads headlines out: espeak-ng, where the machine has it. None is shipped."""

from __future__ import annotations

import io
import shutil
import subprocess

from takefive.common.errors import SpeechError
from takefive.delivery import clips

_LONGEST = 300  # characters; a headline has at most 120
_SECONDS = 20.0


def speak(words: str, *, language: str = "") -> bytes | None:
    """The words as a clip, in the form of all clips; None where no voice is installed or it cannot read them."""
    program = shutil.which("espeak-ng")
    if program is None or not words.strip():
        return None
    tongue = language.partition("-")[0].lower() or "en"
    for name in (tongue, "en"):
        # By standard input, so that no word can be taken for an option.
        asked = [program, "-v", name, "--stdin", "--stdout"]
        line = words[:_LONGEST].encode("utf-8", "replace")
        try:
            told = subprocess.run(asked, input=line, capture_output=True, timeout=_SECONDS, check=True)
            return clips.cut(io.BytesIO(told.stdout), 0.0, _SECONDS)
        except (OSError, subprocess.SubprocessError, SpeechError):
            continue  # a language that it does not have
    return None
