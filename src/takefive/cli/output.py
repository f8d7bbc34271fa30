"""How every command speaks: JSON on standard output, everything for people on standard error."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from takefive.common.errors import TakefiveError

say = Console(stderr=True, highlight=False)


def progress() -> Progress:
    """A progress bar on standard error; silent where that is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=say, transient=True, disable=not say.is_terminal)


def print_json(document: Any) -> None:
    """Write one JSON document to standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, default=_plain, allow_nan=False)
    sys.stdout.write("\n")


def complain(source: str, error: BaseException) -> None:
    """One clear line on standard error for one thing that failed."""
    text = " ".join(_words(error).split()) or type(error).__name__
    say.print(f"{source}: {text}", style="red", markup=False, soft_wrap=True)


def _words(error: BaseException) -> str:
    """The system's errors without their number and the file, which the line names already."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


def each_file(files: Iterable[Path], work: Callable[[Path], Any], *, processes: int = 1) -> tuple[list[Any], int]:
    """Do `work` on every file; a file that fails costs one line and the rest goes on. Gives results and how many failed.

    With more `processes` than one, which `work` must be picklable for, several files at a time, the results in the files' order.
    """
    results, failed = [], 0
    paths = list(files)
    with progress() as bar, ExitStack() as stack:
        done: list[Callable[[], Any]] = [partial(work, path) for path in paths]
        if processes > 1:
            pool = stack.enter_context(ProcessPoolExecutor(processes, get_context("spawn")))
            done = [pool.submit(work, path).result for path in paths]
        for path, result in bar.track(list(zip(paths, done, strict=True)), description="reading"):
            try:
                results.append(result())
            except (TakefiveError, OSError) as error:
                complain(str(path), error)
                failed += 1
    return results, failed


def finish(failed: int) -> None:
    """Leave with exit code 1 where something failed."""
    if failed:
        raise typer.Exit(1)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
