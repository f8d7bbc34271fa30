"""What we believe of a hub."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import pytest

from takefive.feeds.websub import can_be_called, confirmed, signed, subscription

TOPIC = "https://show.example/feed.xml"
ASKED = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "abc", "hub.lease_seconds": "864000"}


def signature(body: bytes, secret: str = "s3cret", method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_made_with_our_secret_is_believed(method: str) -> None:
    assert signed(b"<rss/>", signature(b"<rss/>", method=method), "s3cret")
    assert signed(b"<rss/>", signature(b"<rss/>", method=method).upper(), "s3cret")


FORGED = [
    None,
    "",
    "sha256=",
    "sha256",
    "md5=" + hashlib.md5(b"<rss/>").hexdigest(),
    signature(b"<rss/>", "other"),
    signature(b"<rss>"),
    "sha256=é",
    "=" * 99,
]


@pytest.mark.parametrize("header", FORGED)
def test_any_other_signature_is_not(header: str | None) -> None:
    assert not signed(b"<rss/>", header, "s3cret")


def test_a_hub_that_asks_about_what_we_want_gets_its_challenge_back() -> None:
    assert confirmed(ASKED, topic=TOPIC, wanted=True) == ("abc", timedelta(days=10))
    leave = ASKED | {"hub.mode": "unsubscribe"}
    assert confirmed(leave, topic=TOPIC, wanted=False) is not None


OTHER = [
    {"hub.mode": "unsubscribe"},
    {"hub.mode": "denied"},
    {"hub.mode": ""},
    {"hub.topic": "https://other.example/"},
    {"hub.challenge": ""},
    {"hub.challenge": "x" * 9_999},
]


@pytest.mark.parametrize("change", OTHER)
def test_a_hub_that_asks_about_anything_else_gets_nothing(change: dict[str, str]) -> None:
    assert confirmed(ASKED | change, topic=TOPIC, wanted=True) is None


@pytest.mark.parametrize(("said", "days"), [("", 10), ("-5", 10), ("1e9", 10), ("999999999", 30), ("86400", 1)])
def test_the_lease_is_sane(said: str, days: int) -> None:
    answer = confirmed(ASKED | {"hub.lease_seconds": said}, topic=TOPIC, wanted=True)
    assert answer == ("abc", timedelta(days=days))


def test_only_a_subscription_carries_the_secret() -> None:
    callback = "https://takefive.example/hub/x"
    assert subscription(topic=TOPIC, callback=callback, secret="s")["hub.secret"] == "s"
    assert "hub.secret" not in subscription(topic=TOPIC, callback=callback, secret="s", mode="unsubscribe")


@pytest.mark.parametrize(
    ("site", "can"),
    [
        ("https://takefive.example", True),
        ("http://93.184.215.14:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://192.168.1.5", False),
        ("http://[::1]:8000", False),
        ("http://study", False),
    ],
)
def test_hubs_are_asked_only_where_they_can_reach_us(site: str, can: bool) -> None:
    assert can_be_called(site) == can
