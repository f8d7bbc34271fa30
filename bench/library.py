"""The sample library as measuring needs it."""

from __future__ import annotations

from pathlib import Path

from takefive.pipeline.samples import folder
from takefive.transcripts.reading import read
from takefive.transcripts.values import TimedText


def transcripts() -> dict[Path, TimedText]:
    """Every sample transcript, read."""
    return {path: read(path.read_bytes(), name=path.name) for path in sorted((folder() / "transcripts").iterdir())}


def texts(count: int, words: int = 45) -> list[str]:
    """So many texts as long as an insight: consecutive words of the sample transcripts."""
    spoken = [word for text in transcripts().values() for segment in text.segments for word in segment.text.split()]
    made = [" ".join(spoken[at : at + words]) for at in range(0, len(spoken) - words, words)]
    return made[:count]
