from __future__ import annotations

from datetime import UTC, datetime

import pytest

from takefive.common.errors import MailError
from takefive.delivery.confirm import compose, confirmation, sign_in

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
COMMON = {
    "key": "challenge:7",
    "to": "reader@example.org",
    "sender": "Takefive <brief@takefive.example>",
    "site_url": "https://takefive.example",
    "url": "https://takefive.example/confirm/3Wq0aVd5/",
    "code": "482913",
}


def both():
    return [sign_in(**COMMON), confirmation(**COMMON, consent="Send me <five> & more.")]


@pytest.mark.parametrize("note", both(), ids=["sign in", "confirmation"])
def test_both_halves_hold_the_link_and_the_code(note):
    message = compose(note, now=NOW)
    for kind in ("plain", "html"):
        words = message.get_body((kind,)).get_content()
        assert COMMON["url"] in words
        assert "482 913" in words
    assert message["To"] == "reader@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message


@pytest.mark.parametrize("note", both(), ids=["sign in", "confirmation"])
def test_the_mail_is_small_with_short_lines_and_loads_nothing(note):
    raw = compose(note, now=NOW).as_bytes()
    assert len(raw) < 12_000
    assert max(map(len, raw.splitlines())) < 998
    rich = compose(note, now=NOW).get_body(("html",)).get_content()
    assert not any(word in rich for word in ("<img", "<script", "@import", "var(--"))


def test_what_is_agreed_to_stands_in_the_mail_and_is_escaped():
    message = compose(both()[1], now=NOW)
    assert "Send me <five> & more." in message.get_body(("plain",)).get_content()
    assert "Send me &lt;five&gt; &amp; more." in message.get_body(("html",)).get_content()


def test_the_code_does_not_stand_in_the_subject_where_a_locked_screen_shows_it():
    assert not any("482" in compose(note, now=NOW)["Subject"] for note in both())


def test_the_same_note_is_the_same_mail():
    first, again = (compose(sign_in(**COMMON), now=NOW) for _ in range(2))
    assert first.as_bytes() == again.as_bytes()
    assert compose(sign_in(**COMMON | {"key": "challenge:8"}), now=NOW)["Message-ID"] != first["Message-ID"]


@pytest.mark.parametrize(
    "broken", [{"to": "nobody"}, {"to": "a@b.org\nBcc: c@d.org"}, {"sender": "x"}, {"url": "javascript:x"}]
)
def test_what_is_no_address_is_refused(broken):
    with pytest.raises(MailError) as caught:
        compose(sign_in(**COMMON | broken), now=NOW)
    assert not caught.value.retry
