from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.test import Client
from pytest_django import Settings

from takefive.web.visitor import client_address

PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]
A, B, PROXY, INNER = "203.0.113.9", "198.51.100.7", "127.0.0.1", "10.1.2.3"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (A, "", A),
        (A, B, A),  # nobody's proxy: made up
        (PROXY, "", PROXY),
        (PROXY, A, A),
        (PROXY, f"{B}, {A}", A),  # the visitor sent the first entry, the proxy appended the second
        (PROXY, f"{PROXY}, {A}", A),  # posing as the proxy
        (PROXY, f"{B}, {A}, {INNER}", A),  # two proxies of ours
        (PROXY, f"{INNER},10.9.9.9", INNER),  # a visitor in our own network
        (PROXY, "unknown", PROXY),
        (PROXY, f"{A}, unknown", PROXY),
        (PROXY, f"{A},", PROXY),
        (f"::ffff:{PROXY}", f"::ffff:{A}", A),
        ("2001:db8::1", "2a02:8388::7", "2a02:8388::7"),
        ("", A, None),  # over a socket file nobody is known
    ],
)
def test_the_client_is_the_first_stranger_before_our_proxies(peer: str, forwarded: str, client: str | None) -> None:
    assert client_address(peer, forwarded, PROXIES) == (client and client_address(client, "", []))


def test_without_trusted_proxies_no_header_counts() -> None:
    assert str(client_address(PROXY, A, [])) == PROXY


def test_behind_a_trusted_proxy_each_visitor_has_a_limit_of_their_own(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    monkeypatch.setattr("takefive.accounts.challenges.ASKED_AN_HOUR", 1)

    def asked(forwarded: str) -> int:
        return client.post(
            "/sign-in/", {"email": "ada@example.org"}, headers={"x-forwarded-for": forwarded}
        ).status_code

    assert [asked(A), asked(A), asked(B), asked(f"192.0.2.1, {B}")] == [302, 429, 302, 429]
