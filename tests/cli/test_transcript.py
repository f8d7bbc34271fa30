"""`takefive transcript` prints the JSON that other programs rely on, and goes on after a bad file."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from takefive.__main__ import app

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>Hello there.\n"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.vtt"
    path.write_text(VTT)
    return path


def test_it_prints_one_document_with_null_for_what_is_not_known(talk: Path) -> None:
    done = CliRunner().invoke(app, ["transcript", str(talk), "--language", "en"])

    segment = {"start": 1.0, "end": 2.0, "speaker": "Ada", "text": "Hello there."}
    assert json.loads(done.stdout) == [{"source": str(talk), "language": "en", "segments": [segment]}]
    assert done.exit_code == 0


def test_a_bad_file_costs_one_line_and_the_rest_is_done(talk: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{")

    done = CliRunner().invoke(app, ["transcript", str(bad), str(tmp_path / "missing.vtt"), str(talk)])

    assert [one["source"] for one in json.loads(done.stdout)] == [str(talk)]
    assert done.exit_code == 1


def test_what_it_prints_of_several_files_it_reads_again(talk: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.vtt"
    other.write_text(VTT.replace("Hello", "Goodbye"))
    both = tmp_path / "both.json"
    both.write_text(CliRunner().invoke(app, ["transcript", str(talk), str(other)]).stdout)

    done = CliRunner().invoke(app, ["transcript", str(both)])

    assert [one["segments"][0]["text"] for one in json.loads(done.stdout)] == ["Hello there.", "Goodbye there."]
    assert CliRunner().invoke(app, ["transcript", str(both), "--format", "vtt"]).exit_code == 2


@pytest.mark.parametrize("form", ["vtt", "srt"])
def test_several_files_are_not_put_into_one_of_a_format_that_holds_one(talk: Path, form: str) -> None:
    done = CliRunner().invoke(app, ["transcript", str(talk), str(talk), "--format", form])

    assert done.exit_code == 2
    assert "one transcript" in done.output


@pytest.mark.parametrize(("form", "start"), [("vtt", "WEBVTT"), ("srt", "1\n00:00:01,000"), ("text", "Ada [00:01]:")])
def test_it_writes_the_formats_for_people(talk: Path, form: str, start: str) -> None:
    assert CliRunner().invoke(app, ["transcript", str(talk), "--format", form]).stdout.startswith(start)


@pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="faster-whisper is installed here")
def test_transcribe_says_which_extra_it_needs(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["transcribe", str(tmp_path / "talk.mp3")])

    assert done.exit_code == 1
    assert done.stdout == ""
