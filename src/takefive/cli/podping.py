"""`takefive podping`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils import timezone

from takefive.cli.boot import boot
from takefive.cli.output import print_json
from takefive.pipeline import flow
from takefive.pipeline.steps import podping


def run(
    source: Annotated[typer.FileText, typer.Argument(metavar="FILE", help="Lines of JSON; - for standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hear podpings: publishers say which feeds have changed, and those that are followed are polled at once.

    One ping a line, as JSON: the ping itself, or Hive's custom_json operation around it. From standard input every line
    counts as it comes, so a relay can be piped in and left to run.

    \b
    Examples:
      takefive podping pings.jsonl
      relay --json | takefive podping -
    """
    boot()
    stream = source.name == "<stdin>"
    heard = podping.run(source, now=timezone.now, then=flow.scan.defer, batch=1 if stream else podping.BATCH)
    if json:
        print_json(heard)
    else:
        flood = f", {heard.passed_over} passed over: too many in a minute" if heard.passed_over else ""
        typer.echo(f"{heard.pings} pings heard, {heard.due} podcasts are due now{flood}.")
