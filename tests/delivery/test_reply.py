"""Plain rules for what readers write back: each says one thing, and what no rule knows changes nothing."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.examples import NOW
from takefive.common.errors import MailError
from takefive.delivery.acknowledge import compose
from takefive.delivery.reply import MOST_WISHES, Letter, Wish, is_automatic, own_words, read, wishes

TUESDAY = date(2026, 11, 24)
SAID = [
    ("mute crypto", Wish(do="mute", words="crypto")),
    ("Please mute “crypto prices”.", Wish(do="mute", words="crypto prices")),
    ("no more about football", Wish(do="mute", words="football")),
    ("nothing on football", Wish(do="mute", words="football")),
    ("unmute crypto", Wish(do="unmute", words="crypto")),
    ("more like 2", Wish(do="more", number=2)),
    ("More like #2, please", Wish(do="more", number=2)),
    ("more of the second one", Wish(do="more", number=2)),
    ("Less like 3!", Wish(do="less", number=3)),
    ("save 1", Wish(do="save", number=1)),
    ("mute show 2", Wish(do="mute show", number=2)),
    ("mute 2", Wish(do="mute show", number=2)),
    ("pause until Monday", Wish(do="pause", until=date(2026, 11, 30))),
    ("pause until tuesday", Wish(do="pause", until=date(2026, 12, 1))),
    ("pause until tomorrow", Wish(do="pause", until=date(2026, 11, 25))),
    ("pause until 24 November", Wish(do="pause", until=date(2027, 11, 24))),
    ("pause until 2027-01-05", Wish(do="pause", until=date(2027, 1, 5))),
    ("pause for 3 days", Wish(do="pause", until=date(2026, 11, 27))),
    ("pause for two weeks", Wish(do="pause", until=date(2026, 12, 8))),
    ("pause", Wish(do="pause", until=date(2026, 12, 1))),
    ("stop until friday", Wish(do="pause", until=date(2026, 11, 27))),
    ("STOP", Wish(do="stop")),
    ("unsubscribe", Wish(do="stop")),
    ("resume", Wish(do="resume")),
    ("weekly", Wish(do="frequency", words="weekly")),
    ("only once a week", Wish(do="frequency", words="weekly")),
    ("every day", Wish(do="frequency", words="daily")),
]
UNKNOWN = [
    "what a great brief today",
    "I cannot stop reading this",
    "please don't stop",
    "stop sending me crypto",
    "pause until 31 June",
    "pause until 2020-01-01",
    "pause for 999 months",
    "more like 12",
    "do not unsubscribe me",
]


@pytest.mark.parametrize(("words", "wish"), SAID)
def test_what_is_said_plainly_is_understood(words: str, wish: Wish) -> None:
    assert wishes(words, today=TUESDAY) == [wish]


@pytest.mark.parametrize("words", UNKNOWN)
def test_what_no_rule_knows_changes_nothing(words: str) -> None:
    assert [wish.do for wish in wishes(words, today=TUESDAY)] == ["unknown"]


def test_several_wishes_in_one_mail_come_in_their_order() -> None:
    words = "Hi,\nless like 3 and mute crypto. Weekly\nless like 3\nThanks, Ada"
    assert [wish.do for wish in wishes(words, today=TUESDAY)] == ["less", "mute", "frequency"]


def test_nothing_said_is_nothing_asked() -> None:
    assert wishes("", today=TUESDAY) == []
    assert wishes("Thanks!\n", today=TUESDAY) == []


@given(st.text(max_size=400), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_no_words_break_the_rules(words: str, today: date) -> None:
    found = wishes(words, today=today)
    assert len(found) <= MOST_WISHES
    for wish in found:
        assert wish.until is None or today < wish.until <= today + timedelta(days=731)
        assert wish.number is None or 0 <= wish.number <= 9
        assert "\n" not in wish.words


@given(st.sampled_from(SAID), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_stands_in_the_quoted_mail_never_counts(said: tuple[str, Wish], quoted: str) -> None:
    words, wish = said
    below = "".join(f"> {row}\n" for row in [*quoted.splitlines(), "stop", "mute everything"])
    assert wishes(own_words(mail(f"{words}\n\nOn Tue, Takefive wrote:\n{below}")), today=TUESDAY) == [wish]


def mail(text: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


ENDS = [
    "\n-- \nstop\n",
    "\nOn Mon, 23 Nov 2026 at 07:00, Takefive <brief@takefive.example> wrote:\n> stop\n",
    "\nOn Mon, 23 Nov 2026 at 07:00, Takefive\n<brief@takefive.example> wrote:\n\nstop\n",
    "\nAm 23.11.2026 um 07:00 schrieb Takefive:\n> stop\n",
    "\nLe lun. 23 nov. 2026 à 07:00, Takefive a écrit :\n> stop\n",
    "\n-----Original Message-----\nstop\n",
    "\nFrom: Takefive\nSent: Monday\nstop\n",
    "\nVon: Takefive\nGesendet: Montag\nstop\n",
    "\n________________________________\nstop\n",
    "\nSent from my iPhone\nstop\n",
    "\nTAKEFIVE                          Monday, 23 November 2026\nstop\n",
]


@pytest.mark.parametrize("end", ENDS)
def test_quotes_and_signatures_are_stripped(end: str) -> None:
    assert own_words(mail("mute crypto" + end)) == "mute crypto"


def test_a_mail_of_html_alone_is_read_too() -> None:
    message = EmailMessage()
    message.set_content("<div>mute crypto</div><script>stop</script><blockquote>&gt; stop</blockquote>", subtype="html")
    assert own_words(message).splitlines()[0] == "mute crypto"
    assert "mute" in [wish.do for wish in wishes(own_words(message), today=TUESDAY)]


@given(st.binary(max_size=2_000))
def test_no_mail_however_broken_is_a_fault(raw: bytes) -> None:
    head = (
        b"From: a@b.example\r\nContent-Type: text/plain; charset=none-such\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    for octets in (raw, head + raw):
        message = cast(EmailMessage, message_from_bytes(octets, policy=policy.default))
        assert len(own_words(message)) <= 15 * 301


AUTOMATIC = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated"},
    {"Precedence": "bulk"},
    {"Precedence": "Junk"},
    {"List_Id": "<x.example>"},
    {"X_Autoreply": "yes"},
]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_what_no_person_wrote_is_known(headers: dict[str, str]) -> None:
    assert is_automatic(mail("stop", **headers), "a@b.example")


def test_bounces_are_known_and_people_are_people() -> None:
    assert is_automatic(mail("stop"), "")
    assert is_automatic(mail("stop"), "<>")
    assert not is_automatic(mail("stop", Auto_Submitted="no"), "a@b.example")


def answer(**fields: str) -> EmailMessage:
    given = {"key": "k", "to": "ada@example.org", "sender": "Takefive <b@t.example>", "subject": "Re: Five from today"}
    told = given | {"answers": "<1@mail.example>", "settings_url": "https://t.example/account/"} | fields
    return compose(["You will get nothing on “crypto”."], now=NOW, **told)


def test_the_answer_says_what_was_done_in_the_same_thread_and_starts_no_loop() -> None:
    message = answer()
    assert "nothing on “crypto”" in message.get_content()
    assert message["Subject"] == "Re: Five from today"
    assert message["In-Reply-To"] == "<1@mail.example>"
    assert is_automatic(message, "brief@takefive.example")


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_in_a_mail_breaks_the_headers_of_its_answer(subject: str, answers: str) -> None:
    raw = answer(subject=subject, answers=answers).as_bytes()
    back = message_from_bytes(raw, policy=policy.default)
    assert {name.lower() for name in back} <= {
        *("from", "to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted"),
        *("x-auto-response-suppress", "content-type", "content-transfer-encoding", "mime-version"),
    }
    assert back["To"] == "ada@example.org"


NESTED = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(1500))
BROKEN = [
    "From: <",
    "From: .:",
    "Message-ID: <<<",
    "Message-ID: <é@[,=?x?b?",
    "Content-Type: text/html; charset=\0<",
    NESTED,
]


@pytest.mark.parametrize("header", BROKEN, ids=range(len(BROKEN)))
def test_a_mail_that_cannot_be_read_says_so_in_one_line(header: str) -> None:
    with pytest.raises(MailError, match="cannot be read"):
        read(f"{header}\r\n\r\nmute crypto\r\n".encode(), sender="a@b.example")


@given(
    st.sampled_from(
        ["From", "Message-ID", "Subject", "Auto-Submitted", "List-Id", "Content-Type", "Content-Disposition"]
    ),
    st.lists(
        st.sampled_from([*'<>"\\@:;,()[] \t=%.aé\0', "=?utf-8?q?", "=?x?b?", "?=", "*0*=", "text/html; charset="]),
        max_size=9,
    ),
)
def test_whatever_stands_in_its_headers_a_mail_is_read_or_cannot_be(name: str, pieces: list[str]) -> None:
    raw = f"{name}: {''.join(pieces)}\r\n\r\nmute crypto\r\n".encode()
    with contextlib.suppress(MailError):
        assert isinstance(read(raw, sender="a@b.example"), Letter | None)
