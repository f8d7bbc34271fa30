"""`takefive profile`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.profile import MAX_DOCUMENT, ProfileDocument, dumps, loads
from takefive.cli.boot import boot
from takefive.cli.output import print_json, say
from takefive.cli.readers import the_reader
from takefive.common.errors import UsageError
from takefive.delivery.text import render
from takefive.pipeline import tastes
from takefive.pipeline.contents import preview
from takefive.pipeline.steps.brief import last_week


class Action(StrEnum):
    """What to do with the profile."""

    SHOW = "show"
    EXPORT = "export"
    IMPORT = "import"


def run(
    action: Annotated[Action, typer.Argument(help="Show it with titles, export it, or import an edited one.")],
    file: Annotated[Path | None, typer.Argument(help="Where to; without it, or for -, the terminal.")] = None,
    to: Annotated[
        str, typer.Option("--to", "--reader", metavar="ADDRESS", help="Whose. The only reader's by default.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Import: only show last week's five by that profile.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """A reader's profile as a plain document: interests, shows, topics, people, languages, surprises.

    \b
    Examples:
      takefive profile export mine.toml
      takefive profile import mine.toml --dry-run
      takefive profile show --reader me@example.org
    """
    boot()
    reader = the_reader(to)
    if action is Action.IMPORT:
        _import(reader, _read(file), dry_run=dry_run, json=json)
        return
    document = document_of(reader)
    if action is Action.SHOW:
        document = tastes.with_titles(document)
    if json:
        print_json(document)
    else:
        _write(file, dumps(document))


def _import(reader: Reader, text: str, *, dry_run: bool, json: bool) -> None:
    document = tastes.with_addresses(loads(text))
    strange = tastes.unknown(document)
    if strange:
        say.print(f"not read here yet: {', '.join(strange)}; add them with takefive add.", markup=False, soft_wrap=True)
    if not dry_run:
        change(reader.pk, lambda _: document)
    if json:
        print_json(document)
    elif dry_run:
        _print_last_week(reader, document)
    else:
        say.print(f"kept for {reader.email}.", markup=False)


def _print_last_week(reader: Reader, document: ProfileDocument) -> None:
    composed = last_week(reader, document, now=timezone.now())
    typer.echo(render(preview(reader, composed)) if composed.choices else "Nothing would have been worth your time.")


def _read(file: Path | None) -> str:
    if file is None or str(file) == "-":
        return sys.stdin.read(MAX_DOCUMENT + 1)
    try:
        return file.read_text(errors="replace")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def _write(file: Path | None, text: str) -> None:
    if file is None or str(file) == "-":
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
