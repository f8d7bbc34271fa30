"""`takefive extract`: insights of transcript files, each with its quote."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from takefive.cli.output import each_file, finish, print_json, say
from takefive.insights.as_written import as_written
from takefive.insights.extraction import Extraction, locally
from takefive.transcripts import read
from takefive.transcripts.clean import decoded
from takefive.transcripts.values import TimedText

MANY, MOST = 4, 4
"""From so many transcripts on several processes read them, one for each core, so many at most: each loads the models."""


def run(
    files: Annotated[
        list[Path], typer.Argument(metavar="TRANSCRIPT...", help="VTT, SRT, JSON, HTML, markdown or text.")
    ],
    top: Annotated[int, typer.Option(min=1, max=100, help="Insights per episode at most, best first.")] = 12,
    llm: Annotated[
        bool,
        typer.Option("--llm", help="Let the language model of TAKEFIVE_LLM write them: sends the transcript there."),
    ] = False,
) -> None:
    """Take the insights out of transcripts: headline, text, topics, and the verbatim quote with speaker and seconds.

    Offline, by the models of this package, unless you say --llm; that needs a database, which counts what it costs.

    \b
    Examples:
      takefive extract episode.vtt --top 5
      takefive extract transcripts/*.md > insights.json
      TAKEFIVE_LLM=openai:gpt-5-mini takefive extract episode.vtt --llm
    """
    find = _by_language_model() if llm else locally
    several = not llm and len(files) >= MANY
    results, failed = each_file(files, partial(_of_file, top=top, find=find), processes=_processes() if several else 1)
    print_json(results)
    finish(failed)


def _processes() -> int:
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST)


def _of_file(path: Path, top: int, find: Callable[..., Extraction]) -> dict[str, Any]:
    data = path.read_bytes()
    source = decoded(data)
    found = find(read(data, name=path.name), top=top, source=source)
    if found.note:
        say.print(f"{path}: {found.note}", style="yellow", markup=False, soft_wrap=True)
    drafts = [row.insight for row in found.insights]
    return {"source": str(path), "insights": [replace(one, quote=as_written(one.quote, source)) for one in drafts]}


def _by_language_model() -> Callable[..., Extraction]:
    """The engine with the model of the settings. Raises UsageError: what is missing."""
    from takefive.cli.boot import boot, set_up  # only here: the command works on files alone

    set_up()
    from django.conf import settings

    from takefive.insights import language_model as engine
    from takefive.pipeline.steps.language_model import language_model

    boot()

    def find(text: TimedText, **options: Any) -> Extraction:
        with language_model() as model:  # for each file a new one: the cap of an episode is a file's
            return engine.extract(text, model=model, language=settings.LLM_LANGUAGE, **options)

    language_model()  # complain once, not for each file
    return find
