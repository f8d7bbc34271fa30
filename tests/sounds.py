"""Sounds made for the tests."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np

RATE = 16_000


def noise(seconds: float, rate: int = RATE) -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.5, 0.5, int(seconds * rate)).astype(np.float32)


def written(path: Path, samples: np.ndarray, *, rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.repeat(samples, channels) * 32_767).astype("<i2").tobytes())
    return path


def encoded(path: Path, samples: np.ndarray, codec: str = "mp3", *, rate: int = RATE, video: bool = False) -> Path:
    """Samples as a file of the kind that its name says; with a second of black pictures where `video`."""
    import av

    with av.open(str(path), "w") as file:
        voice = file.add_stream(codec, rate=rate, layout="mono") if len(samples) else None
        pictures = file.add_stream("mpeg4", rate=10, width=32, height=32, pix_fmt="yuv420p") if video else None
        if voice:
            _voice(file, voice, samples, rate)
        if pictures:
            for _ in range(10):
                file.mux(pictures.encode(av.VideoFrame(32, 32, "yuv420p")))
            file.mux(pictures.encode(None))
    return path


def _voice(file, stream, samples: np.ndarray, rate: int) -> None:
    import av

    frame = av.AudioFrame.from_ndarray((samples * 32_767).astype(np.int16).reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate
    context = stream.codec_context
    suited = av.AudioResampler(format=context.format, layout="mono", rate=rate, frame_size=context.frame_size)
    for part in [*suited.resample(frame), *suited.resample(None), None]:
        file.mux(stream.encode(part))


def with_chapters(mp3: bytes, chapters: dict[str, tuple[float, float]]) -> bytes:
    """An MP3 file with an ID3 tag before it that names chapters, from one second to another."""
    frames = b"".join(
        _frame(b"CHAP", b"c\0" + struct.pack(">IIII", int(start * 1000), int(end * 1000), _NONE, _NONE) + _title(title))
        for title, (start, end) in chapters.items()
    )
    return b"ID3\x03\x00\x00" + _seven_bits(len(frames)) + frames + mp3


_NONE = 0xFFFFFFFF


def _title(words: str) -> bytes:
    return _frame(b"TIT2", b"\x03" + words.encode())


def _frame(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">IH", len(body), 0) + body


def _seven_bits(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))
