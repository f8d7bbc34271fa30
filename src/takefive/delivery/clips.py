"""A quote in its speaker's own voice: some seconds cut out of the publisher's audio, and the folder where they wait to be heard.

All clips are MP3 of one form (44.1 kHz, mono, 96 kbit/s, no bit reservoir, no header), so that clips joined octet by octet are
an MP3 again and the length in octets tells the length in seconds.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from takefive.common.errors import SpeechError

RATE, BIT_RATE = 44_100, 96_000
LONGEST = 60.0  # seconds: a quotation, not a copy of the show
PADDING = 0.5  # seconds before and after: transcripts cut closely
_BEFORE = 3.0  # seconds read before the cut: a decoder needs some frames to begin well
# Containers that lead nowhere else: playlists (HLS, DASH, concat) name files and addresses of their own.
_FORMATS = "mp3,mov,mp4,m4a,3gp,3g2,mj2,aac,ogg,flac,wav"


def bounds(start: float, end: float | None) -> tuple[float, float]:
    """The seconds to cut for a quote: with its padding, 60 s at the most; where its end is not known, half a minute."""
    first = max(0.0, start - PADDING)
    last = (start + LONGEST / 2 if end is None or end <= start else end) + PADDING
    return first, min(last, first + LONGEST)


def seconds(clip: bytes) -> float:
    """How long a clip of ours is."""
    return len(clip) * 8 / BIT_RATE


def cut(audio: BinaryIO, start: float, end: float) -> bytes:
    """The seconds from `start` to `end` of any audio file as a clip; little more than those is read where the file allows it.

    Raises SpeechError where it is no audio that we read, or ends before.
    """
    av, uneven = _library(), _has_uneven_frames(audio)
    try:
        with av.open(
            audio, options={"format_whitelist": _FORMATS, "protocol_whitelist": "none", "fflags": "+fastseek"}
        ) as file:
            stream = file.streams.audio[0]
            if start > _BEFORE and not uneven:
                file.seek(int((start - _BEFORE) * av.time_base))
            samples = _samples(av, file, stream, start, end)
    except av.error.EOFError as error:
        raise SpeechError("the audio ends before the quote") from error
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise SpeechError(f"no audio that can be read ({type(error).__name__})") from error
    if len(samples) < RATE // 2:
        raise SpeechError("the audio ends before the quote")
    return _encoded(av, samples)


def chime() -> bytes:
    """Two soft notes before each quote, where no voice reads the headline."""
    return _chime()


def silence() -> bytes:
    """A breath after each quote."""
    return _silence()


class Shelf:
    """The folder of clips: each there whole or not at all, none longer than so many days, all together not above a size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, *what: object) -> Path:
        """Where the clip of this source and these seconds lies."""
        name = sha256("\0".join(map(str, what)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self.folder / f"{name}.mp3"

    def put(self, path: Path, clip: bytes) -> None:
        """Keep a clip; OSError where the disk refuses."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.part")
        beside.write_bytes(clip)
        beside.replace(path)

    def purge(self, now: datetime, *, keep: timedelta, most: int) -> int:
        """Delete what is older than `keep`, then the oldest until all are below `most` octets; how many."""
        files = sorted(self._files(), key=lambda file: file[0], reverse=True)  # newest first
        oldest, total, gone = (now - keep).timestamp(), 0, 0
        for written, size, path in files:
            total += size
            if written < oldest or total > most:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("*"):
            try:
                told = path.stat()
            except FileNotFoundError:  # another worker was first
                continue
            yield told.st_mtime, told.st_size, path


def _samples(av: Any, file: Any, stream: Any, start: float, end: float) -> np.ndarray:
    """The wanted stretch as 16-bit mono at our rate."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    pieces: list[np.ndarray] = []
    first: float | None = None
    for frame in takewhile(
        lambda frame: frame.time is None or frame.time < end, _frames(av, file, stream, start - _BEFORE)
    ):
        if first is None:
            first = frame.time or 0.0
        pieces += [piece.to_ndarray().ravel() for piece in resampler.resample(frame)]
    if first is None:
        return np.zeros(0, dtype=np.int16)
    whole = np.concatenate([*pieces, *(piece.to_ndarray().ravel() for piece in resampler.resample(None))])
    return whole[max(0, int((start - first) * RATE)) : max(0, int((end - first) * RATE))]


def _frames(av: Any, file: Any, stream: Any, after: float) -> Iterator[Any]:
    """Frames from about `after` on; what comes before is passed over undecoded, a damaged packet is left out."""
    for packet in file.demux(stream):
        at = packet.pts * packet.time_base if packet.pts is not None else None
        if at is not None and at < after:
            continue
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _has_uneven_frames(audio: BinaryIO) -> bool:
    """Whether an MP3 has a variable bit rate: there a place in the file tells no second, so it must be read from its beginning."""
    audio.seek(0)
    head = audio.read(10)
    skip = 0
    if head[:3] == b"ID3" and len(head) == 10:
        a, b, c, d = head[6:10]
        skip = 10 + ((a & 127) << 21 | (b & 127) << 14 | (c & 127) << 7 | d & 127)
    audio.seek(skip)
    frame = audio.read(4_096)
    audio.seek(0)
    return b"Xing" in frame or b"VBRI" in frame


def _encoded(av: Any, samples: np.ndarray) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as file:
        stream = file.add_stream("libmp3lame", rate=RATE, layout="mono", options={"reservoir": "0"})
        stream.bit_rate = BIT_RATE
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=RATE, frame_size=1152)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return out.getvalue()


@lru_cache(maxsize=1)
def _chime() -> bytes:
    time = np.arange(int(RATE * 0.9)) / RATE
    notes = sum(
        np.sin(2 * np.pi * pitch * (time - begin)) * np.exp(-6 * (time - begin)) * (time >= begin)
        for pitch, begin in ((587.33, 0.0), (880.0, 0.18))
    )
    return _encoded(_library(), (np.asarray(notes) * 5_000).astype(np.int16))


@lru_cache(maxsize=1)
def _silence() -> bytes:
    return _encoded(_library(), np.zeros(int(RATE * 0.6), dtype=np.int16))


def _library() -> Any:
    try:
        import av
    except ImportError as error:
        raise SpeechError("cutting audio needs the extra “speech”: pip install 'takefive[speech]'") from error
    return av
