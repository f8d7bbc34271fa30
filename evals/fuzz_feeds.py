"""The readers of what strangers send, driven by atheris: new paths in the code are sought, real files are the start.

    python evals/fuzz_feeds.py feeds --data DIR --seconds 600         DIR as ../shared/data: feeds/, opml/, p20-formats/ in it
    python evals/fuzz_feeds.py opml --data DIR --seconds 600
    python evals/fuzz_feeds.py transcripts --data DIR --seconds 600

A crash is any error but the one the reader may raise; libFuzzer writes the file that did it. So is one input that takes ten
seconds, or that makes the process grow by more than 64 MB while it is read (Linux counts the peak anew for each).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["takefive.feeds", "takefive.transcripts"], enable_loader_override=False):
    from takefive.common.errors import TakefiveError
    from takefive.feeds.opml import parse_opml
    from takefive.feeds.parse import parse_feed
    from takefive.feeds.slices import mark_items, read_changes
    from takefive.transcripts.reading import read

LONGEST, MOST_SECONDS, MOST_MEGABYTES = 60_000, 10, 64
SOURCE = "https://example.org/feed"


def feeds(data: bytes) -> None:
    """Read whole, shown whole; then read in part, with every other item known: that must say the same."""
    feed = parse_feed(data, source=SOURCE)
    "".join(i.title + i.description + i.summary + i.guid for i in feed.items).encode()
    mark_items(feed, data)
    known = frozenset(item.mark for item in feed.items[::2] if item.mark)
    changes = read_changes(data, known | {1}, source=SOURCE)
    if changes is not None:
        assert changes.title == feed.title
        assert [i.guid for i in changes.items] == [i.guid for i in feed.items if i.mark not in changes.unchanged]


def opml(data: bytes) -> None:
    parse_opml(data)


def transcripts(data: bytes) -> None:
    """The first byte chooses what the publisher says that the file is."""
    kinds = ("text/vtt", "application/srt", "application/json", "text/html", "text/plain", None)
    read(data[1:], type=kinds[data[0] % len(kinds)] if data else None)


TARGETS: dict[str, Callable[[bytes], None]] = {"feeds": feeds, "opml": opml, "transcripts": transcripts}
FOLDERS = {"feeds": ["feeds"], "opml": ["opml"], "transcripts": ["p20-formats", "transcripts-talkpython"]}


def corpus(data: Path, target: str) -> list[bytes]:
    """The real files, the long ones cut: a fuzzer that reads megabytes finds nothing."""
    paths = sorted(p for name in FOLDERS[target] for p in (data / name).rglob("*") if p.is_file())
    return [path.read_bytes()[:LONGEST] for path in paths if path.suffix not in (".md", ".jsonl")]


def status(name: str) -> int:
    """A line of the kernel's account of this process, in MB: VmRSS is what it holds, VmHWM the most since `forget`."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) // 1024


def forget() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=60)
    said = parser.parse_args()
    work, done = TARGETS[said.target], 0
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{said.target}-"))
    for number, raw in enumerate(corpus(said.data, said.target)):
        (folder / str(number)).write_bytes(raw)
        with suppress(TakefiveError):
            work(raw)
    most = 0

    def one(raw: bytes) -> None:
        nonlocal done, most
        done += 1
        forget()
        before = status("VmRSS")
        with suppress(TakefiveError):
            work(raw)
        most = max(most, status("VmHWM") - before)
        if most > MOST_MEGABYTES:
            raise MemoryError(f"{most} MB more")
        if done % 5_000 == 0:
            print(f"{said.target}: {done:,} inputs, at most {most} MB more for one of them", flush=True)

    limits = [f"-max_total_time={said.seconds}", f"-timeout={MOST_SECONDS}", f"-max_len={LONGEST}"]
    atheris.Setup([sys.argv[0], str(folder), f"-artifact_prefix={folder}-", "-print_final_stats=1", *limits], one)
    os.nice(19)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
