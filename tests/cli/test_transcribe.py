"""`takefive transcribe` keeps its models and notes in the data folder, and notes no longer than they are of use."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_django import Settings
from typer.testing import CliRunner, Result

from sounds import noise, written
from takefive.__main__ import app
from takefive.cli import transcribe
from takefive.common.errors import SpeechError
from takefive.transcripts.audio import Samples
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.listen import Heard
from takefive.transcripts.speech import FasterWhisper

pytest.importorskip("av", reason="the extra speech is not installed here")


class Ears:
    """Hears one word, or fails as it is told."""

    name = "fake 1"

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails, self.cache = fails, None

    def hear(self, samples: Samples, *, language: str | None = None, hints: str = "") -> Heard:
        if self.fails:
            raise self.fails
        return Heard((Word("Hello.", 0.0, 0.5, None),), "en")


@pytest.fixture
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.HOME = tmp_path / "home"
    return settings.HOME


def run(ears: Ears, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    def made(model: str, *, cache: Path) -> Ears:
        ears.cache = cache
        return ears

    monkeypatch.setattr(transcribe, "FasterWhisper", made)
    return CliRunner().invoke(app, ["transcribe", str(written(tmp_path / "talk.wav", noise(2))), "--format", "text"])


def test_what_was_heard_is_printed_and_no_notes_stay(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears = Ears()

    assert "Hello." in run(ears, tmp_path, monkeypatch).stdout
    assert ears.cache == home / "models"
    assert list((home / "heard").iterdir()) == []


@pytest.mark.parametrize(("again", "many"), [(True, 1), (False, 0)])
def test_notes_stay_in_the_data_folder_only_where_another_run_can_go_on(
    again: bool, many: int, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(Ears(SpeechError("out of ears", retry=again)), tmp_path, monkeypatch)

    assert done.exit_code == 1
    assert len(list((home / "heard").iterdir())) == many


def test_a_model_of_the_hub_is_kept_beside_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = pytest.importorskip("faster_whisper", reason="the extra speech is not installed here")
    asked: dict[str, object] = {}

    def load(model: str, **options: object) -> SimpleNamespace:
        asked.update(options, model=model)
        return SimpleNamespace(supported_languages=["en"])

    monkeypatch.setattr(library, "WhisperModel", load)
    monkeypatch.setattr(library, "BatchedInferencePipeline", lambda model: SimpleNamespace())

    FasterWhisper("large-v3", cache=tmp_path / "models")

    assert (asked["model"], asked["download_root"]) == ("large-v3", str(tmp_path / "models"))


@pytest.mark.parametrize("format", ["vtt", "srt"])
def test_two_recordings_in_one_caption_file_are_refused_before_any_is_heard(home: Path, format: str) -> None:
    done = CliRunner().invoke(app, ["transcribe", "one.mp3", "two.mp3", "--format", format])
    assert done.exit_code == 2
    assert "holds one transcript" in done.output
