"""Which addresses are public, which are secret."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.common.addresses import is_public, looks_private, redacted, trusted_target
from takefive.common.errors import UsageError

CLOSED = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254
100.64.0.1 100.127.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 fd00::1 fc00::1 fdff::1 fe80::1 fe80::1%eth0
fec0::1 ff02::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1::1 2002:a00:1:: 2001::1 2001:db8::1 3fff::1
100::1 4000::1 5f00::1
"""
OPEN = """
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1 198.17.0.1 198.20.0.1
223.255.255.255 2606:4700::1111 2a00:1450:4001::200e ::ffff:8.8.8.8 64:ff9b::808:808
"""


@pytest.mark.parametrize("address", CLOSED.split())
def test_addresses_of_private_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN.split())
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "0177.0.0.1", "2130706433", "127.1", "1.2.3.4.5", "example.com"])
def test_what_is_no_canonical_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@given(st.integers(0, 2**32 - 1))
def test_we_never_call_public_what_python_knows_to_be_private(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_wrapped_in_ipv6_is_as_public_as_itself(number: int) -> None:
    inner = ipaddress.IPv4Address(number)
    assert is_public(ipaddress.IPv6Address(f"::ffff:{inner}")) == is_public(inner)
    assert is_public(ipaddress.IPv6Address(f"64:ff9b::{inner}")) == is_public(inner)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:pass@feeds.example/show.xml",
        "https://user@feeds.example/show.xml",
        "https://www.patreon.com/rss/show?auth=AbCd",
        "https://www.patreon.com/rss/80117",
        "https://feeds.example/rss?token=1",
        "https://feeds.example/rss?access_token=1",
        "https://feeds.example/rss?API_KEY=1",
        "https://feeds.example/rss?key=1",
        "https://feeds.example/rss?user_token=1",
        "https://show.supercast.tech/feeds/k2j4h2k34",
        "https://feeds.supportingcast.fm/wnyc/rss",
        "https://podcasts.supportingcast.fm/content/eyJhbGciOiJIUzI1NiJ9",
        "https://api.substack.com/feed/podcast/20533/private/some.rss",
        "https://access.acast.com/rss/abc/def",
        "https://show.memberful.com/rss/1",
        "https://subscribers.transistor.fm/3f",
        "https://feeds.example/u/a8f3k2m9q7w4e1r6t5y0u8i3o2p9s4d7/show.rss",
        "https://feeds.example/rss?api-key=1",
        "https://feeds.example/rss?authorization=abc",
        "https://feeds.example/rss?subscriber_id=1234",
        "https://app.helloaudio.fm/feed/show/rss",
        "http://[broken/",
    ],
)
def test_an_address_with_a_credential_is_private(url: str) -> None:
    assert looks_private(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://feeds.megaphone.fm/NATIONALAERONAUTICSANDSPACEADMINISTRATION1776343825",
        "https://feeds.simplecast.com/54nAGcIl",
        "https://anchor.fm/s/1234abcd/podcast/rss",
        "https://www.omnycontent.com/d/playlist/e73c998e-6e60-432f-8610-ae210140c5b1/e5f91208-cc7e-4726-a312-ae280140ad11/podcast.rss",
        "https://podcasts.sueddeutsche.de/podcast/2171-das-thema-der-podcast-der-suddeutschen-zeitung/feed/mp3",
        "http://feeds.soundcloud.com/users/soundcloud:users:2655632/sounds.rss?utm_term=0_da0224f105-09e1e751a9-124555673",
        "https://www.thisamericanlife.org/podcast/rss.xml",
        "https://feeds.example/monkey?keyword=cheese&author=me",
    ],
)
def test_an_ordinary_address_is_not_private(url: str) -> None:
    assert not looks_private(url)


def test_real_subscriptions_are_seldom_taken_for_private(shared_data) -> None:
    from takefive.feeds.opml import parse_opml

    urls = [f.url for path in (shared_data / "opml").glob("*.opml") for f in parse_opml(path.read_bytes()).feeds]
    private = [u for u in urls if looks_private(u)]
    known = [u for u in private if "REDACTED" in u or "patreon" in u or "/private/" in u]
    assert len(private) - len(known) <= len(urls) / 200


@given(st.text(max_size=200))
def test_any_text_can_be_shown_in_a_log(text: str) -> None:
    assert redacted(text).isprintable()


@pytest.mark.parametrize("secret", ["hunter2", "s3cr3t"])
def test_a_log_never_shows_the_secret(secret: str) -> None:
    for url in (
        f"https://me:{secret}@feeds.example/a.xml",
        f"https://feeds.example/a.xml?auth={secret}",
        f"https://feeds.example/a.xml?x={secret}",
        f"https://www.patreon.com/rss/{secret}",
        f"https://feeds.example/private/{secret}.rss",
        f"https://feeds.example/a#{secret}",
    ):
        assert secret not in redacted(url)


def test_a_log_shows_where_an_ordinary_feed_is() -> None:
    assert redacted("https://feeds.example:8080/a/b.xml?page=2") == "https://feeds.example:8080/a/b.xml?…"


def test_a_trusted_host_goes_where_it_is_mapped_and_no_other_does() -> None:
    trusted = {
        "nas.lan:8080": "nas.lan:8080",
        "samples.example": "127.0.0.1:8000",
        "[::1]:80": "[::1]:80",
        "bare": "10.0.0.1",
    }
    assert trusted_target(trusted, "samples.example", 80) == ("127.0.0.1", 8000)
    assert trusted_target(trusted, "nas.lan", 8080) == ("nas.lan", 8080)
    assert trusted_target(trusted, "::1", 80) == ("::1", 80)
    assert trusted_target(trusted, "bare", 8443) == ("10.0.0.1", 8443)
    assert trusted_target(trusted, "nas.lan", 81) is None


@pytest.mark.parametrize("target", ["nas:99999", "nas:port", "[::1", "nas:-1"])
def test_a_trusted_target_that_cannot_be_read_is_told_in_words(target: str) -> None:
    with pytest.raises(UsageError, match="address:port"):
        trusted_target({"nas": target}, "nas", 80)
