"""What a message says, as values: everything a mail needs and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedItem:
    """A related insight as a mail shows it. `same_point`: it says the same, on another show."""

    headline: str
    podcast: str
    url: str
    same_point: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageItem:
    """One insight in a message, with its proof. `start` is in seconds; `url` is its public page.

    At `steer_url` the reader says more, less, save and so on; the page there asks for one click before it acts.
    """

    headline: str
    text: str
    quote: str
    speaker: str | None
    podcast: str
    episode: str
    published: datetime | None
    start: float | None
    url: str
    play_url: str | None
    reason: str
    voices: int = 1
    related: tuple[RelatedItem, ...] = ()
    steer_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """A whole message before it is composed. `key` makes the Message-ID: the same key, the same message."""

    key: str
    to: str
    sender: str
    site_url: str
    day: date
    items: tuple[MessageItem, ...]
    unsubscribe_url: str
    settings_url: str
    reply_to: str = ""
