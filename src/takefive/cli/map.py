"""`takefive map`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.urls import reverse
from django.utils import timezone

from takefive.cli.boot import boot
from takefive.cli.output import print_json, progress, say
from takefive.pipeline.steps import chart
from takefive.web.environment import absolute, printable


def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Draw it, but go on showing the former map.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the regions as JSON.")] = False,
) -> None:
    """Draw the map of ideas anew. The worker does this every night, and when a fifth of the map is new.

    \b
    Examples:
      takefive map
      takefive map --dry-run --json
    """
    boot()
    with progress() as bar:
        task = bar.add_task("drawing", total=None)
        regions = chart.run(
            now=timezone.now(), told=lambda done, of: bar.update(task, completed=done, total=of), save=not dry_run
        )
    if json:
        print_json(regions)
        return
    if not regions:
        typer.echo(f"A map takes {chart.FEWEST} insights of public podcasts; there are fewer.")
        return
    for region in regions:
        if region.level < 2:
            typer.echo(f"{'  ' * region.level}{printable(region.name)}, {region.count}")
    where = "Not kept." if dry_run else absolute(reverse("map"))
    say.print(f"{sum(one.count for one in regions if one.level == 0)} insights. {where}", markup=False)
