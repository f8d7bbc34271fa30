"""What the DNS says about our mails, asked of a real DNS server on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import typer
from pytest_django import Settings

from takefive.cli import doctor
from takefive.common.errors import UsageError
from takefive.delivery.dkim import new_key, record

dns = pytest.importorskip("dns", reason="needs the extra mail")
KEY, OTHER = new_key(), new_key()
Zone = dict[tuple[str, str], list[str]]
GOOD: Zone = {
    ("takefive.example.", "TXT"): ["hello", "v=spf1 ip4:192.0.2.7 -all"],
    ("takefive._domainkey.takefive.example.", "TXT"): [record(KEY)],
    ("_dmarc.takefive.example.", "TXT"): ["v=DMARC1; p=quarantine"],
    ("mail.takefive.example.", "A"): ["192.0.2.7"],
    ("7.2.0.192.in-addr.arpa.", "PTR"): ["mail.takefive.example."],
}


@pytest.fixture
def zone(settings: Settings) -> Zone:
    settings.SENDER, settings.SMTP_URL = "Takefive <brief@takefive.example>", "smtp://mail.takefive.example"
    settings.DKIM_KEY, settings.DKIM_DOMAIN, settings.DKIM_SELECTOR = KEY, "takefive.example", "takefive"
    return dict(GOOD)


@pytest.fixture
def server(zone: Zone) -> Iterator[str]:
    """Answers from the zone over UDP; gives its address."""
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                asked, who = door.recvfrom(4096)
            except OSError:
                return
            door.sendto(answered(asked, zone), who)

    threading.Thread(target=serve, daemon=True).start()
    yield f"127.0.0.1:{door.getsockname()[1]}"
    door.close()


def answered(asked: bytes, zone: Zone) -> bytes:
    from dns import flags, message, rcode, rdatatype, rrset

    query = message.from_wire(asked)
    (question,) = query.question
    answer = message.make_response(query)
    answer.flags |= flags.RA
    kind = rdatatype.to_text(question.rdtype)
    values = zone.get((question.name.to_text(), kind), [])
    if kind == "TXT":
        values = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in values]
    if values:
        answer.answer.append(rrset.from_text(question.name, 60, "IN", kind, *values))
    elif not any(name == question.name.to_text() for name, _ in zone):
        answer.set_rcode(rcode.NXDOMAIN)
    return answer.to_wire()


def told(server: str, capsys: pytest.CaptureFixture[str]) -> str:
    with suppress(typer.Exit):
        doctor.run(part="mail", nameserver=server)
    return capsys.readouterr().out


def test_a_domain_that_is_in_order_is_said_to_be(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(server, capsys).splitlines()
    assert [line[:7].split(":")[0] for line in lines] == ["✓ SPF", "✓ DKIM", "✓ DMARC", "✓ PTR"]


@pytest.mark.parametrize(
    ("name", "kind", "values", "says"),
    [
        ("takefive.example.", "TXT", [], "✗ SPF: takefive.example does not say which servers may send"),
        ("takefive.example.", "TXT", ["v=spf1 +all"], "lets everyone send"),
        ("takefive.example.", "TXT", ["v=spf1 -all", "v=spf1 mx -all"], "says it 2 times"),
        ("takefive._domainkey.takefive.example.", "TXT", [], "holds no key"),
        ("takefive._domainkey.takefive.example.", "TXT", [record(OTHER)], "holds another key than ours"),
        ("_dmarc.takefive.example.", "TXT", [], "→ enter as TXT at _dmarc.takefive.example: v=DMARC1; p=none"),
        ("mail.takefive.example.", "A", [], "mail.takefive.example has no address"),
        ("7.2.0.192.in-addr.arpa.", "PTR", [], "192.0.2.7 (mail.takefive.example) has no name"),
        ("7.2.0.192.in-addr.arpa.", "PTR", ["else.example."], "leads to else.example, which does not lead back"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    zone: Zone, server: str, capsys: pytest.CaptureFixture[str], name: str, kind: str, values: list[str], says: str
) -> None:
    zone[name, kind] = values
    assert says in told(server, capsys)


def test_a_subdomain_is_covered_by_the_dmarc_of_its_domain(
    zone: Zone, server: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SENDER = "Takefive <brief@morning.takefive.example>"
    assert "✓ DMARC: v=DMARC1; p=quarantine (at _dmarc.takefive.example)" in told(server, capsys)


def test_a_dns_that_does_not_answer_says_nothing_about_the_domain(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takefive.cli.doctor_mail._SECONDS", 0.5)
    with pytest.raises(UsageError, match="the DNS does not answer"):
        doctor.run(part="mail", nameserver="127.0.0.1:9")


def test_a_key_is_made_once_for_us_alone_and_its_record_told(
    zone: Zone, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HOME = tmp_path
    doctor.run(part="dkim-key")
    pem = (tmp_path / "dkim.pem").read_text()
    assert record(pem) in capsys.readouterr().out
    assert (tmp_path / "dkim.pem").stat().st_mode & 0o777 == 0o600
    doctor.run(part="dkim-key")
    assert (tmp_path / "dkim.pem").read_text() == pem


def test_a_part_that_nobody_knows_is_named() -> None:
    with pytest.raises(UsageError, match="mail and dkim-key"):
        doctor.run(part="feet")
