"""The engine: Procrastinate on the same PostgreSQL."""

from __future__ import annotations

from procrastinate import App


def on_app_ready(app: App) -> None:
    """Procrastinate calls this when Django is ready."""
