"""What drives a reader by atheris: a start of real files, a bound on time and memory for each input, a word now and then.

A crash is any error but the one the reader may raise; libFuzzer writes the file that did it. So is one input that takes ten
seconds, or that makes the process grow by more than 64 MB while it is read (Linux counts the peak anew for each).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import atheris

MOST_SECONDS, MOST_MEGABYTES = 10, 64


def corpus(data: Path, patterns: Sequence[str], longest: int) -> list[bytes]:
    """The real files, the long ones cut: a fuzzer that reads megabytes finds nothing."""
    paths = sorted(path for pattern in patterns for path in data.glob(pattern) if path.is_file())
    return [path.read_bytes()[:longest] for path in paths]


def status(name: str) -> int:
    """A line of the kernel's account of this process, in MB: VmRSS is what it holds, VmHWM the most since `forget`."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) // 1024


def forget() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def main(
    targets: Mapping[str, Callable[[bytes], None]],
    starts: Mapping[str, Sequence[str]],
    error: type[Exception],
    doc: str,
    *,
    longest: int = 60_000,
) -> None:
    """Reads the command line and fuzzes one target.

    `starts`: patterns of real files, cut to `longest` bytes; `error`: what a reader may raise.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=sorted(targets))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=60)
    said = parser.parse_args()
    work, done, most = targets[said.target], 0, 0
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{said.target}-"))
    for number, raw in enumerate(corpus(said.data, starts[said.target], longest)):
        (folder / str(number)).write_bytes(raw)
        with suppress(error):
            work(raw)

    def one(raw: bytes) -> None:
        nonlocal done, most
        done += 1
        forget()
        before = status("VmRSS")
        with suppress(error):
            work(raw)
        most = max(most, status("VmHWM") - before)
        if most > MOST_MEGABYTES:
            raise MemoryError(f"{most} MB more")
        if done % 5_000 == 0:
            print(f"{said.target}: {done:,} inputs, at most {most} MB more for one of them", flush=True)

    limits = [f"-max_total_time={said.seconds}", f"-timeout={MOST_SECONDS}", f"-max_len={longest}"]
    atheris.Setup([sys.argv[0], str(folder), f"-artifact_prefix={folder}-", "-print_final_stats=1", *limits], one)
    os.nice(19)
    atheris.Fuzz()
