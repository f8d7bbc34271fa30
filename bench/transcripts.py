"""How long an hour's transcript takes from file to timed sentences, in each format; processor time."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from statistics import median

from bench.table import RUNS, Row, show
from takefive.pipeline.samples import folder
from takefive.transcripts import read
from takefive.transcripts.content import not_content
from takefive.transcripts.formats import WRITERS
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText

COMMAND = "python -m bench.transcripts"
WORDS = 10_000
"""Of an hour; 1,100 real episodes have 5,400 to 14,400 in an hour."""
ALLOWED = 0.25


def hour() -> TimedText:
    """The samples' words, as many as an hour has, in cues of ten words at ten words in 3.6 seconds, with speakers in turn."""
    files = sorted((folder() / "transcripts").iterdir())
    words = [
        word for file in files for one in read(file.read_bytes(), name=file.name).segments for word in one.text.split()
    ]
    stream = cycle(words)
    return TimedText(
        segments=tuple(
            Segment(
                text=" ".join(next(stream) for _ in range(10)),
                start=i * 3.6,
                end=i * 3.6 + 3.5,
                speaker=("Ada Lovelace", "Charles Babbage")[i // 8 % 2],
            )
            for i in range(WORDS // 10)
        )
    )


def stamp(one: Segment) -> str:
    return f"{int(one.start or 0) // 60}:{int(one.start or 0) % 60:02}"


def html_page(text: TimedText) -> str:
    lines = (
        f"<cite>{one.speaker}:</cite><time>{stamp(one)}</time><p>{html.escape(one.text)}</p>" for one in text.segments
    )
    return f"<html><body>{''.join(lines)}</body></html>"


def markdown(text: TimedText) -> str:
    lines = (f"**{one.speaker}:** \\[{stamp(one)}\\] {one.text}" for one in text.segments)
    return "\n\n".join(lines)


def words(text: TimedText) -> str:
    """As AssemblyAI gives them, in milliseconds."""
    found = [
        {"text": word, "start": int(((one.start or 0) + i * 0.35) * 1000), "end": int(((one.start or 0) + i * 0.35 + 0.3) * 1000),
         "confidence": 0.9, "speaker": (one.speaker or "")[:1]}
        for one in text.segments for i, word in enumerate(one.text.split())
    ]  # fmt: skip
    return json.dumps({"words": found, "text": ""})


FORMATS: dict[str, tuple[str, Callable[[TimedText], str]]] = {
    "WebVTT": ("a.vtt", WRITERS["vtt"]),
    "SRT": ("a.srt", WRITERS["srt"]),
    "Podcasting 2.0 JSON": ("a.json", WRITERS["json"]),
    "JSON of words": ("a.json", words),
    "HTML": ("a.html", html_page),
    "markdown": ("a.md", markdown),
    "text": ("a.txt", WRITERS["text"]),
}


def _read(data: bytes, name: str) -> None:
    sentences(read(data, name=name))


def taken(work: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds of the processor, the median after one run to warm up."""
    work()
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return median(times)


def measure() -> Iterator[Row]:
    """A row for each format, and one for what is no content."""
    text = hour()
    for form, (name, write) in FORMATS.items():
        data = write(text).encode()
        took = taken(partial(_read, data, name))
        figure = f"{took * 1000:.0f} ms of the processor for {len(data) / 1e6:.1f} MB"
        yield Row(
            what=f"an hour's {form} to timed sentences",
            figure=figure,
            peer=f"allowed: {ALLOWED * 1000:.0f} ms",
            command=COMMAND,
        )
    said = sentences(text)
    took = taken(lambda: not_content(said))
    yield Row(
        what="what of an hour is no content", figure=f"{took * 1000:.0f} ms of the processor", peer="", command=COMMAND
    )


if __name__ == "__main__":
    show(measure())
