from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from takefive.accounts.models import Reader
from takefive.accounts.wishes import change, document_of
from takefive.briefs.profile import loads
from takefive.cli import profile
from takefive.cli.profile import Action
from takefive.common.errors import UsageError
from takefive.store.models import Podcast

Out = Callable[[], str]


@pytest.fixture
def ada(db: None, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(profile, "boot", lambda: None)
    return Reader.objects.create_user("ada@example.org", status="active", interests="sleep; not crypto")


def test_a_profile_goes_into_a_file_and_comes_back_edited(ada: Reader, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    profile.run(Action.EXPORT, file)
    file.write_text(
        file.read_text()
        .replace('"sleep"', '"sleep", "whales"')
        .replace("follow_topics = []", 'follow_topics = ["bread"]')
    )
    profile.run(Action.IMPORT, file, to="ADA@example.org")
    assert document_of(Reader.objects.get()) == loads(file.read_text())
    assert Reader.objects.get().interests == "sleep; whales; not crypto"


def test_without_a_file_it_goes_through_the_pipe(
    ada: Reader, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.run(Action.EXPORT)
    document = capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO(document.replace("serendipity = 1", "serendipity = 2")))
    profile.run(Action.IMPORT)
    assert Reader.objects.get().serendipity == 2


def test_titles_are_shown_and_addresses_exported(ada: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    Podcast.objects.create(feed_url="https://feeds.example/1", title="Slow Talk")
    change(ada.pk, lambda document: document.with_name("mute_podcasts", "https://feeds.example/1"))
    for action, name in ((Action.SHOW, "Slow Talk"), (Action.EXPORT, "https://feeds.example/1")):
        profile.run(action, json=True)
        assert json.loads(capsys.readouterr().out)["mute_podcasts"] == [name]


def test_a_dry_run_shows_last_weeks_five_and_keeps_nothing(
    ada: Reader, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('interests = ["whales"]\nfollow_podcasts = ["Unheard Of"]')
    profile.run(Action.IMPORT, file, dry_run=True)
    told = capsys.readouterr()
    assert told.out == "Nothing would have been worth your time.\n"
    assert "not read here yet: Unheard Of" in told.err
    assert Reader.objects.get().interests == ada.interests


@pytest.mark.parametrize(
    ("text", "to", "line"),
    [
        ("admin = true", "", "unknown key"),
        ('mute_podcasts = ["a\\u0000"]', "", "cannot be read"),
        ("", "bob@example.org", "there is no reader"),
        (None, "", "No such file"),
    ],
)
def test_what_cannot_be_done_is_one_line(text: str | None, to: str, line: str, ada: Reader, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UsageError, match=line):
        profile.run(Action.IMPORT, file, to=to)
