"""`takefive brief`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from rich.table import Table

from takefive.accounts.models import Reader
from takefive.briefs.values import ComposedBrief
from takefive.cli.boot import boot
from takefive.cli.output import finish, print_json, say
from takefive.cli.readers import the_reader
from takefive.cli.show import as_json, show_fates, show_text
from takefive.common.errors import MailError, UsageError
from takefive.delivery.message import mailbox
from takefive.delivery.text import render
from takefive.pipeline.candidates import for_reader
from takefive.pipeline.contents import preview
from takefive.pipeline.steps import brief as briefs
from takefive.pipeline.tastes import pressed_down
from takefive.pipeline.today import brief_of_today, deliver_now
from takefive.store.models import Insight

Row = tuple[str, float, float, dict[str, float]]  # headline, score, propensity, parts


def run(
    to: Annotated[
        str,
        typer.Option(
            "--to", "--reader", metavar="ADDRESS", help="For which reader; made if new. The only reader by default."
        ),
    ] = "",
    interests: Annotated[str, typer.Option(help="Their interests from now on, in any words, separated by ;")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent; save and send nothing.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print the numbers that decided.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make today's brief for one reader and send it: at most five insights, once a day, none twice.

    Mail goes into the outbox folder until TAKEFIVE_SMTP_URL is set.

    \b
    Examples:
      takefive brief --to me@example.org --interests "how small teams ship; not crypto prices"
      takefive brief --to me@example.org --dry-run --explain
    """
    boot()
    reader = _reader(to, interests, save=not dry_run)
    if dry_run:
        _print_preview(reader, explain=explain, json=json)
        return
    brief = brief_of_today(reader)
    deliver_now(brief)
    if json:
        print_json(as_json(brief))
    else:
        show_text(brief)
        if explain:
            items = brief.items.select_related("insight")
            _print_numbers([(item.insight.headline, item.score, item.propensity, item.parts) for item in items])
            _print_pressed(reader)
    finish(show_fates(brief))


def _reader(address: str, interests: str, *, save: bool) -> Reader:
    """The reader with that address, or the only one there is. With `save=False` nothing is written."""
    if not address:
        reader = the_reader("")
    else:
        _check(address)
        reader = Reader.objects.filter(email=address.lower()).first() or Reader(email=address.lower())
    if reader.status == Reader.Status.STOPPED:
        raise UsageError(f"{reader.email} stopped their mail; only they can start it again.")
    reader.interests = interests or reader.interests
    reader.status = Reader.Status.ACTIVE
    if save and reader._state.adding:
        reader.save()
    elif save:  # only what was asked for, and not over a stop that came just now
        fields = {"status": reader.status} | ({"interests": interests} if interests else {})
        Reader.objects.filter(pk=reader.pk).exclude(status=Reader.Status.STOPPED).update(**fields)
    return reader


def _check(address: str) -> None:
    """UsageError unless mails can go there."""
    try:
        validate_email(address)
        mailbox(address)
    except (ValidationError, MailError) as error:
        raise UsageError(f"{address[:80]!r} is no mail address.") from error


def _print_preview(reader: Reader, *, explain: bool, json: bool) -> None:
    now = timezone.now()
    day = now.astimezone(reader.tzinfo).date()
    composed = briefs.choose(reader, day, for_reader(reader, day, now), now=now)
    if json:
        print_json(composed)
        return
    typer.echo(render(preview(reader, composed)) if composed.choices else "Nothing worth your time today.")
    if explain:
        _print_numbers(_rows(composed))
        _print_pressed(reader)


def _rows(composed: ComposedBrief) -> list[Row]:
    headlines = dict(Insight.objects.filter(pk__in=[c.id for c in composed.choices]).values_list("pk", "headline"))
    return [(headlines[choice.id], choice.score, choice.propensity, choice.parts) for choice in composed.choices]


def _print_numbers(rows: list[Row]) -> None:
    """A table: each insight with its score, how probable it was to be chosen, and the parts that sum to the score."""
    names = list(dict.fromkeys(name for *_, parts in rows for name in parts))
    table = Table("insight", "score", "chance", *names)
    for headline, score, propensity, parts in rows:
        numbers = (f"{parts.get(name, 0):.2f}" for name in names)
        table.add_row(headline, f"{score:.2f}", f"{propensity:.2f}", *numbers)
    say.print(table)


def _print_pressed(reader: Reader) -> None:
    """What the reader said "less" of, and what that does."""
    for one in pressed_down(reader) if reader.pk else []:
        effect = "as good as muted" if one.muted else "pressed down"
        say.print(f"less, {one.times} times beyond liking it: {one.about}: {effect}", markup=False, soft_wrap=True)
