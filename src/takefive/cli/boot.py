"""Bring up what the commands with a database need: the embedded server if none is given, Django, the newest tables."""

from __future__ import annotations

import os
from contextlib import closing

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from takefive.cli.output import say
from takefive.common.errors import UsageError
from takefive.store import embedded

MEND_DATABASE = "check DATABASE_URL, or unset it"
_MIGRATING = 5_2026  # an advisory lock, so that of two processes started at once one migrates and the other waits


def set_up() -> None:
    """Make the tables' modules importable. Connects to nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "takefive.settings")
    django.setup()


def boot() -> None:
    """Make the database answer and its tables new. Raises UsageError with what to do where it can't."""
    with say.status("getting the database ready"):
        alone = settings.EMBEDDED and embedded.start(settings.HOME)
        try:
            _migrate()
            if alone:
                _revive()
        except OperationalError as error:
            raise UsageError(f"the database {unanswered(error)}; {MEND_DATABASE}.") from error


def unanswered(error: Exception) -> str:
    """What the driver says in its first line; the others only guess at the cause."""
    return f"does not answer: {(str(error).strip() or type(error).__name__).splitlines()[0].rstrip(' .')}"


def _revive() -> None:
    """Nobody else is at work: what was begun belongs to a process that died, and need not wait to be found dead."""
    from takefive.pipeline.queue import revive  # has tables, so only now that Django is set up

    revive(after=0)


def _migrate() -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    if not _missing(connection):
        return
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            if _missing(connection):
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _missing(connection: object) -> bool:
    executor = MigrationExecutor(connection)  # type: ignore[arg-type]
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
