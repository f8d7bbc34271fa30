"""The table of commands, and the group that loads a command's module only when it is called.

Loading every command to print `--help` would import Django, numpy and a model runtime: seconds instead of a blink.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

MAIN_JOB = "The main job"
FILES = "On files, without a database"

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (MAIN_JOB, "Do the whole job once on the sample library."),
    "add": (MAIN_JOB, "Follow podcasts: addresses, words, or OPML files."),
    "remove": (MAIN_JOB, "Stop following podcasts."),
    "export": (MAIN_JOB, "Write the podcasts that are followed, as OPML."),
    "podping": (MAIN_JOB, "Hear which feeds their publishers changed."),
    "scan": (MAIN_JOB, "Look for new episodes now."),
    "work": (MAIN_JOB, "Run a worker: every job of the queues, and the schedule."),
    "name": (MAIN_JOB, "Make topics and people anew."),
    "brief": (MAIN_JOB, "Make, show or send today's brief."),
    "profile": (MAIN_JOB, "A reader's profile: show, export, import."),
    "serve": (MAIN_JOB, "Serve the pages, with worker and schedule in one process."),
    "receive": (MAIN_JOB, "Receive what readers answer to their briefs."),
    "map": (MAIN_JOB, "Draw the map of ideas anew."),
    "search": (MAIN_JOB, "Search the insights."),
    "reembed": (MAIN_JOB, "Make all vectors anew by another embedder."),
    "doctor": (MAIN_JOB, "Say what is missing and how to mend it."),
    "parse": (FILES, "Podcast feeds to JSON."),
    "transcript": (FILES, "Transcript files to timed text."),
    "transcribe": (FILES, "Audio to timed text, by speech recognition."),
    "extract": (FILES, "Insights of transcripts, each with its quote."),
    "similar": (FILES, "Related texts, or how surely two make the same point."),
    "train": (FILES, "Train the local insight model."),
}


class LazyGroup(TyperGroup):
    """Lists commands from the table; imports `takefive.cli.<name>` only to run it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the table, the main job first."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        """A light stand-in with the short help, enough for `--help` and suggestions."""
        if cmd_name not in COMMANDS:
            return None
        panel, text = COMMANDS[cmd_name]
        return TyperCommand(cmd_name, help=text, short_help=text, rich_help_panel=panel)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """The real command, its module imported now."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, stand_in and load(str(name)), rest


def load(name: str) -> Any:
    """Import the module of one command and make it a command. Those with tables get Django first, but no database yet."""
    if COMMANDS[name][0] == MAIN_JOB:
        import_module("takefive.cli.boot").set_up()
    module = import_module(f"takefive.cli.{name}")
    app = typer.Typer(add_completion=False, rich_markup_mode="rich")
    app.command(name)(module.run)
    return typer.main.get_command(app)
