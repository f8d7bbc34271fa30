"""Audio files, decoded piece by piece in bounded memory. Needs PyAV (the extra `speech`), not a system's ffmpeg."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from takefive.common.errors import SpeechError

if TYPE_CHECKING:
    from av.container import InputContainer

MISSING = "audio cannot be read without the extra: pip install 'takefive[speech]'"
RATE = 16_000
"""Samples a second that recognisers hear."""
PIECE = 300.0
"""Seconds of one piece: what is lost when a machine dies, and 19 MB of samples."""
LONGEST = 12 * 3600.0
"""Seconds after which a file is no episode."""
_LOOK = 20.0  # seconds before the end of a piece in which the quietest moment is looked for
_MOMENT = RATE // 5  # samples of such a moment
_FORMATS = "mp3,mov,mp4,m4a,aac,ogg,flac,wav,w64,aiff,caf,matroska,webm,asf,amr,mpegts"
_LOWEST = 4_000  # samples a second; telephones have 8,000
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"<", b"[playlist]")

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Piece:
    """Mono samples at `RATE`, shape (n,), and the second of the audio at which they start."""

    start: float
    samples: Samples

    @property
    def end(self) -> float:
        """The second at which it ends."""
        return self.start + len(self.samples) / RATE


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the audio as its file names it (ID3 or MP4 chapters); seconds."""

    start: float
    end: float
    title: str


def refuse_no_audio(start: bytes, name: str) -> None:
    """Raise `SpeechError` for empty files, and for those that tell the decoder to open other files."""
    if not start:
        raise SpeechError(f"{name} is empty")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PLAYLISTS):
        raise SpeechError(f"{name} is a playlist or a page, not audio")


def pieces(path: Path, *, start: float = 0.0, seconds: float = PIECE, longest: float = LONGEST) -> Iterator[Piece]:
    """The audio from the second `start` on, cut in its quietest moments at most every `seconds`.

    What is damaged is left out as far as the decoder can; raises `SpeechError` where nothing can be decoded, or where it is
    longer than `longest` seconds.
    """
    if (told := length(path)) and told > longest:
        raise SpeechError(f"{path.name} is longer than {longest / 3600:.0f} hours")
    blocks: list[Samples] = []
    held = 0
    for block in _from(path, start):
        blocks.append(block)
        held += len(block)
        if held <= seconds * RATE:
            continue
        waiting = np.concatenate(blocks)
        cut = quietest(waiting[: int(seconds * RATE)])
        yield Piece(start, waiting[:cut])
        start, blocks, held = start + cut / RATE, [waiting[cut:]], held - cut
        if start > longest:
            raise SpeechError(f"{path.name} is longer than {longest / 3600:.0f} hours")
    if held:
        yield Piece(start, np.concatenate(blocks))


@contextmanager
def unpacked(path: Path, *, longest: float = LONGEST) -> Iterator[NDArray[np.int16]]:
    """All samples of an audio file, shape (n,), of which any part can be looked at, each second exactly where it is played.

    They lie in a file without a name beside it (115 MB for an hour), not in memory. Raises `SpeechError`.
    """
    written = 0
    with tempfile.TemporaryFile(dir=path.parent) as file:
        for block in _decoded(path):
            written += len(block)
            if written > longest * RATE:
                raise SpeechError(f"{path.name} is longer than {longest / 3600:.0f} hours")
            file.write((np.clip(block, -1, 1) * 32_767).astype(np.int16).tobytes())
        file.flush()
        yield np.memmap(file, dtype=np.int16, mode="r")


def quietest(samples: Samples) -> int:
    """Where to cut: the sample in the middle of the quietest fifth of a second near the end."""
    after = len(samples) - min(int(_LOOK * RATE), len(samples) // 3)
    moments = samples[after : after + (len(samples) - after) // _MOMENT * _MOMENT].reshape(-1, _MOMENT)
    if not len(moments):
        return len(samples)
    return after + int(np.argmin(np.square(moments).mean(axis=1))) * _MOMENT + _MOMENT // 2


def length(path: Path) -> float | None:
    """Seconds of audio as the file says, None where it does not. Raises `SpeechError` for what is no audio."""
    with _opened(path) as container:
        return container.duration / 1e6 if container.duration and container.duration > 0 else None


def chapters(path: Path) -> list[Chapter]:
    """The chapters that the file itself names, in their order; [] where there are none. Raises `SpeechError`."""
    with _opened(path) as container:
        found = [
            Chapter(
                float(one["start"] * one["time_base"]),
                float(one["end"] * one["time_base"]),
                str(one["metadata"].get("title", ""))[:300],
            )
            for one in container.chapters()
            if one["time_base"] is not None
        ]
    return sorted((c for c in found if c.end > c.start), key=lambda c: c.start)


def _from(path: Path, start: float) -> Iterator[Samples]:
    """Decoded blocks, the first `start` seconds dropped: decoding is cheap, and seeking in MP3 is not exact."""
    drop = round(start * RATE)
    for block in _decoded(path):
        if drop < len(block):
            yield block[drop:]
        drop = max(0, drop - len(block))


def _decoded(path: Path) -> Iterator[Samples]:
    with _opened(path) as container:
        heard = False
        for frame in _frames(container):
            heard = True
            yield frame
    if not heard:
        raise SpeechError(f"nothing in {path.name} can be decoded as audio")


def _frames(container: InputContainer) -> Iterator[Samples]:
    """Decoded blocks; where parts of other rates or channels were stitched together, each is resampled in its own way."""
    import av
    from av.audio.resampler import AudioResampler

    resampler, form = None, None
    for packet in container.demux(audio=0):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:  # a damaged stretch; what comes after may be whole
            continue
        for frame in frames:
            if form != (frame.sample_rate, frame.format.name, frame.layout.name):
                form = (frame.sample_rate, frame.format.name, frame.layout.name)
                resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
            assert resampler, "made for the first frame"
            frame.pts = None  # broken clocks in the file must not make the resampler insert silence
            for part in resampler.resample(frame):
                yield np.asarray(part.to_ndarray(), dtype=np.float32).reshape(-1)


def _opened(path: Path) -> InputContainer:
    """The file opened by the decoder, which may open no other. The caller closes it."""
    if find_spec("av") is None:
        raise SpeechError(MISSING)
    import av

    try:
        with path.open("rb") as file:
            refuse_no_audio(file.read(64), path.name)
        # No format that names other files or addresses is ever followed.
        walls = {"protocol_whitelist": "file", "format_whitelist": _FORMATS}
        container = av.open(str(path.resolve()), options=walls, metadata_errors="replace")
    except (OSError, ValueError) as error:  # FFmpeg's errors are of either kind
        why = getattr(error, "strerror", None) or type(error).__name__
        raise SpeechError(f"cannot read {path.name} as audio: {why}") from error
    if not container.streams.audio:
        container.close()
        raise SpeechError(f"{path.name} holds no audio")
    rate = container.streams.audio[0].sample_rate
    if not rate or rate < _LOWEST:  # a few bytes of it would become hours
        container.close()
        raise SpeechError(f"{path.name} says that it has {rate} samples a second: no voice can be heard in that")
    return container
