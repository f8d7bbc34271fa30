"""What a publisher's feed says, as values. Nothing here is ours: rows live in `store`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from takefive.common.text import clean_html, plain

MOST_SUMMARY = 2_000


@dataclass(slots=True, unsafe_hash=True)  # not frozen, for speed, as ParsedEpisode; never changed
class TranscriptLink:
    """One `podcast:transcript`: where a transcript lies and what it is."""

    url: str
    type: str | None = None
    language: str | None = None
    rel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One `podcast:person`. `role` is lower case, "host" where the feed names none."""

    name: str
    role: str = "host"
    group: str = "cast"
    href: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One chapter written into the feed itself (`psc:chapter`), in seconds from the start of the audio."""

    start: float
    title: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundbite:
    """A moment that the publisher found worth quoting (`podcast:soundbite`), in seconds. `title` may be empty."""

    start: float
    duration: float
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """Another file of the same episode (`podcast:alternateEnclosure`), often a smaller one. `bitrate` in bits a second."""

    url: str
    type: str | None = None
    bytes: int | None = None
    bitrate: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One `podcast:txt`: words for machines. `purpose` is lower case and may be empty."""

    purpose: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteShow:
    """A show that another one recommends; at least one of `guid` and `feed_url` is there."""

    guid: str | None = None
    feed_url: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveItem:
    """A broadcast that is announced. `status` is "pending", "live" or "ended"; the times are UTC."""

    guid: str
    title: str
    status: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(slots=True, kw_only=True)  # not frozen, for speed: that costs six times as much, for each of thousands
class ParsedEpisode:
    """One item of a feed. Text fields are plain text, except `description`, which is sanitised HTML.

    `raw_notes` and `raw_summary` are as the publisher wrote them: never show them, read `description` and `summary`,
    which are cleaned when they are asked for (most items of a feed are known already, and nobody asks).
    `guid` is never empty: where the feed gives none it is made from the enclosure, the link or the title.
    `published` is aware (UTC) or None; `duration` is in seconds. `mark`, of 64 bits, is that of its bytes (see `slices`),
    0 where it has none.
    """

    guid: str
    title: str
    link: str | None = None
    raw_notes: str = ""
    raw_summary: str = ""
    published: datetime | None = None
    audio_url: str | None = None
    audio_type: str | None = None
    audio_bytes: int | None = None
    duration: float | None = None
    image: str | None = None
    season: int | None = None
    number: int | None = None
    kind: str = "full"
    explicit: bool | None = None
    blocked: bool = False
    chapters_url: str | None = None
    chapters: tuple[Chapter, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    persons: tuple[Person, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    notices: tuple[Notice, ...] = ()
    mark: int = 0
    raw_cleaned: tuple[str, str] | None = field(default=None, compare=False, repr=False)

    def clean(self) -> None:
        """Clean `description` and `summary` now, and keep them, where it is known that they will be asked for."""
        self.raw_cleaned = (self.description, self.summary)

    @property
    def description(self) -> str:
        """The show notes as HTML that is safe to show."""
        return self.raw_cleaned[0] if self.raw_cleaned else clean_html(self.raw_notes)

    @property
    def summary(self) -> str:
        """What the episode is about, in at most 2,000 characters of plain text."""
        if self.raw_cleaned:
            return self.raw_cleaned[1]
        words = plain(self.raw_summary)
        return words if len(words) <= MOST_SUMMARY else words[: MOST_SUMMARY - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A whole feed as its publisher sent it. `warnings` are clear lines on what was mended or left out.

    `next_url` is the next page, with older episodes, of a feed that comes in pages. `medium` is "podcast" unless the
    feed says otherwise: "music", "video", "audiobook", "film", "newsletter", "blog", or a list of one of them ("musicl";
    always small letters). `kind` is "serial" where episodes are to be heard from the first on. `opt_out`: the publisher
    wants no machine to read along.
    `unchanged` are the marks of the items that stand in the feed as they did, where only the others were read.
    """

    source: str
    title: str
    link: str | None = None
    description: str = ""
    author: str | None = None
    language: str | None = None
    image: str | None = None
    podcast_guid: str | None = None
    categories: tuple[str, ...] = ()
    explicit: bool | None = None
    blocked: bool = False
    locked: bool = False
    complete: bool = False
    new_feed_url: str | None = None
    hub_url: str | None = None
    self_url: str | None = None
    next_url: str | None = None
    medium: str = "podcast"
    kind: str = "episodic"
    persons: tuple[Person, ...] = ()
    podroll: tuple[RemoteShow, ...] = ()
    live: tuple[LiveItem, ...] = ()
    notices: tuple[Notice, ...] = ()
    opt_out: bool = False
    unchanged: frozenset[int] = frozenset()
    items: tuple[ParsedEpisode, ...] = ()
    warnings: tuple[str, ...] = ()
