from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.examples import NOW, SITE, content, item
from takefive.common.errors import MailError
from takefive.delivery.message import compose, message_id
from takefive.delivery.values import RelatedItem

HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a\r\nBcc: victim@example.org", "x\n\n<html>", "{{ 7*7 }}",
    "{% for x in y %}", "=?utf-8?q?=0D=0ABcc:_x=40y?=", "=?utf-8?b?" + "QUFB" * 300 + "?=", "\u202eevil\u2066", "\ud800",
    "\x00\x1b[31m", "a" * 5000, "漢" * 900, "e" + "\u0301" * 900, "</style><style>*{display:none}", "-->", "]]>",
    "javascript:alert(1)",    "<svg/onload=alert(1)>", "' onmouseover='x", "\u2028\u2029", "😀" * 400, "&lt;b&gt; &amp;",
    "<![if mso]>", "العربية " * 60,
]  # fmt: skip


class Tags(HTMLParser):
    """All tags of a page, and what could run or load in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def html(message) -> str:
    return message.get_body(("html",)).get_content()


def text(message) -> str:
    return message.get_body(("plain",)).get_content()


def hostile(payload: str):
    related = RelatedItem(headline=payload, podcast=payload, url=payload, same_point=True)
    bad = item(
        headline=payload, text=payload, quote=payload, speaker=payload, podcast=payload, episode=payload, reason=payload,
        url=payload, play_url=payload, related=(related,),
    )  # fmt: skip
    return content(items=(bad, item(2)), key=payload, site_url=payload, settings_url=payload)


def check_is_harmless(message) -> None:
    raw = message.as_bytes()
    assert max(len(row) for row in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    read = message_from_bytes(raw, policy=default)
    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert set(read.keys()) <= HEADERS
    assert len(read.keys()) == len(set(read.keys()))
    assert not read.defects
    tags = Tags(html(read))
    assert not tags.names & {
        "script",
        "img",
        "svg",
        "iframe",
        "object",
        "form",
        "input",
        "link",
        "base",
        "math",
        "audio",
    }
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name == "src"]
    assert all(value.startswith(("https://", "http://")) for name, value in tags.attributes if name == "href")


def test_the_mail_has_a_text_and_an_html_half_with_the_same_words():
    message = compose(content(), now=NOW)
    assert message.get_content_type() == "multipart/alternative"
    seen = " ".join(unescape(re.sub(r"<[^>]+>", " ", html(message))).split())
    for given_item in content().items:
        assert given_item.headline in seen
        assert given_item.quote in seen
        assert given_item.headline in " ".join(text(message).split())


def test_the_headers_are_those_that_a_daily_mail_needs():
    message = compose(content(), now=NOW)
    assert set(message.keys()) == HEADERS
    assert message["From"] == "Takefive <brief@takefive.example>"
    assert message["Subject"] == "Five from today: Years of tutorials taught her, but only a real app proved it"
    assert message["Date"] == "Mon, 23 Nov 2026 06:30:00 +0000"
    assert message["List-Unsubscribe"] == f"<{SITE}/unsubscribe/3Wq0aVd5>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "Takefive <brief.takefive.example>"


def test_the_same_content_and_date_make_the_same_bytes():
    assert compose(content(), now=NOW).as_bytes() == compose(content(), now=NOW).as_bytes()


def test_the_message_id_comes_from_the_key_alone():
    first, again, other = content(), content(items=(), to="b@example.org"), content(key="brief:43:2026-11-23")
    assert message_id(first) == message_id(again) == compose(first, now=NOW)["Message-ID"] != message_id(other)
    assert re.fullmatch(r"<[0-9a-f]{32}@takefive\.example>", message_id(first))


def test_the_mail_stays_under_sixty_kilobytes_even_with_long_words():
    steer = f"{SITE}/s/{'x' * 70}/"
    long = [
        item(n, text="word " * 2000, quote="said " * 2000, headline="w " * 900, episode="e " * 900, steer_url=steer)
        for n in range(9)
    ]
    assert len(html(compose(content(items=tuple(long)), now=NOW)).encode()) < 60_000
    assert len(html(compose(content(), now=NOW)).encode()) < 25_000


def test_the_mail_asks_the_network_for_nothing():
    page = html(compose(content(), now=NOW))
    assert not re.search(r"url\(|@import|src=|<link|background=", page)


def test_light_and_dark_are_in_the_mail_and_no_custom_property_is_left():
    page = html(compose(content(), now=NOW))
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "@media (prefers-color-scheme: dark)" in page
    assert "var(--" not in page


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_from_outside_breaks_headers_or_html(payload):
    check_is_harmless(compose(hostile(payload), now=NOW))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120), st.sampled_from(HOSTILE))
def test_nothing_at_all_breaks_headers_or_html(words, payload):
    check_is_harmless(compose(hostile(words + payload + words), now=NOW))


def test_markup_in_words_is_shown_and_not_obeyed():
    message = compose(content(items=(item(headline="Why List<T> beats & <b>bold</b>"),)), now=NOW)
    assert "Why List&lt;T&gt; beats &amp; &lt;b&gt;bold&lt;/b&gt;" in html(message)
    assert "Why List<T> beats & <b>bold</b>" in text(message)


def test_an_encoded_word_in_a_headline_stays_words():
    message = compose(content(items=(item(headline="=?utf-8?q?=0D=0ABcc:_x=40y?="),)), now=NOW)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert read["Bcc"] is None
    assert read["Subject"] == "One from today: = ?utf-8?q?=0D=0ABcc:_x=40y?="


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b@c", "a@b\r\nBcc: x@y", "a b@c.example", "x@", "@x", "a@é.example", "a@[1.2.3.4]"]
)
def test_what_is_no_address_gets_no_mail_ever(to):
    with pytest.raises(MailError, match="no mail address") as caught:
        compose(content(to=to), now=NOW)
    assert caught.value.retry is False


def test_a_mail_that_nobody_could_unsubscribe_from_is_not_made():
    with pytest.raises(MailError, match="unsubscribe"):
        compose(content(unsubscribe_url="mailto:x@y"), now=NOW)


def test_one_insight_is_called_one():
    assert compose(content(items=(item(),)), now=NOW)["Subject"].startswith("One from today: ")


def test_what_the_quote_says_in_the_same_words_is_not_said_twice():
    quote = "So, you know, we ship on Fridays, because, um, a weekend is two days of watching. Always."
    told = "We ship on Fridays, because a weekend is two days of watching. Always."
    message = compose(content(items=(item(text=told, quote=quote),)), now=NOW)
    assert html(message).count("hip on Fridays") == text(message).count("hip on Fridays") == 1


def test_what_is_told_in_other_words_than_the_quote_stays():
    for given_item in content().items:
        assert given_item.text in unescape(html(compose(content(items=(given_item,)), now=NOW)))


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ('"We ship."', "“We ship.”"),
        ("“We ship.”", "“We ship.”"),
        ('He said "ship."', '“He said "ship."”'),
        ('"Ship" and "ship"', '“"Ship" and "ship"”'),
    ],
)
def test_a_quote_is_set_in_one_pair_of_marks_and_stays_verbatim(quote, shown):
    assert shown in text(compose(content(items=(item(quote=quote),)), now=NOW))


@pytest.mark.parametrize("length", [30, 300, 978])
def test_what_machines_read_is_never_encoded_however_long_it_is(length: int) -> None:
    url = f"{SITE}/unsubscribe/".ljust(length, "x")
    far = "reader@" + ".".join(["a-domain-with-a-long-name"] * 7) + ".example"
    raw = compose(content(unsubscribe_url=url, to=far, sender=f"T <brief@{far[7:]}>", site_url=""), now=NOW).as_bytes()
    lines = raw.split(b"\r\n")
    assert f"List-Unsubscribe: <{url}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert f"List-Id: Takefive <brief.{far[7:]}>".encode() in lines
    assert f"To: {far}".encode() in lines
    assert f"From: T <brief@{far[7:]}>".encode() in lines
    assert any(re.fullmatch(rb"Message-ID: <\w{32}@[\w.-]+>", line) for line in lines)
    assert max(map(len, lines)) <= 998


def test_an_address_too_long_for_any_header_is_refused() -> None:
    with pytest.raises(MailError, match="no web address to unsubscribe at"):
        compose(content(unsubscribe_url=f"{SITE}/".ljust(979, "x")), now=NOW)


@given(headline=st.text(max_size=120), items=st.integers(0, 5), who=st.sampled_from(["reader", "a" * 60]))
def test_the_bytes_made_by_hand_are_those_that_python_makes(headline: str, items: int, who: str) -> None:
    said = replace(content(), to=f"{who}@example.org", items=tuple(item(headline=headline) for _ in range(items)))
    mail = compose(said, now=NOW)
    assert mail.as_bytes() == super(type(mail), mail).as_bytes()
    mail["X-Added"] = "later"
    assert b"X-Added: later\r\n" in mail.as_bytes()
