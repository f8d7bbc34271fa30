"""`takefive reembed`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings

from takefive.cli.boot import boot
from takefive.cli.output import print_json, progress, say
from takefive.common.errors import UsageError
from takefive.pipeline import flow
from takefive.pipeline.steps import reembed, relate
from takefive.store.models import VectorIndex


def run(
    to: Annotated[str | None, typer.Option(help="Another source than TAKEFIVE_EMBEDDER; '' is the package.")] = None,
    later: Annotated[bool, typer.Option("--later", help="Leave the work to the workers.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Go back to the vectors that were in use before.")] = False,
    clean: Annotated[bool, typer.Option("--clean", help="Forget the vectors that are not in use.")] = False,
    links: Annotated[bool, typer.Option("--links", help="Only link all insights anew, by the vectors in use.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make all vectors anew by the embedder of the settings, while search and relations go on with the old ones.

    What is stopped, or killed, goes on where it was; any worker does that by itself. The old vectors stay, to go back to.

    \b
    Examples:
      TAKEFIVE_EMBEDDER=/models/bge-small takefive reembed --dry-run
      TAKEFIVE_EMBEDDER="https://host/v1 model" takefive reembed --later
      takefive reembed --back
    """
    if back + clean + links > 1 or (clean and later):
        raise UsageError("of --back, --clean and --links give one, and --clean without --later.")
    boot()
    source = settings.EMBEDDER if to is None else to
    if not dry_run:
        _do(source, back=back, clean=clean, links=links, later=later)
    elif not (back or clean or links):
        plan = reembed.plan(source)
        say.print(
            f"{plan.missing:,} of {plan.insights:,} insights would get vectors of {plan.new} ({plan.dimension} wide) "
            f"instead of {plan.old}.",
            markup=False,
        )
    rows = [
        {"model": one.model, "dimension": one.dimension, "state": one.state}
        for one in VectorIndex.objects.order_by("state")
    ]
    if json:
        print_json(rows)
    else:
        for row in rows:
            typer.echo("{state:9} {model} ({dimension})".format(**row))


def _do(source: str, *, back: bool, clean: bool, links: bool, later: bool) -> None:
    if clean:
        reembed.clean()
        return
    if links:
        relate.all_anew()
    else:
        reembed.back() if back else reembed.begin(source)
    if later:
        (flow.relink if links else flow.reembed).defer()
        say.print("The workers do it; `takefive doctor` says how far they are.")
        return
    if not links:
        _make()
    with say.status("linking the insights anew"):
        relate.catch_up()


def _make() -> None:
    with progress() as bar:
        task = bar.add_task("vectors", total=reembed.missing())
        done = reembed.run(lambda many: bar.advance(task, many))
    if not done:
        raise UsageError("another process makes these vectors already, or too many insights came meanwhile; try again.")
