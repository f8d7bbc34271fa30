"""An episode with only audio: chosen, downloaded, heard by a service over real HTTP, and read for insights."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from sounds import encoded, noise, with_chapters, written
from takefive.common.errors import SpeechError
from takefive.pipeline import flow
from takefive.pipeline.steps import recognise
from takefive.store.models import Episode, Podcast
from takefive.transcripts.audio import RATE, Samples
from takefive.transcripts.voices import Turn

from .conftest import Library

pytest.importorskip("av", reason="the extra speech is not installed here")

SAID = "The battery of the future is made of salt because salt costs next to nothing everywhere. " * 4


class Host(BaseHTTPRequestHandler):
    """A transcription service, and the publisher's audio."""

    audio: ClassVar[bytes | None] = b""
    answer: ClassVar[tuple[int, str]] = (200, SAID)
    heard: ClassVar[list[bytes]] = []

    def do_GET(self) -> None:
        self._send(404 if self.audio is None else 200, self.audio or b"")

    def do_POST(self) -> None:
        self.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
        status, text = self.answer
        self._send(status, json.dumps({"text": text, "language": "en"}).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def episode(library: Library, settings: Settings, tmp_path: Path) -> Iterator[Episode]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"127.0.0.1:{server.server_port}"
    Host.audio, Host.answer, Host.heard = written(tmp_path / "a.wav", noise(20)).read_bytes(), (200, SAID), []
    settings.SPEECH, settings.AUDIO_FOLDER = f"http://{here}/v1 whisper-1", tmp_path / "heard"
    settings.TRUSTED_HOSTS = {**settings.TRUSTED_HOSTS, "audio.example": here}
    podcast = Podcast.objects.create(feed_url="https://one.example/feed", title="One", retired_at=timezone.now())
    yield Episode.objects.create(
        podcast=podcast,
        guid="1",
        title="Salt with Maria Chen",
        stage=Episode.Stage.PICKED,
        chosen_at=timezone.now(),
        audio_url="http://audio.example/a.wav",
    )
    server.shutdown()
    server.server_close()
    recognise.recogniser.cache_clear()


def work(episode: Episode) -> Episode:
    flow.recognise(episode=episode.pk)
    episode.refresh_from_db()
    return episode


def test_its_words_become_a_transcript_and_the_audio_is_deleted(episode: Episode, settings: Settings) -> None:
    assert work(episode).stage == Episode.Stage.TRANSCRIBED

    assert "made of salt" in str(episode.transcript.segments)
    assert episode.transcript.source == "service whisper-1"
    assert b"Maria Chen" in Host.heard[0]
    assert not list(settings.AUDIO_FOLDER.iterdir())


def test_a_voice_that_says_its_name_speaks_under_it(
    episode: Episode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VOICES = "/models"
    monkeypatch.setattr(recognise, "diariser", lambda folder: TwoVoices())
    Host.answer = (200, "Hello there, my name is Maria Chen. " + SAID)

    work(episode)

    speakers = [segment["speaker"] for segment in episode.transcript.segments]
    assert speakers[0] == "Maria Chen"
    assert speakers[-1] is None


class TwoVoices:
    """One for the first ten seconds, another for the rest."""

    name = "fake 1"

    def turns(self, samples: Samples) -> list[Turn]:
        return [Turn(0, 10, 0), Turn(10, len(samples) / RATE, 1)]


def test_without_the_models_for_voices_the_words_are_kept(episode: Episode, settings: Settings, tmp_path: Path) -> None:
    settings.VOICES = str(tmp_path)

    assert work(episode).stage == Episode.Stage.TRANSCRIBED


@pytest.mark.parametrize(("model", "library"), [("config.yaml", "pyannote"), ("segmentation.onnx", "sherpa-onnx")])
def test_the_models_in_the_folder_say_which_library_tells_voices_apart(
    model: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / model).touch()
    for module in ("pyannote.audio", "sherpa_onnx"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(sys, "path", [])  # neither is installed

    with pytest.raises(SpeechError, match=f"pip install {library}"):
        recognise.diariser.__wrapped__(str(tmp_path))


def test_chapters_of_the_audio_file_are_kept_where_the_feed_gives_none(episode: Episode, tmp_path: Path) -> None:
    talk = encoded(tmp_path / "a.mp3", noise(20)).read_bytes()
    Host.audio = with_chapters(talk, {"Salt": (0, 12), "Sponsor": (12, 20)})

    work(episode)

    assert episode.chapters == [{"start": 0.0, "title": "Salt"}, {"start": 12.0, "title": "Sponsor"}]


def test_the_feeds_own_chapters_go_before_those_of_the_file(episode: Episode, tmp_path: Path) -> None:
    Episode.objects.filter(pk=episode.pk).update(chapters=[{"start": 3.0, "title": "Of the feed"}])
    Host.audio = with_chapters(encoded(tmp_path / "a.mp3", noise(20)).read_bytes(), {"Salt": (0, 20)})

    assert work(episode).chapters == [{"start": 3.0, "title": "Of the feed"}]


def test_audio_is_kept_by_choice(episode: Episode, settings: Settings) -> None:
    settings.KEEP_AUDIO = True

    work(episode)

    assert (settings.AUDIO_FOLDER / episode.public_id / "audio").read_bytes() == Host.audio


def test_a_service_that_is_down_is_tried_again_without_a_second_download(
    episode: Episode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takefive.transcripts.remote.asyncio.sleep", no_wait)
    Host.answer = (503, "")
    assert work(episode).stage == Episode.Stage.PICKED
    assert "503" in episode.error
    Host.answer, Host.audio = (200, SAID), b"gone"

    assert work(episode).stage == Episode.Stage.TRANSCRIBED


async def no_wait(seconds: float) -> None: ...


def test_what_is_no_audio_is_given_up_with_a_line_that_says_so(episode: Episode) -> None:
    Host.audio = b"<html>please log in</html>"

    assert work(episode).stage == Episode.Stage.FAILED
    assert "not audio" in episode.error


def test_no_audio_stays_of_an_episode_that_was_given_up(episode: Episode, settings: Settings) -> None:
    Host.audio = b"<html>please log in</html>"

    work(episode)

    assert not list(settings.AUDIO_FOLDER.iterdir())


def test_a_private_podcasts_audio_address_stands_in_no_log_and_no_row(
    episode: Episode, caplog: pytest.LogCaptureFixture
) -> None:
    Podcast.objects.update(private=True)
    Episode.objects.update(audio_url="http://audio.example/s3cret/a.wav")
    Host.audio = None

    assert "audio.example" in work(episode).error
    assert "s3cret" not in episode.error + caplog.text


def test_the_sweep_asks_for_it_and_only_where_speech_is_on(episode: Episode, settings: Settings) -> None:
    now = timezone.now()
    assert recognise.waiting(now) == [episode.pk]

    settings.SPEECH = ""

    assert recognise.waiting(now) == []


def test_an_episode_that_another_machine_hears_is_left_alone(episode: Episode) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [recognise._LOCKS, episode.pk])

    assert work(episode).stage == Episode.Stage.PICKED
    assert Host.heard == []
    other.close()


def test_a_publishers_transcript_that_will_never_do_leaves_its_audio_to_the_budget(
    episode: Episode, library: Library
) -> None:
    link = {"url": "http://audio.example/a.vtt", "type": "text/vtt", "language": None, "rel": None}
    Episode.objects.filter(pk=episode.pk).update(transcripts=[link], chosen_at=None)

    flow.transcribe(episode=episode.pk)

    episode.refresh_from_db()
    assert (episode.stage, episode.transcripts) == (Episode.Stage.OFFERED, [])


def test_what_given_up_episodes_left_is_deleted_after_days(episode: Episode, settings: Settings) -> None:
    (settings.AUDIO_FOLDER / "old").mkdir(parents=True)

    recognise.purge(clock=lambda: timezone.now().timestamp())
    assert (settings.AUDIO_FOLDER / "old").exists()
    recognise.purge(clock=lambda: timezone.now().timestamp() + 4 * 86_400)
    assert not (settings.AUDIO_FOLDER / "old").exists()
