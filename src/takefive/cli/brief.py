"""`takefive brief`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import numpy as np
import typer
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from rich.markup import escape
from rich.table import Table

from takefive.accounts.models import Reader
from takefive.briefs.pool import Pool
from takefive.briefs.values import Choice, ComposedBrief
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
from takefive.store.models import BriefItem, Insight

Row = tuple[str, float, float, dict[str, float]]  # headline, score, propensity, parts
_COLUMNS = 5


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
    explain: Annotated[
        bool, typer.Option("--explain", help="As --dry-run, with the numbers that decided, and the next ten.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make today's brief for one reader and send it: at most five insights, once a day, none twice.

    Mail goes into the outbox folder until TAKEFIVE_SMTP_URL is set.

    \b
    Examples:
      takefive brief --to me@example.org --interests "how small teams ship; not crypto prices"
      takefive brief --to me@example.org --explain
    """
    boot()
    dry_run = dry_run or explain
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
    pool = for_reader(reader, day, now)
    composed = briefs.choose(reader, day, pool, now=now)
    if json:
        print_json(composed)
        return
    typer.echo(render(preview(reader, composed)) if composed.choices else "Nothing worth your time today.")
    if explain:
        _print_numbers(_made(reader, day), "in today's brief, made already")
        _print_numbers(_rows(composed), "chosen")
        _print_numbers(_rows(_the_next(reader, day, pool, composed, now)), "the next, had these not been there")
        _print_pressed(reader)


def _made(reader: Reader, day: date) -> list[Row]:
    items = BriefItem.objects.filter(brief__reader_id=reader.pk, brief__day=day).select_related("insight")
    return [(item.insight.headline, item.score, item.propensity, item.parts) for item in items.order_by("rank")]


def _rows(composed: ComposedBrief) -> list[Row]:
    headlines = dict(Insight.objects.filter(pk__in=[c.id for c in composed.choices]).values_list("pk", "headline"))
    return [(headlines[choice.id], choice.score, choice.propensity, choice.parts) for choice in composed.choices]


def _the_next(reader: Reader, day: date, pool: Pool, composed: ComposedBrief, now: datetime) -> ComposedBrief:
    """What would have been chosen instead, twice over: the next ten where there are so many."""
    gone, choices = {choice.id for choice in composed.choices}, list[Choice]()
    for _ in range(2):
        left = pool.only(np.flatnonzero([id not in gone for id in pool.id.tolist()]))
        choices += briefs.choose(reader, day, left, now=now).choices
        gone |= {choice.id for choice in choices}
    return ComposedBrief(day=day, choices=tuple(choices))


def _print_numbers(rows: list[Row], title: str) -> None:
    """The headlines, then a column for each: its score, how probable it was to be chosen, the parts that sum to the score.

    Names of parts stand at the left, so that a narrow terminal shows all of them; five columns of numbers fit any.
    """
    names = list(dict.fromkeys(name for *_, parts in rows for name in parts))
    for at in range(0, len(rows), _COLUMNS):
        some = rows[at : at + _COLUMNS]
        numbered = [str(number) for number in range(at + 1, at + 1 + len(some))]
        for number, (headline, *_) in zip(numbered, some, strict=True):
            say.print(f"{number}. {headline}", markup=False, soft_wrap=True)
        table = Table(escape(title), *numbered)
        table.add_row("score", *(f"{score:.2f}" for _, score, _, _ in some))
        table.add_row("chance", *(f"{propensity:.2f}" for _, _, propensity, _ in some))
        for name in names:
            table.add_row(escape(name), *(f"{parts.get(name, 0):.2f}" for *_, parts in some))
        say.print(table)


def _print_pressed(reader: Reader) -> None:
    """What the reader said "less" of, and what that does."""
    for one in pressed_down(reader) if reader.pk else []:
        effect = "as good as muted" if one.muted else "pressed down"
        say.print(f"less, {one.times} times beyond liking it: {one.about}: {effect}", markup=False, soft_wrap=True)
