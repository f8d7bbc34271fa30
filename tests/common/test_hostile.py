"""Ten thousand hostile addresses, watched by a server on the inside and by the system call, not by the code under test."""

from __future__ import annotations

import asyncio
import ipaddress
import random
import socket
from contextlib import suppress

import pytest
from aiohttp.abc import AbstractResolver

from loopback import loopback, reply
from takefive.common.errors import TakefiveError
from takefive.common.http import GuardedClient

_INSIDE = """127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.5.5 192.168.0.1 169.254.169.254 100.64.1.1 198.18.0.1
224.0.0.1 255.255.255.255"""
INSIDE = _INSIDE.split()
WORDS = ["localhost", "ip6-localhost", "localhost.localdomain", "metadata.google.internal", "127.0.0.1.nip.io", "x"]
_SCHEMES = r"""http:// http:// https:// HTTP:// http:/ http: // http://// http:\\ ftp:// file:// gopher:// unix:// feed:http://"""
SCHEMES = _SCHEMES.split()
BEFORE = ["", "", "", "a@", "a.b:80@", "a:b@", "a.b\\@", "a.b#@", "a.b?@", "a.b/@", " ", "\t"]
BEHIND = ["", "/", "/x?y#z", "?a", "#b", "/../", "\0", "%00", "\n"]


def spelled(address: str, chance: random.Random) -> str:
    """One of the ways to write an address that some program, somewhere, understands."""
    number, parts = int(ipaddress.IPv4Address(address)), address.split(".")
    ways = [
        address,
        str(number),
        hex(number),
        oct(number).replace("0o", "0"),
        ".".join(hex(int(p)) for p in parts),
        ".".join(f"0{int(p):o}" for p in parts),
        ".".join(p.zfill(3) for p in parts),
        f"{parts[0]}.{int(parts[1]) << 16 | int(parts[2]) << 8 | int(parts[3])}",
        f"{parts[0]}.{parts[1]}.{int(parts[2]) << 8 | int(parts[3])}",
        address + ".",
        f"[::ffff:{address}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
        "[::1]",
        "[::]",
        "[fe80::1%25lo]",
        "[fd00::1]",
        "[0:0:0:0:0:0:0:1]",
        address.replace(".", "。"),
        address.replace("1", "１"),
        address.replace("1", "①"),
        f"%3{address[0]}{address[1:]}",
        chance.choice(WORDS),
    ]
    return chance.choice(ways)


def hostile(chance: random.Random, port: int) -> str:
    host = spelled(chance.choice(INSIDE), chance)
    where = chance.choice(["", f":{port}", ":80", ":22", ":6379", ":8080", ":0", ":99999", ":"])
    return "".join((chance.choice(SCHEMES), chance.choice(BEFORE), host, where, chance.choice(BEHIND)))


class Inside(AbstractResolver):
    """Reads numbers as the system does; every name there is means this machine."""

    async def resolve(self, host, port=0, family=socket.AF_INET):
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except (OSError, UnicodeError):
            infos = [(socket.AF_INET, 0, 0, "", ("127.0.0.1", port))]
        return [
            {"hostname": host, "host": to[0], "port": to[1], "family": kind, "proto": 0, "flags": 0}
            for kind, _, _, _, to in infos
        ]

    async def close(self) -> None:
        pass


NAT64, COMPATIBLE = ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96")


def inside(address: str) -> bool:
    """Whether a packet to this address could stay inside, by the standard library's tables and not by the code under test."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    carried = []
    if isinstance(ip, ipaddress.IPv6Address):
        carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in NAT64 or ip in COMPATIBLE:
            carried.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return any(one is not None and (not one.is_global or one.is_multicast) for one in (ip, *carried))


class Witness:
    """Notes every address that the system is asked to connect to."""

    def __init__(self, monkeypatch) -> None:
        self.seen: list[str] = []
        loop = asyncio.get_running_loop()
        connect = loop.sock_connect

        async def watched(sock: socket.socket, address):
            self.seen.append(address[0])
            if address[0] != "127.0.0.1":
                raise OSError("no network in a test")
            await connect(sock, address)

        monkeypatch.setattr(loop, "sock_connect", watched)


async def test_no_packet_goes_inside_for_any_address(monkeypatch) -> None:
    witness, chance = Witness(monkeypatch), random.Random(1)
    async with loopback({"/": reply(200, b"secret")}) as sink, client() as door:
        for _ in range(9_400):
            with pytest.raises(TakefiveError):
                await door.get(hostile(chance, sink.port))
        assert sink.connections == 0
    assert [a for a in witness.seen if inside(a)] == []


async def test_no_packet_goes_inside_for_any_redirect(monkeypatch) -> None:
    witness, chance = Witness(monkeypatch), random.Random(2)
    async with loopback({"/in": reply(200, b"secret")}) as sink, loopback() as outside:
        async with client(trusted=outside.trusted) as door:
            for number in range(600):
                there = hostile(chance, sink.port).replace("\n", "").replace("\0", "")
                outside.answers[f"/{number}"] = reply(chance.choice([301, 302, 303, 307, 308]), location=there)
                with suppress(TakefiveError):
                    await door.get(outside.url(f"/{number}"))
        assert sink.connections == 0
        assert len(outside.asked) >= 600
    assert {a for a in witness.seen if inside(a)} == {"127.0.0.1"}
    assert outside.connections == witness.seen.count("127.0.0.1")


def client(**more) -> GuardedClient:
    return GuardedClient(user_agent="t", total_timeout=5, resolver=Inside(), **more)


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        *((address, True) for address in INSIDE),
        *(
            (a, True)
            for a in ("::1", "::", "fe80::1%lo", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1")
        ),
        *((a, False) for a in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e")),
    ],
)
def test_the_watcher_itself_knows_inside_from_outside(address: str, is_inside: bool) -> None:
    assert inside(address) == is_inside
