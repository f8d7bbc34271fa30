"""`takefive search`."""

from __future__ import annotations

from typing import Annotated

import typer

from takefive.cli.boot import boot
from takefive.cli.output import print_json
from takefive.relations.embed import default_embedder
from takefive.store.search import search
from takefive.web.present import hit_as_json, hit_as_text


def run(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="What to look for, in any words.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at the most.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search the insights by words and by meaning.

    \b
    Examples:
      takefive search open source money
      takefive search how incidents teach --limit 3 --json
    """
    boot()
    query = " ".join(words)
    hits = search(query, vector=default_embedder().encode([query])[0], limit=limit)
    if json:
        print_json([hit_as_json(hit) for hit in hits])
    elif not hits:
        typer.echo(f"Nothing found for “{query}”.")
    else:
        typer.echo("\n\n".join(hit_as_text(hit) for hit in hits))
