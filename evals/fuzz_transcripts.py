"""Every reader of transcripts, driven by atheris, a target for each format; with it all that is done with what it read.

    python evals/fuzz_transcripts.py vtt --data DIR --seconds 120        DIR as ../shared/data
    and srt, json, words, html, text, markdown, chapters

An input is read, split into sentences, judged, marked for what is no content, written in every format and read again: that
must give the same words, and times must never go back. What counts as a crash: see fuzzing.py.
"""

from __future__ import annotations

import atheris
import fuzzing

with atheris.instrument_imports(include=["takefive.transcripts"], enable_loader_override=False):
    from contextlib import suppress
    from functools import partial

    from takefive.common.errors import TakefiveError
    from takefive.transcripts import chapters, repeats
    from takefive.transcripts.content import not_content
    from takefive.transcripts.formats import WRITERS
    from takefive.transcripts.judge import judge
    from takefive.transcripts.reading import read
    from takefive.transcripts.sentences import sentences

NAMES = {
    "vtt": "a.vtt", "srt": "a.srt", "json": "a.json", "words": "a.json", "html": "a.html", "text": "a.txt", "markdown": "a.md",
}  # fmt: skip


def transcript(data: bytes, *, name: str) -> None:
    """All that is done with a file of that name."""
    text = read(data, name=name)
    said = sentences(text)
    starts = [one.start for one in said if one.start is not None]
    assert starts == sorted(starts), "times go back"
    words = "".join("".join(segment.text.split()) for segment in text.segments)
    assert "".join("".join(one.text.split()) for one in said) == words, "sentences lose words"
    assert [place for place, _, _ in not_content(said)] == sorted({place for place, _, _ in not_content(said)})
    repeats.marks(text, [repeats.fingerprint(text)] * 2)
    with suppress(TakefiveError):
        judge(text, duration=60.0, language="en")
    for form in ("vtt", "srt", "json"):
        again = read(WRITERS[form](text).encode(), name=f"a.{form}")
        assert "".join("".join(segment.text.split()) for segment in again.segments) == words, f"{form} changes words"


def marked_chapters(data: bytes) -> None:
    for one in chapters.read(data):
        chapters.kind(one.title)


TARGETS = {name: partial(transcript, name=file) for name, file in NAMES.items()} | {"chapters": marked_chapters}
STARTS = {
    "vtt": ["p20-formats/**/*.vtt", "transcripts-talkpython/0*.vtt"],
    "srt": ["p20-formats/**/*.srt", "syntax-srt-shownotes/Syntax1*.srt"],
    "json": ["p20-formats/**/transcripts-*.json"],
    "words": ["transcripts-datastories-words/*.json"],
    "html": ["p20-formats/**/*.html"],
    "text": ["transcripts-talkpython/0*.txt", "oxide-highlights/2021_0*.transcript.txt"],
    "markdown": ["transcripts-bitcoin/*/2021-0*.md", "transcripts-changelog/news/*.md"],
    "chapters": ["p20-formats/**/chapters-*.json"],
}

if __name__ == "__main__":
    fuzzing.main(TARGETS, STARTS, TakefiveError, __doc__ or "", longest=4_000)
