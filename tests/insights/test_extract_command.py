import json
from pathlib import Path

import pytest
import typer

from takefive.cli import extract

KEYS = {"headline", "text", "quote", "speaker", "start", "end", "kind", "topics", "score"}
TALK = """**Ada Lovelace:** \\[00:10\\] We launched with no tests at all, and within two weeks 40 customers had left because every
release broke their invoices. What we learned is that speed without a safety net is slower: the repair cost us four months."""


def test_one_json_document_with_the_quote_as_it_stands_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk.md").write_text(TALK)
    extract.run([tmp_path / "talk.md"], top=2)
    (document,) = json.loads(capsys.readouterr().out)
    assert document["source"].endswith("talk.md")
    assert document["insights"]
    for insight in document["insights"]:
        assert set(insight) == KEYS
        assert insight["quote"] in " ".join(TALK.split())


def test_a_file_that_is_no_transcript_costs_one_line_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "talk.md").write_text(TALK)
    with pytest.raises(typer.Exit) as stop:
        extract.run([tmp_path / "empty.md", tmp_path / "talk.md"], top=1)
    out = capsys.readouterr()
    assert stop.value.exit_code == 1
    assert len(json.loads(out.out)) == 1
    assert "empty.md" in out.err
