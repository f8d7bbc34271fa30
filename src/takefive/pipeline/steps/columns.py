"""An item of a feed -> what its row in the table of episodes says of it."""

from __future__ import annotations

from takefive.episodes.reconcile import digest
from takefive.feeds.values import ParsedEpisode, Person, TranscriptLink


def of(item: ParsedEpisode) -> dict[str, object]:
    """Its columns, but for those that say who it is and how far it has come."""
    return {
        "title": item.title,
        "link": item.link or "",
        "description": item.description,
        "summary": item.summary,
        "published_at": item.published,
        "audio_url": item.audio_url or "",
        "audio_type": item.audio_type or "",
        "audio_bytes": _bytes(item),
        "duration": item.duration,
        "image": item.image or "",
        "season": item.season,
        "number": item.number,
        "kind": item.kind[:20],
        "chapters_url": item.chapters_url or "",
        "transcripts": [_values(link) for link in item.transcripts],
        "persons": [_values(person) for person in item.persons],
        "digest": digest(item),
        # Where the feed has none, those that were read from the audio file stay.
        **({"chapters": [{"start": one.start, "title": one.title} for one in item.chapters]} if item.chapters else {}),
    }


def _values(flat: TranscriptLink | Person) -> dict[str, object]:
    """`asdict` for values that hold no others, in a fourth of the time."""
    return {name: getattr(flat, name) for name in flat.__slots__}


def _bytes(item: ParsedEpisode) -> int | None:
    """The length of its audio as the feed says; None where no column could hold what it says."""
    return item.audio_bytes if item.audio_bytes is not None and 0 <= item.audio_bytes < 1 << 63 else None
