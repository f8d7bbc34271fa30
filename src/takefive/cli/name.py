"""`takefive name`."""

from __future__ import annotations

from typing import Annotated

import typer

from takefive.cli.boot import boot
from takefive.cli.output import print_json, progress, say
from takefive.store import entities
from takefive.store.models import Entity


def run(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Make all topics and people anew from the insights: after an update that tells names better. Operators' merges stay.

    The pages go on meanwhile; done twice, it changes nothing.

    \b
    Examples:
      takefive name
      takefive name --json
    """
    boot()
    with progress() as bar:
        task = bar.add_task("insights", total=None)
        many = entities.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
    counts = {
        "insights": many,
        "topics": Entity.objects.topics().count(),
        "people": Entity.objects.people().count(),
    }
    if json:
        print_json(counts)
    else:
        say.print(f"{counts['topics']:,} topics and {counts['people']:,} people in {many:,} insights.")
