from __future__ import annotations

import os

import pytest

from delivery.examples import NOW, content
from takefive.common.errors import MailError
from takefive.delivery.message import compose
from takefive.delivery.outbox import Outbox


def test_a_message_becomes_a_file_named_by_its_message_id(tmp_path):
    message = compose(content(), now=NOW)
    Outbox(tmp_path / "outbox").send(message)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.name == message["Message-ID"].strip("<>") + ".eml"
    assert file.read_bytes() == message.as_bytes()


def test_the_file_tells_where_to_unsubscribe_in_plain_words_however_long_the_address_is(tmp_path):
    url = "https://takefive.example/".ljust(300, "x")
    Outbox(tmp_path).send(compose(content(unsubscribe_url=url), now=NOW))
    (file,) = tmp_path.iterdir()
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in file.read_bytes()


def test_the_same_brief_sent_twice_is_one_file(tmp_path):
    for _ in range(2):
        Outbox(tmp_path).send(compose(content(), now=NOW))
    assert len(list(tmp_path.iterdir())) == 1


def test_nobody_else_may_read_the_codes_that_lie_there(tmp_path):
    before = os.umask(0o022)
    try:
        Outbox(tmp_path / "outbox").send(compose(content(), now=NOW))
    finally:
        os.umask(before)
    (file,) = (tmp_path / "outbox").iterdir()
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "outbox", file)] == [0o700, 0o600]


def test_a_message_id_cannot_lead_out_of_the_folder(tmp_path):
    message = compose(content(), now=NOW)
    del message["Message-ID"]
    message["Message-ID"] = "<../../etc/x@y>"
    assert Outbox(tmp_path).path(message).parent == tmp_path


def test_a_folder_that_cannot_be_written_may_be_tried_again(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailError, match="cannot write") as caught:
        Outbox(tmp_path / "file").send(compose(content(), now=NOW))
    assert caught.value.retry is True


def test_all_mails_to_an_address_can_be_forgotten_and_no_others(tmp_path):
    outbox = Outbox(tmp_path)
    for number, to in enumerate(
        ["ada@example.org", "Ada <ADA@example.org>", "not-ada@example.org", "b@ada.example.org"]
    ):
        outbox.send(compose(content(key=str(number), to=to), now=NOW))
    next(tmp_path.iterdir()).with_suffix(".12.part").write_bytes(b"To: ada@example.org\r\n\r\n")
    (tmp_path / "notes.txt").write_text("To: ada@example.org\n\n")
    assert outbox.forget("ada@example.org") == 3
    assert len(list(tmp_path.iterdir())) == 3
    assert Outbox(tmp_path / "none").forget("ada@example.org") == 0
