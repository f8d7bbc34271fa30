"""`takefive extract`: insights of transcript files, each with its quote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from takefive.cli.output import each_file, finish, print_json
from takefive.insights import local
from takefive.insights.as_written import as_written
from takefive.transcripts import read
from takefive.transcripts.clean import decoded


def run(
    files: Annotated[
        list[Path], typer.Argument(metavar="TRANSCRIPT...", help="VTT, SRT, JSON, HTML, markdown or text.")
    ],
    top: Annotated[int, typer.Option(min=1, max=100, help="Insights per episode at most, best first.")] = 12,
) -> None:
    """Take the insights out of transcripts: headline, text, topics, and the verbatim quote with speaker and seconds.

    \b
    Examples:
      takefive extract episode.vtt --top 5
      takefive extract transcripts/*.md > insights.json
    """
    results, failed = each_file(files, lambda path: _of_file(path, top))
    print_json(results)
    finish(failed)


def _of_file(path: Path, top: int) -> dict[str, Any]:
    data = path.read_bytes()
    source = decoded(data)
    found = local.extract(read(data, name=path.name), top=top, source=source)
    return {"source": str(path), "insights": [replace(one, quote=as_written(one.quote, source)) for one in found]}
