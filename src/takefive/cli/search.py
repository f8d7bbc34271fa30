"""`takefive search`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, get_args

import typer

from takefive.cli.boot import boot
from takefive.cli.output import print_json, say
from takefive.common.errors import UsageError
from takefive.insights.values import Kind
from takefive.pipeline.finding import find
from takefive.store.filters import Filters
from takefive.web.present import hit_as_json, hit_as_text


def run(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS...", help="What to look for.")] = None,
    podcast: Annotated[str, typer.Option(help="Only from this show: its title, or the id of its page.")] = "",
    person: Annotated[str, typer.Option(help="Only what this person says.")] = "",
    topic: Annotated[str, typer.Option(help="Only on this topic.")] = "",
    kind: Annotated[str, typer.Option(help="Only a claim, data, story, how-to, prediction or contrarian.")] = "",
    language: Annotated[str, typer.Option(help="Only from shows in this language, such as en.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published then or later.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published then or earlier.")] = None,
    exactly: Annotated[bool, typer.Option("--exactly", help="Correct no slips.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at the most.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search the insights by words and by meaning. "A phrase" and -without work as on the web; slips are corrected.

    \b
    Examples:
      takefive search open source money
      takefive search how incidents teach --limit 3 --json
      takefive search sleep --podcast "Slow Talk" --since 2024-01-01
    """
    kind = _known(kind.lower())
    boot()
    days = {name: day.date() if day else None for name, day in (("since", since), ("until", until))}
    filters = Filters(podcast=podcast, person=person, topic=topic, kind=kind, language=language, **days)
    found = find(" ".join(words or []), filters, size=limit, exactly=exactly)
    if json:
        print_json([hit_as_json(hit) for hit in found.hits])
        return
    if found.words != found.asked:
        say.print(f"Found for “{found.words}”; --exactly searches for “{found.asked}”.", markup=False)
    if not found.hits:
        typer.echo(f"Nothing found for “{found.asked}”." if found.asked else "Nothing found.")
    else:
        typer.echo("\n\n".join(hit_as_text(hit) for hit in found.hits))


def _known(kind: str) -> str:
    if kind and kind not in get_args(Kind):
        raise UsageError(f"No insight is of the kind “{kind}”; take one of {', '.join(get_args(Kind))}.")
    return kind
