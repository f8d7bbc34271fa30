#!/usr/bin/env python3
"""Make the sample library: real episodes as a publisher would serve them, from their public transcripts.

    .venv/bin/python samples/make.py --source ../shared/data/transcripts-changelog
    .venv/bin/python samples/make.py --source ... --check      compare instead of writing; exit code 1 if anything differs

In: a checkout of https://github.com/thechangelog/transcripts (or a part of it), and `episodes.toml` beside this file.
Out, beside this file: feeds/<show>.xml, transcripts/<show>-<number>.{vtt,srt,json}, chapters/<show>-<number>.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
import uuid
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from takefive.transcripts import read
from takefive.transcripts.formats import WRITERS
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText

HERE = Path(__file__).resolve().parent
HOST = "http://samples.takefive.example"
AUDIO = "https://cdn.changelog.com/uploads/{show}/{number}/{file}-{number}.mp3"
TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json"}
PODCAST_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # Podcasting 2.0's namespace for podcast:guid
LONGEST_CUE = 45  # words


def library(source: Path) -> Iterator[tuple[str, str]]:
    """Path and content of every file, in a fixed order."""
    facts = tomllib.loads((HERE / "episodes.toml").read_text("utf-8"))
    for show in facts["show"]:
        episodes = [episode for episode in facts["episode"] if episode["show"] == show["id"]]
        items = []
        for episode in sorted(episodes, key=lambda one: one["published"], reverse=True):
            name, text = f"{show['id']}-{episode['number']}", cues(source, show, episode)
            yield f"transcripts/{name}.{episode['format']}", WRITERS[episode["format"]](text)
            if "chapters" in episode:
                yield f"chapters/{name}.json", chapters(episode)
            items.append(item(show, episode, name, text))
        yield f"feeds/{show['id']}.xml", feed(show, items)


def cues(source: Path, show: dict[str, Any], episode: dict[str, Any]) -> TimedText:
    """The transcript cut to cues of a sentence each, long ones in pieces, times spread by words between the source's marks."""
    path = source / show["id"] / f"{show['file']}-{episode['number']}.md"
    found = []
    for one in sentences(read(path.read_bytes(), name=path.name)):
        words = one.text.split()
        pieces = [words[i : i + LONGEST_CUE] for i in range(0, len(words), LONGEST_CUE)]
        done = 0
        for piece in pieces:
            start, end = (one.start + (one.end - one.start) * part / len(words) for part in (done, done + len(piece)))
            done += len(piece)
            found.append(Segment(text=" ".join(piece), start=round(start, 2), end=round(end, 2), speaker=one.speaker))
    return TimedText(segments=tuple(found), language="en")


def chapters(episode: dict[str, Any]) -> str:
    """Podcasting 2.0 chapters."""
    listed = [{"startTime": start, "title": title} for start, title in episode["chapters"]]
    return json.dumps({"version": "1.2.0", "chapters": listed}, ensure_ascii=False, indent=1) + "\n"


def item(show: dict[str, Any], episode: dict[str, Any], name: str, text: TimedText) -> str:
    """One episode of a feed."""
    link = f"{show['link']}/{episode['number']}"
    audio = AUDIO.format(show=show["id"], number=episode["number"], file=show["file"])
    duration = episode.get("duration") or round(text.segments[-1].end or 0)
    lines = [
        f"<title>{escape(episode['title'])}</title>",
        f"<link>{link}</link>",
        f'<guid isPermaLink="true">{link}</guid>',
        f"<pubDate>{format_datetime(episode['published'])}</pubDate>",
        f"<description>{escape(episode['summary'])}</description>",
        f'<enclosure url={quoteattr(audio)} type="audio/mpeg" length="0"/>',
        f"<itunes:duration>{duration // 3600}:{duration // 60 % 60:02}:{duration % 60:02}</itunes:duration>",
        f"<itunes:episode>{episode['number']}</itunes:episode>",
        f'<podcast:transcript url="{HOST}/transcripts/{name}.{episode["format"]}" type="{TYPES[episode["format"]]}" language="en"/>',
        *(f'<podcast:person role="host">{escape(person)}</podcast:person>' for person in episode["hosts"]),
        *(f'<podcast:person role="guest">{escape(person)}</podcast:person>' for person in episode["guests"]),
    ]
    if "chapters" in episode:
        lines.append(f'<podcast:chapters url="{HOST}/chapters/{name}.json" type="application/json+chapters"/>')
    return "    <item>\n" + "".join(f"      {line}\n" for line in lines) + "    </item>\n"


def feed(show: dict[str, Any], items: list[str]) -> str:
    """RSS 2.0 with the namespaces of Apple and of Podcasting 2.0."""
    address = f"{HOST}/feeds/{show['id']}.xml"
    guid = uuid.uuid5(PODCAST_GUIDS, address.split("://", 1)[1])
    lines = [
        f"<title>{escape(show['title'])}</title>",
        f"<link>{show['link']}</link>",
        f'<atom:link href="{address}" rel="self" type="application/rss+xml"/>',
        f"<description>{escape(show['description'])}</description>",
        "<language>en-us</language>",
        "<copyright>Changelog Media LLC. Transcripts: CC BY-SA 4.0.</copyright>",
        "<itunes:author>Changelog Media</itunes:author>",
        '<itunes:category text="Technology"/>',
        f"<podcast:guid>{guid}</podcast:guid>",
        "<podcast:medium>podcast</podcast:medium>",
    ]
    head = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
     xmlns:podcast="https://podcastindex.org/namespace/1.0">
  <channel>
"""
    return head + "".join(f"    {line}\n" for line in lines) + "".join(items) + "  </channel>\n</rss>\n"


def differences(made: dict[str, str]) -> list[str]:
    """What in the folder is not as it should be: missing, different, or too much."""
    wrong = [
        path for path, content in made.items() if not (HERE / path).is_file() or (HERE / path).read_text("utf-8") != content
    ]
    folders = ("feeds", "transcripts", "chapters")
    there = (str(path.relative_to(HERE)) for folder in folders for path in (HERE / folder).glob("*"))
    return wrong + [path for path in there if path not in made]


def main() -> int:
    """Write the library, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="folder with podcast/the-changelog-602.md and so on")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    made = dict(library(options.source))
    if options.check:
        wrong = differences(made)
        print("\n".join(f"differs: {path}" for path in wrong) or f"{len(made)} files are as they should be")
        return bool(wrong)
    for path, content in made.items():
        (HERE / path).parent.mkdir(exist_ok=True)
        (HERE / path).write_text(content, "utf-8")
    print(f"wrote {len(made)} files, {sum(len(content.encode()) for content in made.values()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
