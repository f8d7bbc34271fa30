"""What a message says, cleaned and in words: the one page from which mail, text and terminal are set. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from takefive.delivery.clean import address, clock, line
from takefive.delivery.values import MessageContent, MessageItem, RelatedItem

WORDS_A_MINUTE = 220
MAX_ITEMS = 10
MAX_RELATED = 3
MAX_SUBJECT = 90
MAX_PROSE = 900
SAID_TWICE = 0.6
STEERING = (
    ("More", "more"),
    ("Less", "less"),
    ("Save", "save"),
    ("Mute show", "mute-show"),
    ("Mute topic", "mute-topic"),
    ("Snooze", "snooze-show"),
)
COUNTS = ("No insights", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead; `url` is None where there is no good address."""

    label: str
    url: str | None
    podcast: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an insight's item says to whomever: it stands in many mails, and is set once."""

    headline: str
    text: str
    quote: str
    speaker: str
    podcast: str
    episode: str
    url: str | None
    play: Link | None
    same_point: tuple[Link, ...]
    related: tuple[Link, ...]
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """One insight as it is set for one reader: why it is there, and the links to steer by."""

    said: Said
    reason: str
    steer: str | None
    actions: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole message as it is set."""

    subject: str
    preheader: str
    site: str | None
    day: str
    standfirst: str
    items: tuple[PageItem, ...]
    footing: str
    links: tuple[Link, ...]


def page(content: MessageContent) -> Page:
    """The page of this content. Nothing in it can break a header or a line; addresses are web addresses or None."""
    items = tuple(_item(item) for item in content.items[:MAX_ITEMS])
    count = COUNTS[len(items)]
    first = items[0].said.headline if items else "nothing worth your time"
    return Page(
        subject=line(f"{count} from today: {first}", MAX_SUBJECT),
        preheader=line(" · ".join(item.said.headline for item in items[1:]), 200),
        site=address(content.site_url),
        day=f"{content.day:%A}, {content.day.day} {content.day:%B %Y}",
        standfirst=_standfirst(items),
        items=items,
        footing=_footing(content),
        links=_links(("Change what you get", content.settings_url), ("Unsubscribe", content.unsubscribe_url)),
    )


def _footing(content: MessageContent) -> str:
    said = f"You asked for this at {line(content.to)}. Every quote is verbatim, and every one plays where it was said."
    return f"{said} To steer, just reply: more like 2; mute crypto; pause until Monday." if content.reply_to else said


def _item(item: MessageItem) -> PageItem:
    steer = address(item.steer_url)
    return PageItem(
        said=_said(replace(item, reason="", steer_url=None)),
        reason=capital(line(item.reason, 160)),
        steer=steer,
        actions=tuple(Link(label, f"{steer}{word}/") for label, word in STEERING) if steer else (),
    )


@lru_cache(maxsize=2048)
def _said(item: MessageItem) -> Said:
    play = address(item.play_url)
    headline, quote = line(item.headline, 160), _bare(line(item.quote, MAX_PROSE))
    text = unless_said(line(item.text, MAX_PROSE), quote)
    related = item.related[:MAX_RELATED]
    return Said(
        headline=headline,
        text=text,
        quote=quote,
        speaker=line(item.speaker or "", 80),
        podcast=line(item.podcast, 100),
        episode=_episode(item),
        url=address(item.url),
        play=Link("Play" if item.start is None else f"Play from {clock(item.start)}", play) if play else None,
        same_point=tuple(_related(other) for other in related if other.same_point),
        related=tuple(_related(other) for other in related if not other.same_point),
        words=len(f"{headline} {text} {quote}".split()),
    )


def _episode(item: MessageItem) -> str:
    when = item.published
    date = f"{when.day}\N{NO-BREAK SPACE}{when:%b}\N{NO-BREAK SPACE}{when.year}" if when else ""
    return ", ".join(part for part in (line(item.episode, 160), date) if part)


def _related(item: RelatedItem) -> Link:
    return Link(line(item.headline, 160), address(item.url), line(item.podcast, 100))


def _links(*pairs: tuple[str, str]) -> tuple[Link, ...]:
    links = (Link(line(label, 60), address(url)) for label, url in pairs)
    return tuple(link for link in links if link.url)


def _standfirst(items: tuple[PageItem, ...]) -> str:
    if not items:
        return "Nothing in today's shows was worth your time."
    words = sum(item.said.words for item in items)
    minutes = max(1, round(words / WORDS_A_MINUTE))
    shows = len({item.said.podcast for item in items})
    ideas = "One idea" if len(items) == 1 else f"{COUNTS[len(items)]} ideas"
    sources = f"{COUNTS[shows].lower()} show{'s' if shows > 1 else ''}"
    time = "a minute" if minutes == 1 else f"{COUNTS[min(minutes, 10)].lower()} minutes"
    return f"{ideas} from {sources}, in {time}."


def _bare(quote: str) -> str:
    """The quote without marks around the whole of it: the page sets its own."""
    around = quote[:1] + quote[-1:]
    return quote[1:-1] if around in {"“”", '""'} and not set(quote[1:-1]) & set('“”"') else quote


def unless_said(text: str, quote: str) -> str:
    """The text, but nothing where the quote says it in nearly the same words: nobody wants to read it twice.

    An extracted insight's text is its quote less some "you know"; a written one shares few runs of three words with it.
    """
    told, said = _runs(text), _runs(quote)
    return "" if told and len(told & said) >= SAID_TWICE * len(told) else text


def _runs(words: str) -> set[tuple[str, ...]]:
    """The runs of three words; of fewer, all of them."""
    spoken = re.findall(r"\w+", words.casefold())
    return {tuple(spoken[at : at + 3]) for at in range(max(1, len(spoken) - 2)) if spoken}


def capital(words: str) -> str:
    """The words as they begin a sentence."""
    return words[:1].upper() + words[1:]
