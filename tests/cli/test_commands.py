"""The commands as a shell calls them: what they print, where, and how they exit."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from takefive.cli.registry import COMMANDS
from takefive.pipeline import samples

from .conftest import Run

OPML = """<opml version="2.0"><body>
  <outline text="Shows"><outline type="rss" text="One" xmlUrl="https://one.example/feed.xml"/></outline>
  <outline text="no address"/></body></opml>"""


@pytest.mark.parametrize("command", [*COMMANDS, ""])
def test_every_command_explains_itself_with_examples(shell: Run, command: str) -> None:
    answer = shell(*([command] if command else []), "--help", TAKEFIVE_LOG="ERROR")

    assert answer.returncode == 0, answer.stderr
    assert "Usage:" in answer.stdout
    if command:
        assert f"takefive {command}" in answer.stdout.split("Examples:")[1]


def test_help_costs_a_blink(shell: Run) -> None:
    shell("--help")
    began = time.monotonic()
    shell("--help")

    assert time.monotonic() - began < 5  # 0.2 s on a quiet machine; the bench has the figure


def test_an_unknown_command_is_one_line_and_exit_code_2(shell: Run) -> None:
    answer = shell("dance")

    assert answer.returncode == 2
    assert "dance" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_feeds_are_added_once_listed_and_removed(shell: Run, tmp_path: Path) -> None:
    file = tmp_path / "shows.opml"
    file.write_text(OPML)

    tried = json.loads(shell("add", str(file), "--dry-run", "--json").stdout)
    first = json.loads(shell("add", str(file), "--json").stdout)
    second = json.loads(shell("add", str(file), "https://one.example/feed.xml", "--json").stdout)
    gone = json.loads(shell("remove", "https://one.example/feed.xml", "--json").stdout)

    assert [row["result"] for row in (*tried, *first, *second, *gone)] == [
        "added",
        "skipped",
        "added",
        "skipped",
        "followed already",
        "skipped",
        "followed already",
        "removed",
    ]


def test_an_address_with_a_token_is_never_printed_whole(shell: Run) -> None:
    answer = shell("add", "https://user:hunter2@private.example/feed?token=hunter2")
    shell("remove", "https://user:hunter2@private.example/feed?token=hunter2")

    assert answer.returncode == 0
    assert "hunter2" not in answer.stdout + answer.stderr


def test_of_a_private_feed_only_the_host_is_printed(shell: Run) -> None:
    url = "https://private.example/plain/words.xml"
    answers = [shell("add", "--private", url), shell("add", url), shell("remove", url)]

    for answer in answers:
        assert "https://private.example/…" in answer.stdout
        assert "plain" not in answer.stdout + answer.stderr


def test_a_list_that_is_no_list_is_one_clear_line_and_the_others_are_added(shell: Run, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.opml", tmp_path / "good.opml"
    bad.write_text("<html><p>not found</p></html>")
    good.write_text(OPML)
    answer = shell("add", str(bad), str(good), "--dry-run")

    assert answer.returncode == 1
    assert "https://one.example/feed.xml" in answer.stdout
    assert f"{bad}: " in answer.stderr
    assert "Traceback" not in answer.stderr


def test_what_is_neither_address_nor_file_is_one_clear_line(shell: Run) -> None:
    answer = shell("add", "nowhere.opml")

    assert answer.returncode == 1
    assert answer.stderr.strip() == "nowhere.opml: neither an address (https://...) nor an OPML file that exists."


def test_a_feed_on_a_private_address_or_an_odd_port_is_refused_with_what_to_do(shell: Run) -> None:
    answer = shell("add", "http://127.0.0.1/feed.xml", "http://one.example:22/feed.xml", "--dry-run")

    assert (answer.returncode, answer.stdout) == (1, "")
    assert [line.rpartition("set ")[2] for line in answer.stderr.strip().splitlines()] == [
        "TAKEFIVE_TRUSTED_HOSTS=127.0.0.1:80",
        "TAKEFIVE_TRUSTED_HOSTS=one.example:22",
    ]


def test_a_private_address_that_is_trusted_is_followed(shell: Run) -> None:
    answer = shell("add", "http://127.0.0.1:9/feed.xml", "--dry-run", TAKEFIVE_TRUSTED_HOSTS="127.0.0.1:9")

    assert (answer.returncode, answer.stdout.split()[0]) == (0, "added")


def test_nobody_is_told_how_to_trust_a_metadata_host(shell: Run) -> None:
    answer = shell("add", "http://169.254.169.254/latest", "--dry-run")

    assert answer.returncode == 1
    assert answer.stderr.strip() == "add: 169.254.169.254 is not a public address"


def test_scanning_all_leaves_the_sample_library_alone_which_only_the_demo_serves(shell: Run) -> None:
    feed = f"http://{samples.HOST}/feeds/one.xml"
    trusted = {"TAKEFIVE_TRUSTED_HOSTS": f"{samples.HOST}=127.0.0.1:9"}
    shell("add", feed, **trusted)
    shell("scan", **trusted)  # asked once in vain, so that it is not due by itself
    answer = shell("scan", "--all", "--json", **trusted)
    shell("remove", feed)

    assert json.loads(answer.stdout)["feeds"] == 0


def test_doctor_says_what_there_is(shell: Run) -> None:
    findings = {finding["what"]: finding for finding in json.loads(shell("doctor", "--json").stdout)}

    assert findings["database"]["well"]
    assert "PostgreSQL" in findings["database"]["says"]
    assert findings["sentence vectors"]["well"]


@pytest.mark.parametrize("place", ["127.0.0.1:1", "nowhere.invalid"])
def test_doctor_goes_on_without_a_database(shell: Run, place: str) -> None:
    answer = shell("doctor", "--json", DATABASE_URL=f"postgresql://nobody:x@{place}/x")
    findings = {finding["what"]: finding for finding in json.loads(answer.stdout)}

    assert answer.returncode == 1
    assert findings["database"]["says"].startswith("does not answer: ")
    assert findings["database"]["mend"] == "check DATABASE_URL, or unset it"
    assert findings["library"]["says"].startswith("the database does not answer: ")
    assert findings["sentence vectors"]["well"]
    assert "Traceback" not in answer.stderr


def test_doctor_says_whether_this_is_one_readers_machine_or_a_public_service(shell: Run) -> None:
    assert "single-user: everyone who reaches this machine's loopback is the reader" in shell("doctor").stdout
    public = shell("doctor", TAKEFIVE_URL="https://brief.example.org").stdout
    assert "a public service at https://brief.example.org: everyone signs in" in public


def test_doctor_names_a_mail_server_that_does_not_answer(shell: Run) -> None:
    answer = shell("doctor", TAKEFIVE_SMTP_URL="smtp://127.0.0.1:9")

    assert answer.returncode == 1
    assert "✗ mail: 127.0.0.1:9 does not answer" in answer.stdout
    assert "→ check TAKEFIVE_SMTP_URL" in answer.stdout


def test_a_database_that_does_not_answer_is_one_line(shell: Run) -> None:
    answer = shell("scan", DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")

    assert answer.returncode == 1
    assert "the database does not answer" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_setting_that_is_no_number_is_one_line(shell: Run) -> None:
    answer = shell("doctor", TAKEFIVE_BACKLOG="many")

    assert answer.returncode == 1
    assert answer.stderr.strip() == "takefive: TAKEFIVE_BACKLOG must be a whole number, not 'many'."


def test_an_unknown_queue_is_named_with_those_that_are(shell: Run) -> None:
    answer = shell("work", "--queues", "coffee")

    assert answer.returncode == 1
    assert "there is no queue coffee; the queues are scan, transcribe" in answer.stderr


def test_a_brief_for_nobody_says_what_to_give(shell: Run) -> None:
    answer = shell("brief")

    assert answer.returncode == 1
    assert "--to ADDRESS" in answer.stderr


def test_a_dry_run_saves_nothing(shell: Run) -> None:
    answer = shell("brief", "--to", "dry@example.org", "--dry-run")

    assert answer.returncode == 0
    assert shell("brief").returncode == 1  # still no reader


def test_file_commands_answer_for_the_good_files_and_complain_of_the_bad_ones(shell: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_text("no feed")
    good = next((samples.folder() / "feeds").glob("*.xml"))

    answer = shell("parse", str(bad), str(good), str(tmp_path / "missing.xml"))

    assert answer.returncode == 1
    assert [feed["source"] for feed in json.loads(answer.stdout)] == [str(good)]
    assert len(answer.stderr.strip().splitlines()) == 2
