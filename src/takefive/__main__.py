"""The entry of the command `takefive`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from takefive import __version__
from takefive.cli.output import complain
from takefive.cli.registry import LazyGroup
from takefive.common.errors import TakefiveError

app = typer.Typer(
    cls=LazyGroup, add_completion=False, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"takefive {__version__}")
        raise typer.Exit


@app.callback()
def takefive(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Five insights from the world's new podcasts every morning, each with its proof."""


def main() -> None:
    """Run a command; what we foresaw going wrong is one line and exit code 1."""
    try:
        app()
    except TakefiveError as error:
        complain("takefive", error)
        sys.exit(1)


if __name__ == "__main__":
    main()
