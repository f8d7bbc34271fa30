"""A brief on the terminal: its text, where it went, and what failed on the way."""

from __future__ import annotations

import typer
from django.conf import settings

from takefive.cli.output import say
from takefive.delivery.text import render
from takefive.pipeline.contents import content
from takefive.pipeline.progress import complaints
from takefive.store.models import Brief, Delivery


def show(brief: Brief) -> None:
    """Print the brief on standard output; how it was delivered, and complaints, on standard error."""
    if brief.items.exists():
        typer.echo(render(content(brief)))
    else:
        typer.echo("Nothing worth your time today.")
    for delivery in brief.deliveries.all():
        say.print(_fate(delivery), markup=False, soft_wrap=True)
    for line in complaints():
        say.print(line, style="red", markup=False, soft_wrap=True)


def _fate(delivery: Delivery) -> str:
    if delivery.status != Delivery.Status.SENT:
        return f"mail: {delivery.get_status_display()}. {delivery.error}"
    to = delivery.brief.reader.email
    when = f"{delivery.sent_at:%Y-%m-%d %H:%M} UTC"
    return f"mailed to {to}, {when}" if settings.SMTP_URL else f"mail for {to} in {settings.OUTBOX}, {when}"
