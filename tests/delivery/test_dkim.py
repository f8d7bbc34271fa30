"""DKIM: what we sign another implementation verifies, with a DNS that answers from a table."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode
from dataclasses import replace

import dkim as dkimpy
import pytest

from delivery.examples import NOW, content
from takefive.common.errors import UsageError
from takefive.delivery.dkim import Signer, key_of, new_key, record
from takefive.delivery.message import compose

KEY = new_key()
DNS = {b"morning._domainkey.takefive.example.": record(KEY).encode()}


def signed(**change: object) -> bytes:
    message = compose(replace(content(), **change), now=NOW)
    return Signer(KEY, domain="takefive.example", selector="morning")(message.as_bytes())


def verified(mail: bytes) -> bool:
    return bool(dkimpy.verify(mail, dnsfunc=lambda name, timeout=5: DNS.get(name)))


def test_a_signed_mail_verifies() -> None:
    assert verified(signed())


@pytest.mark.parametrize("change", [{"to": "someone.with.a.very.long.name@subdomain.of.example.org"}, {"items": ()}])
def test_so_does_one_with_another_reader_or_nothing_in_it(change: dict[str, object]) -> None:
    assert verified(signed(**change))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"To: ", b"To: mallory@example.org, "),
        (b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
        (b"Subject:", b"Subject: You won."),
        (b"From: ", b"From: Somebody <else@takefive.example>\r\nFrom: "),
        (b"Subject:", b"Subject: added\r\nSubject:"),
        (b"text/plain", b"text/other"),
    ],
)
def test_whoever_changes_or_adds_something_breaks_it(was: bytes, becomes: bytes) -> None:
    mail = signed()
    assert was in mail
    assert not verified(mail.replace(was, becomes, 1))


def test_empty_lines_that_a_relay_adds_at_the_end_do_not_break_it() -> None:
    assert verified(signed() + b"\r\n\r\n")


def test_the_list_headers_are_signed_as_one_click_unsubscribing_demands() -> None:
    head = signed().partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    names = head.partition(b"h=")[2].partition(b";")[0].split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"date", b"message-id"} <= set(names)


def test_no_line_of_the_signature_is_long() -> None:
    assert max(len(line) for line in signed().split(b"\r\n\r\n")[0].split(b"\r\n")[:8]) < 300


def test_the_record_holds_the_public_half_alone_and_is_read_again() -> None:
    assert key_of(record(KEY)) == b64decode(record(KEY).partition("p=")[2])
    assert key_of("v=DKIM1; k=rsa; p=") is None
    assert key_of("v=spf1 -all") is None
    assert key_of("v=DKIM1; p=%%%") is None


def test_a_key_as_openssl_makes_it_signs_too(tmp_path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl on the path")
    made = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], capture_output=True, text=True, check=True)
    DNS[b"old._domainkey.takefive.example."] = record(made.stdout).encode()
    mail = compose(content(), now=NOW).as_bytes()
    assert verified(Signer(made.stdout, domain="takefive.example", selector="old")(mail))


@pytest.mark.parametrize("pem", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_told_in_a_line_without_it(pem: str) -> None:
    with pytest.raises(UsageError, match="takefive doctor dkim-key"):
        Signer(pem, domain="takefive.example", selector="morning")


@pytest.mark.parametrize(
    ("domain", "selector"), [("", "a"), ("a\r\nX: y", "a"), ("a.example", ""), ("a.example", "x;y")]
)
def test_a_name_that_would_break_the_header_is_refused(domain: str, selector: str) -> None:
    with pytest.raises(UsageError, match="makes no name in the DNS"):
        Signer(KEY, domain=domain, selector=selector)
