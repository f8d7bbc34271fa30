from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from takefive.__main__ import app
from takefive.cli import similar as module

TEXTS = [
    {"id": "cat", "text": "The cat sat on the mat"},
    {"id": "rug", "text": "A cat was sitting on a rug"},
    {"id": 3, "text": "Interest rates fell by half a point"},
]


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    return path


def similar(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["similar", *(str(word) for word in words)])


def test_each_text_gets_its_nearest_others(tmp_path: Path) -> None:
    result = similar(lines(tmp_path / "texts.jsonl", TEXTS), "--top", "1")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert [row["id"] for row in document] == ["cat", "rug", 3]
    assert [row["related"][0]["id"] for row in document][:2] == ["rug", "cat"]
    assert set(document[0]["related"][0]) == {"id", "score", "kind"}


@pytest.mark.parametrize("how", [(), ("--careful",)])
def test_a_text_said_twice_makes_the_same_point(tmp_path: Path, how: tuple[str, ...]) -> None:
    twice = [*TEXTS, {"id": "again", "text": TEXTS[2]["text"]}]
    document = json.loads(similar(lines(tmp_path / "texts.jsonl", twice), "--top", "1", *how).stdout)
    assert document[2]["related"] == [{"id": "again", "score": 1.0, "kind": "same point"}]
    assert document[0]["related"][0]["kind"] == "related"


def test_of_too_many_near_pairs_the_nearest_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READ", 3)
    assert module.worth_reading({(0, 1): 0.5, (2, 3): 0.9, (4, 5): 0.7, (1, 2): 0.8, (1, 3): 0.6}) == {
        (2, 3),
        (1, 2),
        (1, 3),
    }


def test_each_pair_gets_a_score(tmp_path: Path) -> None:
    pairs = [
        {"id": "p1", "a": TEXTS[0]["text"], "b": TEXTS[0]["text"]},
        {"id": "p2", "a": TEXTS[0]["text"], "b": TEXTS[2]["text"]},
    ]
    document = json.loads(similar("--pairs", lines(tmp_path / "pairs.jsonl", pairs)).stdout)
    assert [(row["id"], row["kind"]) for row in document] == [("p1", "same point"), ("p2", "related")]
    assert document[0]["score"] > document[1]["score"]


@pytest.mark.parametrize(
    "bad", ["{", "[1]", '{"id": 1}', '{"text": "no id"}', '{"id": 1, "text": 5}', '{"id": null, "text": ""}']
)
def test_a_bad_line_costs_one_line_and_the_rest_goes_on(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(f"{json.dumps(TEXTS[0])}\n{bad}\n{json.dumps(TEXTS[1])}\n", encoding="utf-8")
    result = similar(path)
    assert result.exit_code == 1
    assert len(json.loads(result.stdout)) == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "texts.jsonl:2" in result.stderr


def test_an_empty_file_is_an_empty_document(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text("")
    assert json.loads(similar(path).stdout) == []
    assert json.loads(similar("--pairs", path).stdout) == []


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    for path, why in ((tmp_path, "is a directory"), (tmp_path / "missing.jsonl", "no such file or directory")):
        result = similar(path)
        assert result.exit_code == 1
        assert result.stderr.replace("\n", "") == f"{path}: {why}"


def test_one_of_texts_and_pairs_must_be_given(tmp_path: Path) -> None:
    assert similar().exception is not None
    assert "either" in str(similar().exception)
