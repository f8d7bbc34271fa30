"""The house keeps its own rules: imports point one way, every setting is documented, nothing of one machine is in the tree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

REPOSITORY = Path(__file__).resolve().parent.parent


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    return [REPOSITORY / name for name in names.split("\0") if name]


def test_imports_point_one_way_and_stages_know_no_django() -> None:
    assert lint_imports(config_filename=str(REPOSITORY / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_every_setting_of_the_environment_is_documented_and_no_other() -> None:
    source = (REPOSITORY / "src/takefive/settings.py").read_text()
    read = set(re.findall(r'_(?:text|number|dollars|pairs|networks)\(\s*"([A-Z_]+)"', source)) - {"XDG_DATA_HOME"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (REPOSITORY / "docs/settings.md").read_text(), flags=re.MULTILINE))

    assert documented == read


def test_only_settings_read_the_environment() -> None:
    readers = [
        str(file.relative_to(REPOSITORY))
        for file in (REPOSITORY / "src").rglob("*.py")
        if re.search(r"os\.environ|getenv", file.read_text())
    ]

    assert sorted(readers) == [
        "src/takefive/__init__.py",
        "src/takefive/cli/boot.py",
        "src/takefive/cli/serve.py",  # tells the processes that it starts which port their links name
        "src/takefive/settings.py",
        "src/takefive/wsgi.py",
    ]


def test_no_two_tasks_wait_at_the_same_lock() -> None:
    locks = [
        number
        for file in (REPOSITORY / "src").rglob("*.py")
        for name, number in re.findall(r"^(_[A-Z_]+) = (5_2\d{3})", file.read_text(), flags=re.MULTILINE)
        if (file.stem, name) != ("reembed", "_LINKING")  # it means to wait for linking
    ]

    assert len(locks) > 5
    assert sorted(set(locks)) == sorted(locks)


def test_no_file_is_much_longer_than_a_mind_can_hold() -> None:
    long = {
        file.name: n
        for file in tracked()
        if file.match("src/**/*.py") and (n := len(file.read_text().splitlines())) > 300
    }

    assert long == {}


def test_the_model_runtime_writes_nothing_into_the_home_folder(tmp_path: Path) -> None:
    code = "from takefive.common import minilm; minilm.load().encode(['a sentence'])"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)

    assert list(tmp_path.iterdir()) == []
