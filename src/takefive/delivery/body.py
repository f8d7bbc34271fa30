"""A brief for machines and for chats: as JSON types, and as a short text. Pure."""

from __future__ import annotations

import re
from typing import Any

from takefive.delivery.clean import address, line
from takefive.delivery.page import Said, page
from takefive.delivery.values import MessageContent, MessageItem

LONGEST = 1_900  # characters of a short text: Discord takes 2,000, ntfy 4,096 octets, Telegram 4,096
# What chats would obey: @everyone, <!channel>, a [label](address) that hides where it leads.
_OBEYED = re.compile(r"(?<!\w)@(?=\w)|<(?=[!@#\w/:])|\](?=\()")


def as_json(content: MessageContent) -> dict[str, Any]:
    """The brief as JSON types: its day and its items, each with its proof. `start` is in seconds, None where unknown."""
    return {"day": content.day.isoformat(), "items": [_item(item) for item in content.items]}


def _item(item: MessageItem) -> dict[str, Any]:
    return {
        "headline": line(item.headline),
        "text": line(item.text, 2_000),
        "quote": line(item.quote, 2_000),
        "speaker": line(item.speaker) if item.speaker else None,
        "podcast": line(item.podcast),
        "episode": line(item.episode),
        "published": item.published.isoformat() if item.published else None,
        "start": item.start,
        "reason": line(item.reason),
        "url": address(item.url),
        "play_url": address(item.play_url),
    }


def short(content: MessageContent) -> tuple[str, str]:
    """Title and text for a chat: each headline with speaker, show and where to hear it; whole items only."""
    set_page = page(content)
    blocks: list[str] = []
    for number, item in enumerate(set_page.items, 1):
        block = _block(number, item.said)
        if sum(len(one) + 2 for one in blocks) + len(block) > LONGEST:
            break
        blocks.append(block)
    return line(f"Takefive, {set_page.day}", 100), "\n\n".join(blocks)


def _block(number: int, said: Said) -> str:
    source = ", ".join(filter(None, (said.speaker, said.podcast)))
    play = f"{said.play.label}: {said.play.url}" if said.play else said.url or ""
    words = (_inert(f"{number}. {said.headline}"), _inert(f"— {source}"))
    return "\n".join(part for part in (*words, play) if part)


def _inert(words: str) -> str:
    return _OBEYED.sub(lambda mark: f"{mark[0]} ", words)
