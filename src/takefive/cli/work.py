"""`takefive work`."""

from __future__ import annotations

from typing import Annotated

import typer

from takefive.cli.boot import boot
from takefive.cli.output import say
from takefive.common.errors import UsageError
from takefive.pipeline import flow, queue


def run(
    queues: Annotated[str, typer.Option(help="Which queues, separated by commas; all by default.")] = "",
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Jobs at once in this process.")] = 2,
    once: Annotated[bool, typer.Option("--once", help="Stop when the queues are empty.")] = False,
) -> None:
    """Run a worker: every job of the queues, and the schedule. Start as many as you like, on any machine.

    Ctrl-C lets the jobs at work finish; kill -9 loses nothing, others take over after ten seconds.

    \b
    Examples:
      takefive work
      takefive work --once
      DATABASE_URL=postgresql://... takefive work --queues transcribe,extract --concurrency 4
    """
    boot()
    chosen = [name.strip() for name in queues.split(",") if name.strip()] or list(queue.QUEUES)
    if unknown := sorted(set(chosen) - set(queue.QUEUES)):
        raise UsageError(f"there is no queue {', '.join(unknown)}; the queues are {', '.join(queue.QUEUES)}.")
    flow.sweep()
    say.print(f"working on {', '.join(chosen)}; Ctrl-C stops" if not once else f"working on {', '.join(chosen)}")
    if once:
        queue.drain(queues=chosen, concurrency=concurrency)
    else:
        queue.work(queues=chosen, concurrency=concurrency)
