"""Quotes cut out of audio as publishers have it, read here or over the network, to the second."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receiver import Receiver, receiver
from takefive.common.errors import FetchError, RefusedAddressError, SpeechError
from takefive.common.http import GuardedClient
from takefive.delivery import clips, remote_audio

pytest.importorskip("av", reason="needs the extra speech")

from delivery.tones import second_of, tones

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KINDS = {"even": ("mp3", False), "uneven": ("mp3", True), "m4a": ("m4a", False)}


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as served:
        yield served


def client(server: Receiver) -> GuardedClient:
    return GuardedClient(user_agent="test", trusted=server.trusted)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", [0.0, 31.0, 50.0])
def test_the_cut_is_where_it_was_asked_for(kind: str, start: float) -> None:
    clip = clips.cut(io.BytesIO(tones(60, *KINDS[kind])), start, start + 3)
    assert clips.seconds(clip) == pytest.approx(3, abs=0.12)
    for at in (0.25, 1.25, 2.25):
        assert second_of(clip, at) == pytest.approx(start + int(at), abs=0.35)


def test_joined_clips_are_one_recording() -> None:
    one, other = (clips.cut(io.BytesIO(tones(60)), start, start + 2) for start in (10.0, 50.0))
    joined = one + clips.silence() + other
    assert second_of(joined, 0.5) == pytest.approx(10, abs=0.35)
    assert second_of(joined, clips.seconds(one + clips.silence()) + 0.3) == pytest.approx(50, abs=0.35)


@pytest.mark.parametrize("kind", KINDS)
def test_over_the_network_it_is_the_same(server: Receiver, kind: str) -> None:
    whole = tones(60, *KINDS[kind])
    server.files["/show"] = whole
    with remote_audio.opened(server.url("/show"), client=lambda: client(server)) as file:
        assert clips.cut(file, 40.0, 42.0) == clips.cut(io.BytesIO(whole), 40.0, 42.0)


def test_of_a_long_file_only_some_is_fetched(server: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_audio, "PIECE", 1 << 14)
    server.files["/show"] = tones(60)
    with remote_audio.opened(server.url("/show"), client=lambda: client(server)) as file:
        assert second_of(clips.cut(file, 50.0, 52.0), 0.5) == pytest.approx(50, abs=0.35)
    assert len(server.got) * remote_audio.PIECE < len(server.files["/show"]) / 2


def test_a_server_without_ranges_gives_the_whole(server: Receiver) -> None:
    server.files["/show"], server.ranges = tones(60), False
    with remote_audio.opened(server.url("/show"), client=lambda: client(server)) as file:
        assert second_of(clips.cut(file, 40.0, 42.0), 0.5) == pytest.approx(40, abs=0.35)
    assert len(server.got) == 1


def test_a_file_without_ranges_is_fetched_up_to_a_size(server: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files["/show"], server.ranges = tones(60), False
    monkeypatch.setattr(remote_audio, "MOST", 100_000)
    with (
        pytest.raises(FetchError, match="longer than"),
        remote_audio.opened(server.url("/show"), client=lambda: client(server)),
    ):
        pass


def test_an_audio_that_is_gone_or_that_lies_inside_is_an_error_in_words(server: Receiver) -> None:
    with pytest.raises(FetchError), remote_audio.opened(server.url("/none"), client=lambda: client(server)):
        pass
    with pytest.raises(RefusedAddressError), remote_audio.opened("http://127.0.0.1/a", client=lambda: client(server)):
        pass


def test_an_audio_that_changes_while_it_is_read_is_given_up(server: Receiver) -> None:
    server.files["/show"] = tones(60)
    with remote_audio.opened(server.url("/show"), client=lambda: client(server)) as file:
        server.files["/show"] = b"short"
        with pytest.raises(FetchError):
            clips.cut(file, 50.0, 52.0)


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
HOSTILE = [
    b"",
    b"no audio",
    PLAYLIST,
    b"ffconcat version 1.0\nfile /etc/passwd\n",
    b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
    b"<html>",
    b"\x00" * 5_000,
    b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00",
]


@pytest.mark.parametrize("data", HOSTILE)
def test_what_is_no_audio_is_refused_and_no_playlist_is_followed(data: bytes) -> None:
    with pytest.raises(SpeechError):
        clips.cut(io.BytesIO(data), 5.0, 8.0)


def test_audio_cut_short_or_damaged_never_ends_in_a_fault_of_ours() -> None:
    whole = tones(30)
    with pytest.raises(SpeechError, match=r"ends before|can be read"):
        clips.cut(io.BytesIO(whole[: len(whole) // 3]), 20.0, 22.0)
    damaged = whole[:100_000] + os.urandom(20_000) + whole[120_000:]
    assert clips.cut(io.BytesIO(damaged), 5.0, 9.0)


@given(st.floats(0, 1e5), st.none() | st.floats(-10, 1e6))
def test_no_clip_is_longer_than_a_minute(start: float, end: float | None) -> None:
    first, last = clips.bounds(start, end)
    assert 0 <= first <= start
    assert 0 < last - first <= clips.LONGEST + 1e-6


def test_the_shelf_forgets_the_old_and_then_the_oldest(tmp_path: Path) -> None:
    shelf = clips.Shelf(tmp_path / "clips")
    for age in range(6):
        path = shelf.path("clip", age)
        shelf.put(path, b"x" * 100)
        moment = (NOW - timedelta(days=age)).timestamp()
        os.utime(path, (moment, moment))
    assert shelf.purge(NOW, keep=timedelta(days=3, hours=1), most=250) == 4
    assert [shelf.path("clip", age).exists() for age in range(6)] == [True, True, False, False, False, False]
    assert (tmp_path / "clips").stat().st_mode & 0o077 == 0
