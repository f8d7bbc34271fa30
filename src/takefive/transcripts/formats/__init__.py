"""One file for each format that publishers send: `read` takes characters (or parsed JSON) and gives a `TimedText`.

Four formats are written too, see `WRITERS`.
"""

from __future__ import annotations

from collections.abc import Callable

from takefive.transcripts.formats import json_segments, marked, srt, webvtt
from takefive.transcripts.values import TimedText

WRITERS: dict[str, Callable[[TimedText], str]] = {
    "vtt": webvtt.write,
    "srt": srt.write,
    "json": json_segments.write,
    "text": marked.write,
}
"""From the name of a format to the function that writes a transcript in it."""
