from __future__ import annotations

import pytest

from takefive.delivery.answers import refuses_address, status_is_final

REFUSED = [
    (550, "5.1.1 <reader@example.org>: user unknown", True),
    (550, "5.1.1 no such user", False),
    (556, "5.1.10 the domain takes no mail", True),
    (550, "5.2.1 the account is disabled", True),
    (551, "user not local", True),
    (550, "mailbox unavailable", True),
]
NOT_REFUSED = [
    (450, "4.1.1 user unknown for now", True),
    (550, "5.7.1 your network is on our list", True),
    (550, "5.7.26 neither SPF nor DKIM holds", False),
    (552, "5.2.2 the mailbox is full", True),
    (552, "5.3.4 the message is too big", False),
    (554, "looks like spam", False),
    (550, "blocked", False),
    (250, "5.1.1 in the words alone", True),
]


@pytest.mark.parametrize(("code", "words", "at_rcpt"), REFUSED)
def test_an_answer_about_the_address_stops_it(code: int, words: str, at_rcpt: bool) -> None:
    assert refuses_address(code, words, at_rcpt=at_rcpt)


@pytest.mark.parametrize(("code", "words", "at_rcpt"), NOT_REFUSED)
def test_an_answer_about_us_or_about_this_mail_does_not(code: int, words: str, at_rcpt: bool) -> None:
    assert not refuses_address(code, words, at_rcpt=at_rcpt)


def test_a_reports_status_is_read_alike() -> None:
    assert status_is_final("5.1.1")
    assert not status_is_final("5.2.2")
    assert not status_is_final("4.4.7")
