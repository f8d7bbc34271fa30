"""`takefive transcript`: transcript files of any format to timed text."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from takefive.cli.output import each_file, finish, print_json
from takefive.transcripts import read
from takefive.transcripts.formats import WRITERS
from takefive.transcripts.values import TimedText


class Format(StrEnum):
    """What to print: one JSON document for programs, or one of the formats for people and players."""

    JSON = "json"
    VTT = "vtt"
    SRT = "srt"
    TEXT = "text"


def run(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Transcript files.", show_default=False)],
    format: Annotated[Format, typer.Option(help="What to print.")] = Format.JSON,
    language: Annotated[str | None, typer.Option(help="Language tag for files that name none, such as de.")] = None,
) -> None:
    """Read transcript files: WebVTT, SRT, JSON, HTML, plain text and markdown with names and times.

    \b
    Examples:
      takefive transcript episode.vtt
      takefive transcript talks/*.md --format srt
    """

    def work(path: Path) -> tuple[Path, TimedText]:
        return path, read(path.read_bytes(), name=path.name, language=language)

    found, failed = each_file(files, work)
    if format is Format.JSON:
        print_json([as_document(str(path), text) for path, text in found])
    else:
        sys.stdout.write("\n".join(WRITERS[format](text) for _, text in found))
    finish(failed)


def as_document(source: str, text: TimedText) -> dict[str, Any]:
    """One transcript in the JSON that other programs rely on."""
    keys = ("start", "end", "speaker", "text")
    segments = [{key: getattr(segment, key) for key in keys} for segment in text.segments]
    return {"source": source, "language": text.language, "segments": segments}
