"""Audio is decoded piece by piece, cut where it is quiet, and what is no audio is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sounds import noise, written
from takefive.common.errors import SpeechError
from takefive.transcripts.audio import RATE, length, pieces, quietest, refuse_no_audio

pytest.importorskip("av", reason="the extra speech is not installed here")


@pytest.mark.parametrize(
    "start", [b"#EXTM3U\nfile:///etc/passwd", b"ffconcat version 1.0", b"\xef\xbb\xbf <html>", b""]
)
def test_what_would_open_other_files_or_is_empty_is_refused(start: bytes) -> None:
    with pytest.raises(SpeechError, match=r"not audio|is empty"):
        refuse_no_audio(start, "talk.mp3")


def test_a_playlist_that_hides_behind_other_bytes_is_not_followed(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.wav", noise(1))
    (tmp_path / "talk.mp3").write_text(f"x\n#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n")

    with pytest.raises(SpeechError, match=r"talk\.mp3"):
        list(pieces(tmp_path / "talk.mp3"))


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 2), (48_000, 8)])
def test_any_rate_and_channels_become_mono_at_the_recognisers_rate(rate: int, channels: int, tmp_path: Path) -> None:
    file = written(tmp_path / "a.wav", noise(3, rate), rate=rate, channels=channels)

    (only,) = pieces(file)

    assert len(only.samples) == pytest.approx(3 * RATE, rel=0.01)
    assert length(file) == pytest.approx(3, abs=0.01)


def test_pieces_are_cut_where_it_is_quiet_and_together_are_the_whole(tmp_path: Path) -> None:
    loud = noise(25)
    loud[8 * RATE : 9 * RATE] = 0

    found = list(pieces(written(tmp_path / "a.wav", loud), seconds=10))

    assert 8 <= found[0].end <= 9
    assert all(len(piece.samples) <= 10 * RATE for piece in found)
    assert [piece.start for piece in found[1:]] == [piece.end for piece in found[:-1]]
    assert np.allclose(np.concatenate([piece.samples for piece in found]), loud, atol=1e-3)


def test_pieces_from_a_second_on_are_the_rest_of_the_same_audio(tmp_path: Path) -> None:
    file = written(tmp_path / "a.wav", noise(12))
    whole = list(pieces(file, seconds=5))

    rest = list(pieces(file, start=whole[0].end, seconds=5))

    assert rest[0].start == whole[0].end
    assert np.array_equal(rest[0].samples, whole[1].samples)


def test_silence_is_cut_at_the_first_quiet_moment_and_a_short_piece_at_its_end() -> None:
    assert quietest(np.zeros(30 * RATE, dtype=np.float32)) == pytest.approx(20.1 * RATE, abs=RATE)
    assert quietest(np.zeros(10, dtype=np.float32)) in range(7, 11)


@pytest.mark.parametrize("content", [b"\x00" * 5000, b"RIFF\x24\x00\x00\x00WAVEfmt ", b"not audio at all " * 400])
def test_what_cannot_be_decoded_costs_one_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "talk.mp3"
    file.write_bytes(content)

    with pytest.raises(SpeechError, match=r"talk\.mp3") as caught:
        list(pieces(file))

    assert "\n" not in str(caught.value)


def test_a_file_cut_short_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    file = written(tmp_path / "a.wav", noise(4))
    file.write_bytes(file.read_bytes()[: 2 * RATE * 2])

    (only,) = pieces(file)

    assert len(only.samples) == pytest.approx(2 * RATE, rel=0.02)


def test_what_is_longer_than_any_episode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="longer than"):
        list(pieces(written(tmp_path / "a.wav", noise(30)), seconds=5, longest=10))
