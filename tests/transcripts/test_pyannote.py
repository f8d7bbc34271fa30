"""pyannote.audio tells voices apart where it is installed; here the library is a fake at its door, as versions 3 and 4 look."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from takefive.common.errors import SpeechError
from takefive.transcripts.audio import Samples
from takefive.transcripts.pyannote import Pyannote
from takefive.transcripts.voices import Turn

SAMPLES = np.zeros(16_000, dtype=np.float32)


class Annotation:
    """Turns as pyannote.core gives them: no order of labels is promised."""

    def __init__(self, *said: tuple[float, float, str]) -> None:
        self.said = said

    def itertracks(self, yield_label: bool = False) -> Iterator[tuple[SimpleNamespace, str, str]]:
        assert yield_label
        return iter([(SimpleNamespace(start=start, end=end), "track", voice) for start, end, voice in self.said])


class Pipeline:
    """What a pipeline is asked, and what it says."""

    said: object = Annotation((0.5, 2.0, "SPEAKER_01"), (2.0, 3.5, "SPEAKER_00"), (3.5, 4.0, "SPEAKER_01"))

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.device = "cpu"

    def __call__(self, sound: dict[str, object]) -> object:
        self.asked.append(sound)
        if isinstance(self.said, Exception):
            raise self.said
        return self.said

    def to(self, device: str) -> None:
        self.device = device


class Library(ModuleType):
    """The module `pyannote.audio`."""

    def __init__(self) -> None:
        super().__init__("pyannote.audio")
        self.pipeline, self.loaded = Pipeline(), list[str]()
        self.Pipeline = SimpleNamespace(from_pretrained=self.from_pretrained)

    def from_pretrained(self, checkpoint: str) -> Pipeline:
        self.loaded.append(checkpoint)
        if "{" in Path(checkpoint).read_text():
            raise ValueError("no pipeline in it")
        return self.pipeline


class Tensor:
    def __init__(self, samples: Samples) -> None:
        self.samples = samples

    def __getitem__(self, place: None) -> Samples:
        return self.samples[place]


def torch(cards: bool) -> ModuleType:
    module = ModuleType("torch")
    module.cuda = SimpleNamespace(is_available=lambda: cards)
    module.device, module.from_numpy = str, Tensor
    return module


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library()
    monkeypatch.setitem(sys.modules, "pyannote", ModuleType("pyannote"))
    monkeypatch.setitem(sys.modules, "pyannote.audio", made)
    monkeypatch.setitem(sys.modules, "torch", torch(cards=False))
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text("pipeline:\n  name: pyannote.audio.pipelines.SpeakerDiarization\n")
    return tmp_path


def test_turns_bear_the_numbers_of_their_voices_in_the_order_in_which_they_speak(
    library: Library, folder: Path
) -> None:
    ears = Pyannote(folder)

    assert ears.turns(SAMPLES) == [Turn(0.5, 2.0, 0), Turn(2.0, 3.5, 1), Turn(3.5, 4.0, 0)]
    assert ears.name == f"pyannote {folder.name}"
    assert library.loaded == [str(folder / "config.yaml")]
    (sound,) = library.pipeline.asked
    assert sound["sample_rate"] == 16_000
    assert np.shape(sound["waveform"]) == (1, 16_000)


def test_version_4_is_asked_for_one_voice_at_a_time(library: Library, folder: Path) -> None:
    both = Annotation((0, 2, "A"), (1, 3, "B"))
    library.pipeline.said = SimpleNamespace(
        speaker_diarization=both, exclusive_speaker_diarization=Annotation((0, 1, "A"), (1, 3, "B"))
    )

    assert Pyannote(folder).turns(SAMPLES) == [Turn(0, 1, 0), Turn(1, 3, 1)]


def test_version_4_tells_its_makers_nothing(library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    metrics = ModuleType("pyannote.audio.telemetry.metrics")
    metrics.set_telemetry_metrics = told.append
    for name in ("pyannote.audio.telemetry", metrics.__name__):
        monkeypatch.setitem(sys.modules, name, metrics)

    Pyannote(folder)

    assert told == [False]


def test_a_graphics_card_is_used_where_there_is_one(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", torch(cards=True))

    Pyannote(folder)

    assert library.pipeline.device == "cuda"


def test_without_the_library_one_line_says_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyannote.audio", None)

    with pytest.raises(SpeechError, match=r"pip install pyannote\.audio"):
        Pyannote(folder)


def test_a_folder_without_a_pipeline_is_told_what_it_lacks(library: Library, tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"lacks config\.yaml"):
        Pyannote(tmp_path)


def test_a_pipeline_that_cannot_be_loaded_is_told(library: Library, folder: Path) -> None:
    (folder / "config.yaml").write_text("{")

    with pytest.raises(SpeechError, match=r"cannot load the models in .*: no pipeline in it"):
        Pyannote(folder)


def test_a_failure_of_the_models_may_pass_and_is_tried_again(library: Library, folder: Path) -> None:
    library.pipeline.said = RuntimeError("out of memory")

    with pytest.raises(SpeechError, match="out of memory") as raised:
        Pyannote(folder).turns(SAMPLES)

    assert raised.value.retry
