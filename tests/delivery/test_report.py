"""What reports tell: of which mail, and whether the address is done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.reports import EXCHANGE, POSTFIX, bounce, complaint
from takefive.delivery.report import Report, read

OURS = "<0123456789abcdef0123456789abcdef@takefive.example>"


def told(raw: bytes) -> Report | None:
    return read(raw)


@pytest.mark.parametrize("form", [POSTFIX, EXCHANGE], ids=["the mail whole", "its headers alone"])
def test_a_bounce_tells_the_mail_and_the_servers_words(form: str) -> None:
    assert told(bounce(OURS, form=form)) == Report(kind="bounced", message_id=OURS, said="550 5.1.1 No such user")


def test_a_full_mailbox_is_of_this_mail_alone() -> None:
    report = told(bounce(OURS, status="5.2.2", said="552 5.2.2 Mailbox full"))
    assert report is not None
    assert report.kind == "failed"


def test_a_vague_status_is_read_with_the_servers_own_words() -> None:
    report = told(bounce(OURS, status="5.0.0", said="550 5.1.1 No such user"))
    assert report is not None
    assert report.kind == "bounced"


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("failed", "4.4.7")])
def test_delays_and_receipts_tell_nothing(action: str, status: str) -> None:
    assert told(bounce(OURS, action=action, status=status)) is None


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [("abuse", "complained"), ("fraud", "complained"), ("opt-out", "left"), ("Abuse", "complained")],
)
def test_a_complaint_tells_its_kind(feedback: str, kind: str) -> None:
    assert told(complaint(OURS, feedback)) == Report(kind=kind, message_id=OURS, said="")


def test_not_spam_is_no_complaint() -> None:
    assert told(complaint(OURS, "not-spam")) is None


def test_a_report_that_quotes_no_mail_tells_nothing() -> None:
    assert told(bounce("")) is None


def test_an_ordinary_mail_that_carries_a_report_tells_nothing() -> None:
    assert told(bounce(OURS).replace(b"multipart/report", b"multipart/mixed")) is None


@pytest.mark.parametrize("deep", [1500, 5000])
def test_one_nested_far_too_deep_tells_nothing_and_does_no_harm(deep: int) -> None:
    parts = (
        f'Content-Type: multipart/{"mixed" if n else "report"}; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(deep)
    )
    assert told("".join(parts).encode() + bounce(OURS)) is None


@given(st.integers(0, 1500), st.binary(max_size=60))
def test_whatever_is_broken_in_it_reading_never_fails(at: int, noise: bytes) -> None:
    for whole in (bounce(OURS), bounce(OURS, form=EXCHANGE), complaint(OURS)):
        told(whole[:at] + noise + whole[at + len(noise) :])
