"""The settings as a fresh process reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KEY = "from takefive import settings; print(settings.SECRET_KEY)"


def fresh(home: Path, code: str = KEY, **environment: str) -> subprocess.Popen[str]:
    whole = {"PATH": os.environ["PATH"], "TAKEFIVE_HOME": str(home)} | environment
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], env=whole, stdout=pipe, stderr=pipe, text=True)


def said(child: subprocess.Popen[str]) -> str:
    return child.communicate()[0].strip()


def test_processes_that_start_at_once_share_one_secret_key(tmp_path: Path) -> None:
    keys = [said(child) for child in [fresh(tmp_path) for _ in range(4)]]

    assert len(set(keys)) == 1
    assert len(keys[0]) > 50
    assert (tmp_path / "secret-key").read_text() == keys[0]
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", ["secret-key", "secret-key.new"])
def test_what_a_killed_process_left_empty_is_made_anew_and_kept(left: str, tmp_path: Path) -> None:
    (tmp_path / left).touch()
    keys = [said(child) for child in [fresh(tmp_path) for _ in range(2)]]

    assert len(set(keys)) == 1
    assert len(keys[0]) > 50
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_kept_key_is_never_changed(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("kept")

    assert said(fresh(tmp_path)) == "kept"


def test_a_proxy_that_is_no_address_is_named_with_what_to_give(tmp_path: Path) -> None:
    child = fresh(tmp_path, TAKEFIVE_TRUSTED_PROXIES="127.0.0.1,proxy.lan")

    assert "TAKEFIVE_TRUSTED_PROXIES: 'proxy.lan'" in child.communicate()[1]


def test_publishers_read_where_they_can_complain(tmp_path: Path) -> None:
    code = "from takefive import settings; print(settings.USER_AGENT)"
    site = "https://takefive.example"
    named = said(fresh(tmp_path, code, TAKEFIVE_URL=site, TAKEFIVE_CONTACT="mailto:crawl@takefive.example\n"))

    assert named == f"Takefive/0.1 (+{site}/about; mailto:crawl@takefive.example)"
    assert said(fresh(tmp_path, code, TAKEFIVE_URL=site)) == f"Takefive/0.1 (+{site}/about; podcast digest)"
