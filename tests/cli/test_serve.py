from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from pytest_django import Settings

from takefive.cli.serve import _check_free, _take_own_address
from takefive.common.errors import UsageError
from takefive.store import embedded


@pytest.fixture
def own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings.SITE_URL, settings.CSRF_TRUSTED_ORIGINS = "as it was", ["as it was"]
    monkeypatch.setenv("TAKEFIVE_URL", "")  # and put back afterwards
    return settings


def test_without_an_address_the_port_served_is_the_one_that_is_named(own: Settings) -> None:
    _take_own_address(9000)

    assert (own.SITE_URL, own.CSRF_TRUSTED_ORIGINS) == ("http://127.0.0.1:9000", ["http://127.0.0.1:9000"])
    assert os.environ["TAKEFIVE_URL"] == "http://127.0.0.1:9000"  # for the worker


@pytest.mark.parametrize("name", ["TAKEFIVE_URL", "TAKEFIVE_URL_FILE"])
def test_an_address_that_is_given_stays(name: str, own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "given")
    _take_own_address(9000)

    assert own.SITE_URL == "as it was"


@pytest.mark.parametrize("shared", [False, True])
def test_a_port_in_use_is_refused_also_one_that_would_be_shared(shared: bool) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=shared) as other:
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"^port {port} of 127.0.0.1 is in use; choose another with --port$"):
            _check_free("127.0.0.1", port)
    _check_free("127.0.0.1", port)


def test_links_of_a_served_page_lead_to_the_port_it_is_served_at() -> None:
    with served() as address:
        assert f"<loc>{address}/sitemap-0.xml</loc>" in body(f"{address}/sitemap.xml")


@contextmanager
def served() -> Iterator[str]:
    home = Path(os.environ["TAKEFIVE_HOME"])
    embedded.start(home)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "takefive", "serve", "--only-web", "--port", str(port)]
    child = subprocess.Popen(command, env={"PATH": os.environ["PATH"], "TAKEFIVE_HOME": str(home)})
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait()


def body(address: str) -> str:
    """The page, as soon as the server answers, within a minute."""
    until = time.monotonic() + 60
    while True:
        try:
            with urlopen(address) as answer:
                return str(answer.read().decode())
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
