"""`takefive parse` from a shell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

GOOD = "<rss><channel><title>Show</title><item><guid>1</guid><title>One</title></item></channel></rss>"


def parse(*files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "takefive", "parse", *map(str, files)], capture_output=True, text=True)


def test_feeds_become_one_json_document_and_a_bad_one_costs_one_line(tmp_path) -> None:
    good, bad, missing = tmp_path / "good.xml", tmp_path / "bad.xml", tmp_path / "missing.xml"
    good.write_text(GOOD)
    bad.write_text("<html>no</html>")
    done = parse(bad, good, missing)
    (feed,) = json.loads(done.stdout)
    assert (feed["source"], feed["title"]) == (str(good), "Show")
    assert feed["items"][0].keys() >= {
        "guid",
        "title",
        "published",
        "audio_url",
        "duration",
        "transcripts",
        "description",
    }
    assert "raw_notes" not in feed["items"][0]
    lines = done.stderr.strip().splitlines()
    assert [line.split(":")[0] for line in lines] == [str(bad), str(missing)]
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_the_real_feeds_score_whole(shared_data, tmp_path) -> None:
    sys.path.insert(0, str(shared_data.parent / "measures"))
    try:
        from score_feeds import score
    finally:
        sys.path.pop(0)
    feeds = sorted(p for p in (shared_data / "feeds").glob("real/*"))
    done = parse(*feeds)
    result = score(str(shared_data / "feeds"), json.loads(done.stdout))
    assert result["items_found"] == result["items_wanted"]
    assert result["items_extra"] == 0
    assert result["answered"] == result["real_feeds"]
