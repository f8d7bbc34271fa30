"""What publishers' servers send as audio and is none, is broken, or is more than meets the eye: each is answered clearly."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sounds import encoded, noise, with_chapters, written
from takefive.common.errors import SpeechError
from takefive.transcripts.audio import RATE, chapters, length, pieces

pytest.importorskip("av", reason="the extra speech is not installed here")

NOTHING = np.zeros(0, dtype=np.float32)
Make = Callable[[Path], bytes]


def mp3(folder: Path, seconds: float = 2, rate: int = RATE) -> bytes:
    return encoded(folder / f"{rate}.mp3", noise(seconds, rate), rate=rate).read_bytes()


def m4a(folder: Path) -> bytes:
    return encoded(folder / "a.m4a", noise(2), "aac").read_bytes()


def wav(folder: Path, at: int, form: str, value: int) -> bytes:
    """Two seconds whose header says something else."""
    whole = bytearray(written(folder / "a.wav", noise(2)).read_bytes())
    struct.pack_into(form, whole, at, value)
    return bytes(whole)


REFUSED: dict[str, tuple[Make, str]] = {
    "nothing": (lambda _: b"", "is empty"),
    "a page": (lambda _: b"<!doctype html><p>Please log in", "a page, not audio"),
    "a page in spaces": (lambda _: b"\xef\xbb\xbf \r\n <html>", "a page, not audio"),
    "a playlist": (lambda _: b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n", "a playlist"),
    "a list of files": (lambda _: b"ffconcat version 1.0\nfile /etc/passwd\n", "a playlist"),
    "JSON": (lambda _: b'{"error": "expired"}' * 90, "cannot read"),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n" + b"\0" * 999, "cannot read"),
    "a document": (lambda _: b"%PDF-1.4\n" + b"x" * 999, "cannot read"),
    "an archive": (lambda _: b"PK\x03\x04" + b"\0" * 999, "cannot read"),
    "a page behind ID3": (lambda _: b"ID3\x04\x00\x00\x00\x00\x00\x05aaaaa<html>" + b"hello " * 900, "cannot read"),
    "ID3 that says it has 256 MB": (lambda at: b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + mp3(at), "cannot read"),
    "MP4 without its index": (lambda at: m4a(at)[:4000], "cannot read"),
    "only pictures": (lambda at: encoded(at / "v.mp4", NOTHING, video=True).read_bytes(), "holds no audio"),
    "no samples a second": (lambda at: wav(at, 24, "<I", 0), "cannot read"),
    "one sample a second": (lambda at: wav(at, 24, "<I", 1), "samples a second"),
    "65,535 channels": (lambda at: wav(at, 22, "<H", 65_535), "decoded"),
    "only a header": (lambda at: written(at / "a.wav", NOTHING).read_bytes(), r"decoded|cannot read"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_no_audio_costs_one_line_that_names_the_file_and_no_folder(fault: str, tmp_path: Path) -> None:
    make, why = REFUSED[fault]
    file = tmp_path / "talk.mp3"
    file.write_bytes(make(tmp_path))

    with pytest.raises(SpeechError, match=why) as caught:
        list(pieces(file))

    assert "talk.mp3" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert "\n" not in str(caught.value)


HEARD: dict[str, tuple[Make, float]] = {
    "cut short": (lambda at: mp3(at)[: len(mp3(at)) // 2], 1.0),
    "a page after it": (lambda at: mp3(at) + b"<html>" + b"x" * 900, 2.0),
    "an answer's head before it": (lambda at: b"HTTP/1.1 200 OK\r\n\r\n" + mp3(at), 2.0),
    "zeros before it": (lambda at: b"\0" * 5000 + mp3(at), 2.0),
    "a hole in it": (lambda at: mp3(at)[:2000] + b"\0" * 800 + mp3(at)[2800:], 1.8),
    "stitched from two rates": (lambda at: mp3(at) + mp3(at, rate=44_100), 4.0),
    "without the header that tells its length": (lambda at: mp3(at)[mp3(at).index(b"\xff", 200) :], 2.0),
    "a header that promises 4 GB": (lambda at: wav(at, 40, "<I", 0xFFFFFFF0), 2.0),
    "pictures beside it": (lambda at: encoded(at / "v.mp4", noise(2), "aac", video=True).read_bytes(), 2.0),
    "Opus": (lambda at: encoded(at / "a.ogg", noise(2, 48_000), "libopus", rate=48_000).read_bytes(), 2.0),
    "FLAC": (lambda at: encoded(at / "a.flac", noise(2), "flac").read_bytes(), 2.0),
    "AAC in MP4": (m4a, 2.0),
}


@pytest.mark.parametrize("fault", HEARD)
def test_what_can_be_heard_of_odd_audio_is_heard(fault: str, tmp_path: Path) -> None:
    make, seconds = HEARD[fault]
    file = tmp_path / "talk.mp3"
    file.write_bytes(make(tmp_path))

    assert sum(len(piece.samples) for piece in pieces(file)) / RATE == pytest.approx(seconds, abs=0.25)


def test_two_days_of_audio_are_refused_before_any_of_it_is_heard(tmp_path: Path) -> None:
    file = tmp_path / "talk.wav"
    with wave.open(str(file), "wb") as made:  # its samples are holes in the file
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(b"\0\0")
    size = 48 * 3600 * 8000 * 2
    with file.open("r+b") as made:
        made.truncate(44 + size)
        made.seek(40)
        made.write(struct.pack("<I", size))

    assert length(file) == 48 * 3600
    with pytest.raises(SpeechError, match="longer than 12 hours"):
        next(pieces(file))


def test_a_thousand_chapters_with_broken_times_are_those_that_make_sense_in_their_order(tmp_path: Path) -> None:
    told = {f"part {n}": (n / 1000, (n + 1) / 1000) for n in range(1000)} | {
        "backwards": (2.0, 1.0),
        "\ufffd" * 900: (3, 4),
    }
    file = tmp_path / "talk.mp3"
    file.write_bytes(with_chapters(mp3(tmp_path), told))

    found = chapters(file)

    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(one.end > one.start and len(one.title) <= 300 for one in found)
    assert len(found) >= 1000
