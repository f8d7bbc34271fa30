"""Vectors by a service that speaks OpenAI's API (`POST /embeddings`): a provider's, or one of one's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import numpy as np

from takefive.common.errors import ModelError
from takefive.relations.values import Vectors

_BATCH = 128  # texts of one request
_MOST = 64_000_000  # bytes of one answer: 128 vectors of 4,000 numbers are 10 MB
_LONGEST_WAIT = 30.0  # seconds, whatever the service asks for


class ServiceEmbedder:
    """`address` is the operator's own, up to and with "/v1"; `key` goes to it alone and stands in no error.

    `tries` times, with `timeout` (s) each, it is asked before it is given up; a search would rather not wait.
    """

    steady = True

    def __init__(
        self, address: str, model: str, *, key: str = "", timeout: float = 60, tries: int = 4, wait: float = 2.0
    ) -> None:
        self._url, self._model, self._key = f"{address.rstrip('/')}/embeddings", model, key
        self._timeout, self._tries, self._wait = timeout, tries, wait
        self.name = f"{model}@{urlsplit(address).hostname}"
        self._dimension: int | None = None

    @property
    def dimension(self) -> int:
        """The width of a vector; the service is asked once. Raises ModelError."""
        return self._dimension or int(self.encode(["a text"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text: shape (len(texts), dimension), float32.

        Raises ModelError where the service does not answer, or not with one finite vector of one width for each text.
        """
        if not texts:
            return np.zeros((0, self._dimension or 0), dtype=np.float32)
        return asyncio.run(self._encode(texts))

    async def _encode(self, texts: Sequence[str]) -> Vectors:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        limit = aiohttp.ClientTimeout(total=self._timeout)
        async with aiohttp.ClientSession(
            timeout=limit, headers=headers, cookie_jar=aiohttp.DummyCookieJar()
        ) as session:
            parts = [await self._part(session, texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        if len({part.shape[1] for part in parts} | {self._dimension or parts[0].shape[1]}) > 1:
            raise ModelError(f"{self.name}: vectors of another width than before", retry=False)
        self._dimension = int(parts[0].shape[1])
        return np.vstack(parts)

    async def _part(self, session: aiohttp.ClientSession, texts: Sequence[str]) -> Vectors:
        why, pause = "", 0.0
        for turn in range(self._tries):
            if turn:
                await asyncio.sleep(min(max(pause, self._wait * 2 ** (turn - 1)), _LONGEST_WAIT))
            try:
                # No redirect is followed: the key is for this address alone.
                asked = {"model": self._model, "input": list(texts), "encoding_format": "float"}
                async with session.post(self._url, json=asked, allow_redirects=False) as answer:
                    if answer.status == 200:
                        return _vectors(await _document(answer), len(texts), self.name)
                    why, pause = f"answered {answer.status}", _retry_after(answer.headers)
                    if answer.status < 500 and answer.status not in (408, 429):
                        raise ModelError(f"{self.name} {why}", retry=False)
            except (aiohttp.ClientError, TimeoutError) as error:
                why, pause = f"gave no answer ({type(error).__name__})", 0.0
        raise ModelError(f"{self.name} {why}", retry=True)


async def _document(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_chunked(1 << 16):
        body += piece
        if len(body) > _MOST:
            raise ModelError(f"an answer of more than {_MOST:,} bytes", retry=False)
    return bytes(body)


def _vectors(body: bytes, count: int, name: str) -> Vectors:
    """The rows in the order of the texts. Raises ModelError for whatever is no vector for each."""
    try:
        rows = json.loads(body)["data"]
        placed: dict[int, Any] = {int(row.get("index", at)): row["embedding"] for at, row in enumerate(rows)}
        vectors = np.array([placed[at] for at in range(count)], dtype=np.float32)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ModelError(f"{name}: its answer is not one vector for each text", retry=True) from error
    if len(rows) != count or vectors.ndim != 2 or not vectors.shape[1]:
        raise ModelError(f"{name}: its answer is not one vector for each text", retry=True)
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise ModelError(f"{name}: its answer has vectors without a length", retry=True)
    return np.asarray(vectors / lengths, dtype=np.float32)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; the other form, a date, is left to our own pauses."""
    said = headers.get("Retry-After", "")
    return float(said) if said.isdecimal() and len(said) < 6 else 0.0
