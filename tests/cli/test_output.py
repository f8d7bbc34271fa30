import os
from pathlib import Path

import pytest

from takefive.cli.output import each_file


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_files_order_and_a_file_that_fails_costs_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], processes: int
) -> None:
    for size in (3, 1, 2):
        (tmp_path / f"{size}.md").write_text("a" * size)
    files = [tmp_path / name for name in ("3.md", "none.md", "1.md", "2.md")]
    assert each_file(files, os.path.getsize, processes=processes) == ([3, 1, 2], 1)
    assert "none.md" in capsys.readouterr().err
