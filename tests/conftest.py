"""What many tests share: a data folder and a PostgreSQL server of this run alone, and the real data beside the checkout."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from pytest_django import Settings

from letters import Mailbox

REPOSITORY = Path(__file__).resolve().parent.parent
_OURS = "TAKEFIVE_TESTS_HOME"  # set by the first process of a run, inherited by its xdist workers

if _OURS not in os.environ:
    home = Path(tempfile.mkdtemp(prefix="takefive-tests-"))
    home.chmod(0o711)  # as root the server runs as another user, which must be able to enter
    os.environ[_OURS] = str(home)
    os.environ["TAKEFIVE_TESTS_OWNER"] = str(os.getpid())
for name in [name for name in os.environ if name.startswith("TAKEFIVE_") and "TESTS" not in name]:
    del os.environ[name]  # the tests decide, not the shell they are started from
os.environ["TAKEFIVE_HOME"] = os.environ[_OURS]
os.environ["DJANGO_SETTINGS_MODULE"] = "takefive.settings"
django.setup()  # only now: the settings read the environment that was set above


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the embedded server before the first test that needs tables."""
    from django.conf import settings

    from takefive.store import embedded

    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # a worker's threads leave no connection behind
    if settings.EMBEDDED:
        embedded.start(settings.HOME)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes or needs what is seldom installed; only with -m slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "slow" in config.option.markexpr:
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: only with -m slow"))


def pytest_unconfigure() -> None:
    if os.environ.get("TAKEFIVE_TESTS_OWNER") == str(os.getpid()):
        from takefive.store import embedded

        embedded.stop(Path(os.environ[_OURS]))
        shutil.rmtree(os.environ[_OURS], ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real feeds, transcripts and labels beside the checkout; never part of it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real data in ../shared/data, which is not part of the repository")
    return folder


@pytest.fixture
def mailbox(db: None, tmp_path: Path, settings: Settings) -> Mailbox:
    """Where the mails about accounts arrive."""
    settings.OUTBOX = tmp_path / "outbox"
    return Mailbox(settings.OUTBOX)
