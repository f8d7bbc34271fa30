"""`takefive transcript`: transcript files of any format to timed text."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
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

    one_at_most(files, format)

    def work(path: Path) -> list[tuple[Path, TimedText]]:
        return [
            (path, read(data, name=path.name, language=language)) for data in _documents(path.read_bytes(), path.suffix)
        ]

    per_file, failed = each_file(files, work)
    found = [one for several in per_file for one in several]
    if len(found) > 1 and format in (Format.VTT, Format.SRT):
        raise typer.BadParameter(f"one file of {format} holds one transcript, and {files[0]} holds {len(found)}")
    if format is Format.JSON:
        print_json([as_document(str(path), text) for path, text in found])
    else:
        sys.stdout.write("\n".join(WRITERS[format](text) for _, text in found))
    finish(failed)


def one_at_most(files: Sequence[Path], format: Format) -> None:
    """Raises BadParameter where two would stand in one caption file."""
    if len(files) > 1 and format in (Format.VTT, Format.SRT):
        raise typer.BadParameter(f"one file of {format} holds one transcript: give one file, or --format json")


def _documents(data: bytes, suffix: str) -> list[bytes]:
    """The transcripts in a file: each of the list that this command prints, else the file as it is."""
    if suffix.lower() != ".json":
        return [data]
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return [data]
    ours = isinstance(document, list) and all(isinstance(one, dict) and "segments" in one for one in document)
    return [json.dumps(one).encode() for one in document] if ours and document else [data]


def as_document(source: str, text: TimedText) -> dict[str, Any]:
    """One transcript in the JSON that other programs rely on."""
    keys = ("start", "end", "speaker", "text")
    segments = [{key: getattr(segment, key) for key in keys} for segment in text.segments]
    return {"source": source, "language": text.language, "segments": segments}
