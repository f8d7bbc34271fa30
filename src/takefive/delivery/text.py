"""A message as plain text: the mail's other half, and what the terminal shows. Pure."""

from __future__ import annotations

import textwrap
from functools import lru_cache

from takefive.delivery.page import Link, Page, PageItem, Said, page
from takefive.delivery.values import MessageContent

WIDTH = 72


def render(content: MessageContent, *, width: int = WIDTH) -> str:
    """The content as text of `width` columns (only addresses may be longer), ending in a line break."""
    return typeset(page(content), width=width)


def typeset(page: Page, *, width: int = WIDTH) -> str:
    """The page as text of `width` columns."""
    head = ["TAKEFIVE" + page.day.rjust(width - 8), "═" * width, _wrapped(page.standfirst, width)]
    blocks = ["\n".join(head), *(_item(n, item, width) for n, item in enumerate(page.items, 1))]
    foot = ["─" * width, _wrapped(page.footing, width), *(f"{link.label}: {link.url}" for link in page.links)]
    return "\n\n\n".join([*blocks, "\n".join(foot)]) + "\n"


def _item(number: int, item: PageItem, width: int) -> str:
    steering = f"   More, less, save, mute, snooze: {item.steer}" if item.steer else ""
    proof, elsewhere, at = _said(item.said, width)
    parts = [
        _headline(number, item.said.headline, width),
        proof,
        _wrapped(item.reason, width, "   ", first="   → "),
        elsewhere,
        f"{at}\n{steering}" if at and steering else at or steering,
    ]
    return "\n\n".join(part for part in parts if part)


@lru_cache(maxsize=4096)
def _headline(number: int, headline: str, width: int) -> str:
    return _wrapped(headline, width, "   ", first=f"{number}. ")


@lru_cache(maxsize=2048)
def _said(said: Said, width: int) -> tuple[str, str, str]:
    """The text with its proof, what others said, and the address."""
    source = f"— {said.speaker}, {said.podcast}" if said.speaker else f"— {said.podcast}"
    proof = [_wrapped(words, width, "   │ ") for words in (f"“{said.quote}”", source, said.episode)]
    proof += [f"   │ ▶ {said.play.label}  {said.play.url}"] if said.play else []
    told = (_wrapped(said.text, width, "   "), "\n".join(line for line in proof if line))
    others = (*_related("Also said", said.same_point, width), *_related("Related", said.related, width))
    at = f"   {said.url}" if said.url else ""
    return "\n\n".join(filter(None, told)), "\n\n".join(others), at


def _related(label: str, links: tuple[Link, ...], width: int) -> list[str]:
    lines = [_wrapped(f"{link.label} ({link.podcast})", width, "     ", first="   · ") for link in links]
    return [f"   {label}:\n" + "\n".join(lines)] if lines else []


def _wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> str:
    begin = indent if first is None else first
    if text and len(begin) + len(text) <= width:
        return begin + text
    return textwrap.fill(
        text, width, initial_indent=begin, subsequent_indent=indent, break_long_words=True, break_on_hyphens=False
    )
