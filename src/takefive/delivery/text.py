"""A message as plain text: the mail's other half, and what the terminal shows. Pure."""

from __future__ import annotations

import textwrap
from functools import lru_cache

from takefive.delivery.page import Link, Page, PageItem, page
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
    source = f"— {item.speaker}, {item.podcast}" if item.speaker else f"— {item.podcast}"
    proof = [
        _wrapped(f"“{item.quote}”", width, "   │ "),
        _wrapped(source, width, "   │ "),
        _wrapped(item.episode, width, "   │ "),
    ]
    proof += [f"   │ ▶ {item.play.label}  {item.play.url}"] if item.play else []
    parts = [
        _wrapped(item.headline, width, "   ", first=f"{number}. "),
        _wrapped(item.text, width, "   "),
        "\n".join(line for line in proof if line),
        _wrapped(item.reason, width, "   ", first="   → "),
        *_related("Also said", item.same_point, width),
        *_related("Related", item.related, width),
        "\n".join(filter(None, (f"   {item.url}" if item.url else "", _steering(item)))),
    ]
    return "\n\n".join(part for part in parts if part)


def _steering(item: PageItem) -> str:
    return f"   More, less, save, mute, snooze: {item.steer}" if item.steer else ""


def _related(label: str, links: tuple[Link, ...], width: int) -> list[str]:
    lines = [_wrapped(f"{link.label} ({link.podcast})", width, "     ", first="   · ") for link in links]
    return [f"   {label}:\n" + "\n".join(lines)] if lines else []


@lru_cache(maxsize=4096)  # the same insights stand in many mails
def _wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=True,
        break_on_hyphens=False,
    )
