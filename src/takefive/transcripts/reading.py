"""From a file's bytes to its timed words: finds out what the file is, whatever it is called."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from takefive.common.errors import TranscriptError
from takefive.transcripts import language as languages
from takefive.transcripts.clean import decoded
from takefive.transcripts.formats import html_page, json_segments, json_words, marked, srt, webvtt
from takefive.transcripts.formats.cues import TIMING
from takefive.transcripts.values import TimedText

_HTML = re.compile(r"<(?:!doctype html|html|head|body|cite|time|p|div|section|article|span|br)\b[^>]*>", re.IGNORECASE)
_NAME_LANGUAGE = re.compile(r"\.([a-z]{2}(?:[-_][A-Za-z]{2})?)\.[a-z0-9]{2,8}$")


def read(data: bytes, *, name: str = "", type: str | None = None, language: str | None = None) -> TimedText:
    """The transcript in a file: segments as they were spoken, with times and speakers where the file has them.

    `name` (a file name or the path of an address) and `type` (a MIME type) are hints; what the file holds decides, for
    publishers mix them up. The language is the file's own, else the hint, else detected. Raises `TranscriptError` with the
    reason.
    """
    text = decoded(data)
    if not text.strip():
        raise TranscriptError("is empty")
    found = _by_content(text, name.lower(), (type or "").lower().partition(";")[0].strip())
    said = tuple(segment for segment in found.segments if any(map(str.isalnum, segment.text)))
    if not any(c.isalpha() for segment in said for c in segment.text):
        raise TranscriptError("holds no spoken words")
    own = found.language or languages.tag(language)
    in_name = _NAME_LANGUAGE.search(name)
    guess = (
        own
        or (languages.tag(in_name[1]) if in_name else None)
        or languages.detected(" ".join(s.text for s in said[:400]))
    )
    return replace(found, segments=said, language=guess)


def _by_content(text: str, name: str, kind: str) -> TimedText:
    start = text.lstrip()[:4000]
    if start.startswith("WEBVTT"):
        return webvtt.read(text.lstrip())
    if start[0] in "{[":
        parsed = _json(text, sure="json" in kind or name.endswith(".json"))
        if parsed is not None:
            return _from_json(parsed)
    if any(TIMING.fullmatch(line) for line in start.split("\n")[:60]):
        return webvtt.read(text) if "vtt" in kind or name.endswith(".vtt") else srt.read(text)
    if ("html" in kind or name.endswith((".html", ".htm")) or start[0] == "<") and _HTML.search(start):
        return html_page.read(text)
    return marked.read(text, markdown=not ("plain" in kind or name.endswith(".txt")))


def _json(text: str, *, sure: bool) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise TranscriptError("is JSON nested too deep to be a transcript") from error
    except ValueError as error:
        if sure or text.lstrip().startswith("{"):
            raise TranscriptError(f"is broken JSON ({error})") from error
        return None


def _from_json(document: Any) -> TimedText:
    if json_words.words_of(document) is not None:
        return json_words.read(document)
    if json_segments.segments_of(document) is not None:
        return json_segments.read(document)
    if isinstance(document, dict) and isinstance(document.get("text"), str):  # words and segments wanting or null
        said = marked.read(document["text"], markdown=False)
        return replace(said, language=languages.tag(document.get("language_code") or document.get("language")))
    raise TranscriptError("is JSON, but neither segments nor words of a transcript")
