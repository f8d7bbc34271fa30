"""A transcription service behind the port of `listen`: whatever speaks OpenAI's POST /audio/transcriptions."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp
import numpy as np

from takefive.common.errors import SpeechError
from takefive.transcripts.audio import RATE, Samples, quietest
from takefive.transcripts.formats.json_words import Word
from takefive.transcripts.language import tag
from takefive.transcripts.listen import Heard
from takefive.transcripts.times import seconds

_TIMEOUT = 600.0  # a piece of five minutes on a busy service
_TRIES = 3
_TOO_LARGE = 413
_MOST = 12_000_000  # samples of two bytes: 24 MB, where OpenAI takes 25
_LEAST = 60 * RATE  # samples that are not halved any more


class Service:
    """`address` is the operator's own, up to and with "/v1"; `key` goes to it alone and stands in no error."""

    def __init__(
        self, address: str, model: str, *, key: str = "", timeout: float = _TIMEOUT, wait: float = 2.0
    ) -> None:
        self._url, self._model, self._key = f"{address.rstrip('/')}/audio/transcriptions", model, key
        self._timeout, self._wait = timeout, wait
        self.name = f"service {model}"

    def hear(self, samples: Samples, *, language: str | None = None, hints: str = "") -> Heard:
        """Words with their times, where the service gives none spread over its phrases; raises `SpeechError`.

        What is larger than services take, or than this one says it takes (413), goes to it in halves, cut where it is quiet.
        """
        told = asyncio.run(self._ask(_as_wave(samples), language, hints)) if len(samples) <= _MOST else None
        if told is None:
            return self._halves(samples, language, hints)
        words = tuple(_words(told, len(samples) / RATE))
        return Heard(words, tag(told.get("language")) if words else None)

    def _halves(self, samples: Samples, language: str | None, hints: str) -> Heard:
        if len(samples) < _LEAST:
            raise SpeechError("the transcription service takes not even half a minute at once (413)", retry=False)
        cut = quietest(samples[: len(samples) // 2])
        first = self.hear(samples[:cut], language=language, hints=hints)
        second = self.hear(samples[cut:], language=language or first.language, hints=hints)
        later = [w._replace(start=_after(w.start, cut), end=_after(w.end, cut)) for w in second.words]
        return Heard((*first.words, *later), first.language or second.language)

    async def _ask(self, audio: bytes, language: str | None, hints: str) -> Mapping[str, Any] | None:
        """What the service answers; None where the audio is too large for it."""
        limit = aiohttp.ClientTimeout(total=self._timeout)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        async with aiohttp.ClientSession(timeout=limit, headers=headers) as session:
            for turn in range(_TRIES):
                try:
                    async with session.post(self._url, data=self._form(audio, language, hints)) as answer:
                        if answer.status == 200:
                            return _document(await answer.json(content_type=None))
                        if answer.status == _TOO_LARGE:
                            return None
                        if answer.status < 500 and answer.status != 429:
                            raise SpeechError(f"the transcription service answered {answer.status}", retry=False)
                        why = f"answered {answer.status}"
                except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                    why = f"gave no answer ({type(error).__name__})"
                await asyncio.sleep(self._wait * 2**turn)
        raise SpeechError(f"the transcription service {why}", retry=True)

    def _form(self, audio: bytes, language: str | None, hints: str) -> aiohttp.FormData:
        form = aiohttp.FormData()
        form.add_field("file", audio, filename="piece.wav", content_type="audio/wav")
        fields = {"model": self._model, "response_format": "verbose_json", "language": language, "prompt": hints}
        for name, value in fields.items():
            if value:
                form.add_field(name, value)
        for each in ("word", "segment"):
            form.add_field("timestamp_granularities[]", each)
        return form


def _after(time: float | None, samples: int) -> float | None:
    return None if time is None else round(time + samples / RATE, 3)


def _as_wave(samples: Samples) -> bytes:
    """16-bit WAV, which every service takes: 9.6 MB for five minutes."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return out.getvalue()


def _document(answer: object) -> Mapping[str, Any]:
    if not isinstance(answer, Mapping) or not isinstance(answer.get("text", ""), str):
        raise SpeechError("the transcription service answered something else than a transcript", retry=False)
    return answer


def _words(told: Mapping[str, Any], length: float) -> Iterator[Word]:
    """Its words; where it times only phrases (or nothing), their words spread evenly."""
    words = [one for one in _objects(told, "words") if isinstance(one.get("word"), str)]
    if words:
        for one in words:
            yield Word(one["word"].strip(), seconds(one.get("start")), seconds(one.get("end")), None)
        return
    whole = {"text": told.get("text", ""), "start": 0.0, "end": length}
    for phrase in _objects(told, "segments") or [whole]:
        start, end = seconds(phrase.get("start")), seconds(phrase.get("end"))
        said = str(phrase.get("text", "")).split()
        for place, word in enumerate(said):
            if start is None or end is None:
                yield Word(word, None, None, None)
            else:
                step = (end - start) / len(said)
                yield Word(word, round(start + place * step, 3), round(start + (place + 1) * step, 3), None)


def _objects(told: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """What stands under a key as a list of objects; the rest of it left out."""
    found = told.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
