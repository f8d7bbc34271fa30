"""Audio that tells its second: in second n it sings 200 + 10 n Hz. As MP3 of even and of uneven frames, and as M4A."""

from __future__ import annotations

import io
from functools import cache

import av
import numpy as np

RATE = 44_100


@cache
def tones(seconds: int = 120, kind: str = "mp3", uneven: bool = False) -> bytes:
    out = io.BytesIO()
    codec, form = ("aac", "mp4") if kind == "m4a" else ("libmp3lame", "mp3")
    with av.open(out, "w", format=form) as file:
        options = {"q": "6"} if uneven else {}
        stream = file.add_stream(codec, rate=RATE, layout="stereo", options=options)
        if uneven:
            stream.codec_context.qscale = True
            stream.codec_context.global_quality = 6 * 118
        else:
            stream.bit_rate = 128_000
        resampler = av.AudioResampler(
            format=stream.format, layout="stereo", rate=RATE, frame_size=stream.frame_size or 1024
        )
        for second in range(seconds):
            time = np.arange(RATE) / RATE
            sound = np.sin(2 * np.pi * (200 + 10 * second) * time) * 9_000
            frame = av.AudioFrame.from_ndarray(sound.astype(np.int16).reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, second * RATE
            for piece in resampler.resample(frame):
                file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return out.getvalue()


def second_of(clip: bytes, at: float) -> float:
    """Which second of the original is heard in this half second of the clip."""
    with av.open(io.BytesIO(clip)) as file:
        sound = np.concatenate([frame.to_ndarray().ravel() for frame in file.decode(audio=0)])
    piece = sound[int(at * RATE) : int((at + 0.5) * RATE)]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece))))
    return (float(np.argmax(spectrum)) * RATE / len(piece) - 200) / 10
