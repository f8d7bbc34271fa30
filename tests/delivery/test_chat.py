"""Briefs to chats: only to hosts that nothing in the address can choose, unless the operator named them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest

from delivery.examples import FIVE, content
from receiver import Receiver, receiver
from takefive.common.errors import MailError, UsageError
from takefive.delivery.body import LONGEST, short
from takefive.delivery.channel import DoubtfulError
from takefive.delivery.chat import Chat, checked

pytest.importorskip("apprise", reason="needs the extra chat")

CONTENT = content(items=FIVE)

TAKEN = [
    "tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/12345/",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
    "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "ntfy://my-topic",
    "https://ntfy.sh/my-topic",
    "ntfys://ntfy.sh/my-topic?priority=low",
    "matrixs://user:pass@matrix.org/%23room",
]
REFUSED = [
    "",
    "json://127.0.0.1/x",
    "jsons://inside.example/x",
    "ntfy://127.0.0.1/topic",
    "ntfy://localhost:8080/topic",
    "ntfy://ntfy.sh:8080/topic",
    "ntfys://ntfy.sh.evil.example/topic",
    "matrixs://user:pass@10.0.0.1/%23room",
    "mmost://[::1]/abcdefghijklmnopqrstuvwxyz",
    "gotify://169.254.169.254/abcdefghijklmno",
    "https://evil.example/hooks.slack.com",
    "https://hooks.slack.com@127.0.0.1/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "http://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "mailto://user:pass@example.org",
    "syslog://",
    "dbus://",
    "file:///etc/passwd",
    "macosx://",
    "workflows://127.0.0.1/a/b",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?avatar_url=http://127.0.0.1/",
    "ntfy://my-topic?mode=private",
    "ntfy://my-topic?attach=http://127.0.0.1/",
    "tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1/2/3",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/ extra",
    "tgram://" + "1" * 2_000,
]


@pytest.mark.parametrize("address", TAKEN)
def test_services_with_hosts_of_their_own_are_taken(address: str) -> None:
    assert checked(f" {address} ", ()) == address


@pytest.mark.parametrize("address", REFUSED)
def test_nothing_that_could_choose_a_host_is(address: str) -> None:
    with pytest.raises(UsageError):
        checked(address, ())


def test_a_host_that_the_operator_named_is_taken_with_its_port_only() -> None:
    assert checked("ntfy://127.0.0.1:8080/t", ["127.0.0.1:8080"])
    with pytest.raises(UsageError):
        checked("ntfy://127.0.0.1:8081/t", ["127.0.0.1:8080"])
    with pytest.raises(UsageError):
        checked("ntfy://127.0.0.1:8080/t", ["127.0.0.1"])


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as served:
        yield served


def chat(server: Receiver, scheme: str = "json") -> Chat:
    return Chat(f"{scheme}://127.0.0.1:{server.port}/topic", hosts=[f"127.0.0.1:{server.port}"])


def test_a_brief_arrives_as_a_short_text(server: Receiver) -> None:
    chat(server).send(CONTENT)
    (got,) = server.got
    said = json.loads(got.body)
    assert said["title"].startswith("Takefive, ")
    assert CONTENT.items[0].headline in said["message"]
    assert CONTENT.items[0].play_url in said["message"]


def test_ntfy_gets_it_too(server: Receiver) -> None:
    chat(server, "ntfy").send(CONTENT)
    (got,) = server.got
    assert CONTENT.items[0].headline in json.loads(got.body)["message"]


@pytest.mark.parametrize(("status", "retry"), [(500, True), (429, True), (403, False), (404, False)])
def test_a_refusal_is_told_apart_and_names_no_secret(server: Receiver, status: int, retry: bool) -> None:
    server.statuses = [status] * 9
    with pytest.raises(MailError) as refused:
        chat(server).send(CONTENT)
    assert refused.value.retry is retry
    assert not isinstance(refused.value, DoubtfulError)
    assert "topic" not in str(refused.value)


def test_a_connection_that_breaks_without_an_answer_leaves_a_doubt(server: Receiver) -> None:
    server.statuses = [0]
    with pytest.raises(DoubtfulError):
        chat(server).send(CONTENT)


def test_a_server_that_is_not_there_may_be_tried_again() -> None:
    with pytest.raises(MailError) as refused:
        Chat("json://127.0.0.1:9/t", hosts=["127.0.0.1:9"]).send(CONTENT)
    assert refused.value.retry
    assert not isinstance(refused.value, DoubtfulError)


def test_a_redirect_is_not_followed(server: Receiver) -> None:
    server.statuses, server.headers = [307], {"Location": server.url("/elsewhere")}
    with pytest.raises(MailError):
        chat(server).send(CONTENT)
    assert len(server.got) == 1


def test_nothing_of_it_is_logged(server: Receiver) -> None:
    root, heard = logging.getLogger(), StringIO()
    handler, before = logging.StreamHandler(heard), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        chat(server).send(CONTENT)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert server.got
    assert "topic" not in heard.getvalue()


def test_the_short_text_is_short_and_nothing_in_it_is_obeyed() -> None:
    item = CONTENT.items[0]
    hostile = replace(item, headline="@everyone <!channel> [click](https://evil.example) " + "word " * 99)
    _, words = short(replace(CONTENT, items=(hostile,) * 9))
    assert len(words) <= LONGEST
    for obeyed in ("@everyone", "<!channel>", "](http"):
        assert obeyed not in words
