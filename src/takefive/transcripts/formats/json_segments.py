"""JSON made of segments: Podcasting 2.0, Podlove, Whisper's own, and what `takefive transcript` prints."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from takefive.transcripts.clean import spoken
from takefive.transcripts.formats.json_words import Word, grouped
from takefive.transcripts.language import tag
from takefive.transcripts.names import cleaned
from takefive.transcripts.scripts import count
from takefive.transcripts.times import mended, seconds
from takefive.transcripts.values import Segment, TimedText


def segments_of(document: Any) -> Sequence[Any] | None:
    """The list of segments in a document, wherever its maker put it; None where there is none."""
    if isinstance(document, Mapping):
        return next(
            (
                document[key]
                for key in ("segments", "transcripts", "transcript", "cues")
                if isinstance(document.get(key), list)
            ),
            None,
        )
    if isinstance(document, list) and document and all(isinstance(item, Mapping) for item in document):
        return segments_of(document[0]) if len(document) == 1 and segments_of(document[0]) is not None else document
    return None


def read(document: Any) -> TimedText:
    """Segments with their texts, times and speakers; single words joined to phrases."""
    items = [item for item in segments_of(document) or () if isinstance(item, Mapping)]
    found = [segment for item in items if (segment := _segment(item)).text]
    if found and sum(count(segment.text) < 2 for segment in found) > 0.9 * len(found) > 3:
        found = grouped([Word(s.text, s.start, s.end, s.speaker) for s in found])
    holder = document[0] if isinstance(document, list) and document else document
    language = tag(holder.get("language") or holder.get("lang")) if isinstance(holder, Mapping) else None
    return TimedText(segments=mended(found), language=language)


def _segment(item: Mapping[str, Any]) -> Segment:
    text = next((item[key] for key in ("body", "text", "content") if isinstance(item.get(key), str)), "")
    start = next((item[key] for key in ("startTime", "start", "start_time", "from") if item.get(key) is not None), None)
    end = next((item[key] for key in ("endTime", "end", "end_time", "to") if item.get(key) is not None), None)
    speaker = item.get("voice") or item.get("speaker")  # of Podlove's two `speaker` is a short name for programs
    if isinstance(speaker, Mapping):
        speaker = speaker.get("name")
    name = cleaned(spoken(speaker)) if isinstance(speaker, str) else None
    return Segment(text=spoken(text), start=seconds(start), end=seconds(end), speaker=name)


def _written(text: str) -> str:
    """What is read again as this text: escaped where it holds what looks escaped."""
    return text if spoken(text) == text else html.escape(text, quote=False)


def write(text: TimedText) -> str:
    """Podcasting 2.0 JSON, version 1.0.0. Times that the transcript lacks are left out."""
    keys = (("speaker", "speaker"), ("startTime", "start"), ("endTime", "end"), ("body", "text"))
    items = [
        {key: value for key, field in keys if (value := getattr(segment, field)) is not None}
        for segment in (replace(one, text=_written(one.text)) for one in text.segments)
    ]
    document = {"version": "1.0.0", **({"language": text.language} if text.language else {}), "segments": items}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
