"""A publisher's times are moved onto the audio, where its length says that something was put into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from pytest_django import Settings

from sounds import RATE, written
from takefive.common.errors import SpeechError
from takefive.pipeline import flow
from takefive.pipeline.steps import check, extract, recognise
from takefive.store.models import Episode, Podcast, Transcript
from takefive.transcripts.audio import Samples
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.listen import Heard

from .conftest import Library

pytest.importorskip("av", reason="the extra speech is not installed here")

AD, AT, LENGTH = 40, 120.0, 240  # seconds put in, where, and of the talk


class Ears:
    """Knows by the loudness, which rises all the time, which second it hears; says one word for each half second."""

    name = "fake 1"

    def __init__(self) -> None:
        self.seconds = 0.0

    def hear(self, samples: Samples, *, language: str | None = None, hints: str = "") -> Heard:
        self.seconds += len(samples) / RATE
        start = float(samples[0]) * 1000
        halves = range(int(start * 2) + 1, int((start + len(samples) / RATE) * 2))
        return Heard(tuple(Word(word(half / 2), half / 2 - start, None, None) for half in halves), "en")


class Deaf(Ears):
    def hear(self, samples: Samples, *, language: str | None = None, hints: str = "") -> Heard:
        raise SpeechError("no ears")


def word(second: float) -> str:
    """What is said at a second of the audio: the talk around an advertisement."""
    if AT <= second < AT + AD:
        return f"buy{second}"
    return f"talk{second - AD if second >= AT else second}"


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    found = Ears()
    monkeypatch.setattr(recognise, "recogniser", lambda name: found)
    return found


@pytest.fixture
def episode(library: Library, settings: Settings, tmp_path) -> Iterator[Episode]:
    settings.SPEECH, settings.CHECK_MINUTES, settings.AUDIO_FOLDER = "fake", 10, tmp_path / "heard"
    podcast = Podcast.objects.create(feed_url="https://one.example/feed", title="One", retired_at=timezone.now())
    episode = Episode.objects.create(
        podcast=podcast,
        guid="1",
        title="Salt",
        stage="transcribed",
        audio_url="http://a.example/a.wav",
        duration=LENGTH,
    )
    segments = [
        {"start": n, "end": n + 5, "speaker": None, "text": " ".join(f"talk{n + k / 2}" for k in range(10))}
        for n in range(0, LENGTH, 5)
    ]
    Transcript.objects.create(episode=episode, segments=segments, source="http://a.example/a.vtt")
    return episode


def put(episode: Episode, settings: Settings, seconds: int) -> None:
    folder = settings.AUDIO_FOLDER / episode.public_id
    folder.mkdir(parents=True)
    ramp = np.arange(seconds * RATE, dtype=np.float64) / RATE / 1000
    written(folder / "audio", ramp.astype(np.float32))


def test_an_ad_that_was_put_in_moves_what_follows_and_makes_only_its_place_uncertain(
    episode: Episode, settings: Settings, ears: Ears
) -> None:
    put(episode, settings, LENGTH + AD)

    flow.check(episode=episode.pk)

    episode.transcript.refresh_from_db()
    starts = {one["text"].split()[0]: one["start"] for one in episode.transcript.segments}
    assert starts["talk50.0"] == pytest.approx(50, abs=0.5)
    assert starts["talk200.0"] == pytest.approx(200 + AD, abs=0.5)
    ((first, last),) = [span for span in episode.transcript.uncertain if span[0] < 200]
    assert AT - 20 < first < AT + 1 < AT + AD - 1 < last < AT + AD + 20
    assert ears.seconds <= settings.CHECK_MINUTES * 60
    assert not list(settings.AUDIO_FOLDER.iterdir())
    assert extract._unsure(episode, 118.0, 124.0)
    assert not extract._unsure(episode, 50.0, 60.0)


def test_audio_as_long_as_the_feed_says_is_not_heard(episode: Episode, settings: Settings, ears: Ears) -> None:
    put(episode, settings, LENGTH)

    flow.check(episode=episode.pk)

    assert ears.seconds == 0


def test_insights_wait_two_hours_at_most_for_times_to_be_checked(episode: Episode, settings: Settings) -> None:
    now = timezone.now()
    assert extract.waiting(now) == [episode.pk]

    assert check.begins(episode.pk, now=now)

    assert extract.waiting(now + timedelta(minutes=119)) == []
    assert extract.waiting(now + timedelta(minutes=121)) == [episode.pk]


@pytest.mark.parametrize(("speech", "minutes"), [("", 10), ("base", 0)])
def test_without_speech_recognition_or_minutes_for_it_nothing_waits(
    speech: str, minutes: int, episode: Episode, settings: Settings
) -> None:
    settings.SPEECH, settings.CHECK_MINUTES = speech, minutes

    assert not check.begins(episode.pk, now=timezone.now())


def test_a_transcript_without_times_is_not_checked(episode: Episode) -> None:
    Transcript.objects.update(segments=[{"start": None, "end": None, "speaker": None, "text": "No times."}])

    assert not check.begins(episode.pk, now=timezone.now())


def test_a_private_podcasts_audio_address_stands_in_no_log(
    episode: Episode, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    Podcast.objects.update(private=True)
    Episode.objects.update(audio_url="http://127.0.0.1:9/s3cret/a.wav")

    check.run(episode.pk, now=timezone.now(), then=lambda: None)

    assert "127.0.0.1" in caplog.text
    assert "s3cret" not in caplog.text


def test_times_are_checked_also_where_the_first_segment_has_none(episode: Episode) -> None:
    first, *others = episode.transcript.segments
    Transcript.objects.update(segments=[{**first, "start": None, "end": None}, *others])

    assert check.begins(episode.pk, now=timezone.now())


def test_what_cannot_be_heard_leaves_the_publishers_times_and_the_insights_go_on(
    episode: Episode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(episode, settings, LENGTH + AD)
    monkeypatch.setattr(recognise, "recogniser", lambda name: Deaf())
    before, asked = episode.transcript.segments, []

    check.run(episode.pk, now=timezone.now(), then=lambda: asked.append(1))

    episode.transcript.refresh_from_db()
    assert (episode.transcript.segments, asked) == (before, [1])
