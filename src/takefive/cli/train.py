"""`takefive train`: train the local insight model from reference insights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from takefive.cli.output import complain, say
from takefive.common.errors import TakefiveError, UsageError


def run(
    gold: Annotated[Path, typer.Option(help="Folder with insights/*.json and transcripts/*.md.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The model file to write; its card goes beside it.")] = Path(
        "build/model/scorer.npz"
    ),
    hold_out: Annotated[
        list[str] | None, typer.Option(metavar="SHOW", help="Whole shows never trained on (may be repeated).")
    ] = None,
    curve: Annotated[bool, typer.Option(help="Also say how quality grows with the number of episodes.")] = True,
) -> None:
    """Train the local insight model, and say how good it is on episodes and whole shows it has not seen.

    Same data, same model: nothing is random. A tenth of each show's episodes is always held out too. Needs scikit-learn.

    \b
    Examples:
      takefive train --gold ../shared/data/gold
      takefive train --gold gold --out my-scorer.npz --hold-out gotime --hold-out jsparty
    """
    try:
        _train(gold, out, hold_out, curve)
    except TakefiveError as error:
        complain("train", error)
        raise typer.Exit(1) from None


def _train(folder: Path, out: Path, hold_out: list[str] | None, curve: bool) -> None:
    try:
        from takefive.insights.training import gold, run
    except ImportError as error:
        raise UsageError("training needs scikit-learn; install it with: pip install scikit-learn") from error
    out.parent.mkdir(parents=True, exist_ok=True)
    run.train(
        folder,
        out,
        whole_shows=hold_out or gold.WHOLE_SHOWS,
        curve=curve,
        say=lambda line: say.print(line, soft_wrap=True),
    )
