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
    """Print the brief on standard output; how it was delivered, and complaints about the rest, on standard error."""
    show_text(brief)
    show_fates(brief)
    for line in complaints(besides=brief):
        say.print(line, style="red", markup=False, soft_wrap=True)


def as_json(brief: Brief) -> dict[str, object]:
    """The brief as JSON types: the day, whom it is for, how each delivery went, and the items as the mail has them."""
    message = content(brief)
    deliveries = [str(delivery) for delivery in brief.deliveries.all()]
    return {"day": brief.day, "to": message.to, "deliveries": deliveries, "items": message.items}


def show_text(brief: Brief) -> None:
    """Print the brief on standard output."""
    if brief.items.exists():
        typer.echo(render(content(brief)))
    else:
        typer.echo("Nothing worth your time today.")


def show_fates(brief: Brief) -> int:
    """Print one line for each mail of the brief on standard error; how many of them failed, for now or for good."""
    failed = 0
    for delivery in brief.deliveries.exclude(channel__in=Delivery.Channel.beside_the_mail()):
        troubled = delivery.status != Delivery.Status.SENT and bool(delivery.error)
        say.print(_fate(delivery), style="red" if troubled else None, markup=False, soft_wrap=True)
        failed += troubled
    return failed


def _fate(delivery: Delivery) -> str:
    if delivery.status != Delivery.Status.SENT:
        if delivery.channel != Delivery.Channel.OUTBOX and not Delivery.Channel.leaves():
            waits = "it waits for a process that knows the mail server (TAKEFIVE_SMTP_URL)."
            return f"mail: {delivery.get_status_display()}: {waits} {delivery.error}".rstrip()
        return f"mail: {delivery.get_status_display()}. {delivery.error}".rstrip()
    to = delivery.brief.reader.email
    when = f"{delivery.sent_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"mailed to {to}, {when}"
        if delivery.channel != Delivery.Channel.OUTBOX
        else f"mail for {to} in {settings.OUTBOX}, {when}"
    )
