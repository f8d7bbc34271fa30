"""`takefive add`, `remove` and `export`, called as the shell does, with a real web and a recorded directory."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from django.utils import timezone
from pytest_django import Settings
from typer.testing import CliRunner

from takefive.cli import add, export, remove
from takefive.feeds.opml import parse_opml
from takefive.feeds.search import ItunesDirectory
from takefive.pipeline.steps import outside
from takefive.store.models import Podcast

OLD, NEW = "http://old.example/feed.xml", "http://new.example/feed.xml"
TOKEN = "Zk93hfB27sKqPw81mXc64tRyLd05vNeJ"
Call = Callable[..., Result]

pytestmark = pytest.mark.django_db(transaction=True)


def feed(title: str) -> str:
    return f"<rss><channel><title>{title}</title><item><guid>1</guid><title>First</title></item></channel></rss>"


def listing(number: int) -> dict[str, Any]:
    address = f"http://directory.example/{number}.xml"
    return {"collectionName": f"Ship It {number}", "artistName": "Ada", "feedUrl": address, "trackCount": number}


WEB = {
    "/feed.xml": feed("One"),
    "/": '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>',
    f"/private/{TOKEN}": feed("Secret"),
    "/search?media=podcast&term=ship+it&limit=10": json.dumps({"results": [listing(n) for n in (1, 2, 3)]}),
    "/lookup?id=1528594034&entity=podcast": json.dumps({"results": [listing(1)]}),
}


@pytest.fixture(autouse=True)
def web(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three hosts on one server on loopback; one of them answers as Apple's search did."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = WEB.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"127.0.0.1:{server.server_port}"
    settings.TRUSTED_HOSTS = dict.fromkeys(("old.example", "new.example", "directory.example"), here)
    settings.TRUSTED_HOSTS["silent.example"] = "127.0.0.1:9"
    monkeypatch.setattr(outside, "directory", lambda client: ItunesDirectory(client, at="http://directory.example"))
    yield
    server.shutdown()
    server.server_close()


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    for command in (add, remove, export):
        monkeypatch.setattr(command, "boot", lambda: None)  # the tests have their database already

    def run(module: Any, *words: str) -> Result:
        app = typer.Typer(add_completion=False)
        app.command()(module.run)
        return CliRunner().invoke(app, words)

    return run


def results(answer: Result) -> list[str]:
    return [row["result"] for row in json.loads(answer.stdout)]


def addresses() -> list[str]:
    return sorted(Podcast.objects.values_list("feed_url", flat=True))


@pytest.mark.parametrize("what", ["http://old.example/feed.xml", "http://old.example/"])
def test_a_feed_is_followed_by_its_address_or_by_that_of_its_page(call: Call, what: str) -> None:
    answer = call(add, what)

    assert answer.exit_code == 0, answer.output
    assert addresses() == [OLD]
    assert Podcast.objects.get().title == "One"


def test_a_link_of_apple_is_the_show(call: Call) -> None:
    call(add, "https://podcasts.apple.com/us/podcast/ship-it/id1528594034")
    assert addresses() == ["http://directory.example/1.xml"]


def test_several_shows_are_listed_with_numbers_and_none_is_taken_by_itself(call: Call) -> None:
    answer = call(add, "ship it")

    assert answer.exit_code == 1
    assert [f"{n}  Ship It {n}, Ada ({n} episodes)" in answer.stderr for n in (1, 2, 3)] == [True] * 3
    assert "--pick 1" in answer.stderr
    assert addresses() == []


@pytest.mark.parametrize(("option", "numbers"), [("--yes", [1]), ("--pick=3", [3]), ("--pick=1, 2", [1, 2])])
def test_the_shows_to_take_are_picked_by_number(call: Call, option: str, numbers: list[int]) -> None:
    call(add, "ship it", option)
    assert addresses() == [f"http://directory.example/{n}.xml" for n in numbers]


@pytest.mark.parametrize("picks", ["4", "0", "one", "1,9", "-1"])
def test_a_number_that_is_not_listed_is_one_clear_line(call: Call, picks: str) -> None:
    answer = call(add, "ship it", f"--pick={picks}")

    assert (answer.exit_code, addresses()) == (1, [])
    assert "numbers from 1 to 3" in answer.stderr


def test_a_dry_run_changes_nothing(call: Call) -> None:
    assert results(call(add, OLD, "ship it", "--yes", "--dry-run", "--json")) == ["added", "added"]
    assert addresses() == []


def test_a_feed_that_cannot_be_read_now_is_followed_and_said_so(call: Call) -> None:
    answer = call(add, "http://silent.example/feed.xml")

    assert (answer.exit_code, addresses()) == (0, ["http://silent.example/feed.xml"])
    assert "not read yet" in answer.stderr


def test_an_address_where_nothing_is_is_not_followed(call: Call) -> None:
    answer = call(add, "http://old.example/nothing", OLD)

    assert answer.exit_code == 1
    assert "404" in answer.stderr
    assert addresses() == [OLD]


def test_the_old_address_of_a_show_that_moved_is_followed_already(call: Call) -> None:
    call(add, OLD)
    Podcast.objects.update(feed_url=NEW)

    assert results(call(add, OLD, NEW, "--json")) == ["followed already"] * 2
    assert addresses() == [NEW]
    assert results(call(remove, OLD, "--json")) == ["removed"]


@pytest.mark.parametrize("column", ["retired_at", "paused_at"])
def test_a_feed_that_was_given_up_or_paused_is_asked_again(call: Call, column: str) -> None:
    call(add, OLD)
    Podcast.objects.update(failures=3, error="gone", next_poll_at="2999-01-01T00:00Z", **{column: timezone.now()})

    assert results(call(add, OLD, "--json")) == ["added again"]
    again = Podcast.objects.get()
    assert (again.retired_at, again.paused_at, again.failures, again.error) == (None, None, 0, "")
    assert list(Podcast.objects.due(timezone.now())) == [again]


def test_what_was_added_is_removed_by_its_address_or_its_title(call: Call) -> None:
    call(add, OLD, "ship it", "--yes")

    assert results(call(remove, OLD, "ship it 1", "--dry-run", "--json")) == ["removed", "removed"]
    assert len(addresses()) == 2
    assert results(call(remove, OLD, "ship it 1", "--json")) == ["removed", "removed"]
    assert addresses() == []
    assert call(remove, "ship it 1").exit_code == 1


def test_what_is_exported_can_be_added_again(call: Call, tmp_path: Path) -> None:
    call(add, OLD, "ship it", "--pick=1,2")
    followed = addresses()
    file = tmp_path / "podcasts.opml"
    file.write_text(call(export, "--opml").stdout)
    Podcast.objects.all().delete()
    call(add, str(file))

    assert addresses() == followed
    assert Podcast.objects.get(feed_url=OLD).title == "One"


def test_private_feeds_are_exported_only_where_that_is_asked_for(call: Call) -> None:
    url = f"http://old.example/private/{TOKEN}"
    call(add, url)
    without = call(export)

    assert TOKEN not in without.stdout + without.stderr
    assert "1 private feeds are left out" in without.stderr
    assert [feed.url for feed in parse_opml(call(export, "--private").stdout_bytes).feeds] == [url]


def test_a_private_feed_is_private_from_the_start_and_nobody_logs_its_address(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    good, bad = (f"http://{host}/private/{TOKEN}" for host in ("old.example", "silent.example"))
    said = [call(add, good), call(add, bad), call(add, good), call(add, f"http://silent.example/f?token={TOKEN}")]

    assert set(Podcast.objects.values_list("private", flat=True)) == {True}
    assert Podcast.objects.count() == 3
    assert TOKEN not in caplog.text + "".join(answer.output + answer.stderr for answer in said)


@pytest.mark.parametrize("user", [2, 5, 8, 13, 16, 24, 30])
def test_a_real_list_is_taken_whole_and_every_entry_left_out_is_told_with_its_reason(
    call: Call, shared_data: Path, user: int, settings: Settings
) -> None:
    file = shared_data / "opml" / f"u{user:02}.opml"
    rows = json.loads(call(add, str(file), "--json").stdout)
    report = parse_opml(file.read_bytes())

    added = [row for row in rows if row["result"] == "added"]
    assert len(added) == len(addresses()) > 0
    assert {row["result"] for row in rows} <= {"added", "skipped", "refused"}
    assert all(row["why"] for row in rows if row["result"] != "added")
    assert len(rows) == len({feed.url for feed in report.feeds}) + len(report.skipped)


def test_thousands_of_nested_entries_are_taken_in_a_few_statements(
    call: Call, tmp_path: Path, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    entries = "".join(f'<outline xmlUrl="https://shows.example/{number % 2_500}"/>' for number in range(3_000))
    file = tmp_path / "many.opml"
    folders = "<outline text='Folder'>" * 20
    file.write_text(f"<opml><body>{folders}{entries}{'</outline>' * 20}</body></opml>")
    with django_assert_max_num_queries(15):
        answer = call(add, str(file), "--json")

    assert len(results(answer)) == Podcast.objects.count() == 2_500
    assert "500 entries stand in" in answer.stderr
    assert set(results(call(add, str(file), "--json"))) == {"followed already"}
