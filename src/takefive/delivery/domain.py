"""What the DNS says about a domain that sends mail: SPF, DKIM, DMARC and the server's name, each in plain words. Pure.

Receivers that find nothing here put a mail among the unwanted or refuse it; Gmail and Yahoo have asked for all of it since 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from takefive.delivery.dkim import key_of

Lookup = Callable[[str, str], Sequence[str]]  # name, type -> values; empty where there is none


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `mend` says what to enter in the DNS, or whom to ask, where it is not well."""

    what: str
    well: bool
    says: str
    mend: str = ""


def spf(domain: str, look_up: Lookup) -> Check:
    """Which servers may send for the domain (RFC 7208): one record, that does not let everyone."""
    found = [text for text in look_up(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
    wanted = f"enter as TXT at {domain}: v=spf1 include:YOUR-MAIL-SERVICE -all (or ip4:YOUR-SERVER -all)"
    if not found:
        return Check("SPF", False, f"{domain} does not say which servers may send for it", wanted)
    if len(found) > 1:
        return Check(
            "SPF", False, f"{domain} says it {len(found)} times, so that receivers believe none", "leave one TXT record"
        )
    if {"+all", "all"} & set(found[0].lower().split()):
        return Check("SPF", False, f"“{found[0]}” lets everyone send for {domain}", "end it in -all or ~all")
    return Check("SPF", True, found[0])


def dkim(domain: str, selector: str, ours: str | None, look_up: Lookup) -> Check:
    """Whether receivers find the key that we sign with (RFC 6376). `ours` is the record of our key; None where we sign nothing."""
    if ours is None:
        return Check(
            "DKIM", False, "mails go unsigned", "takefive doctor dkim-key makes a key and says what to do with it"
        )
    name = f"{selector}._domainkey.{domain}"
    keys = [key for key in map(key_of, look_up(name, "TXT")) if key]
    mend = f"enter as TXT at {name}: {ours}"
    if not keys:
        return Check("DKIM", False, f"{name} holds no key: what we sign counts as unsigned", mend)
    if keys != [key_of(ours)]:
        return Check("DKIM", False, f"{name} holds another key than ours: every signature looks forged", mend)
    return Check("DKIM", True, f"{name} holds our key")


def dmarc(domain: str, look_up: Lookup) -> Check:
    """What receivers shall do with mail that is neither (RFC 7489); without it large ones refuse senders of many mails."""
    for at in _upwards(domain):
        found = [
            text for text in look_up(f"_dmarc.{at}", "TXT") if text.replace(" ", "").lower().startswith("v=dmarc1;")
        ]
        if found:
            return Check("DMARC", True, f"{found[0]} (at _dmarc.{at})")
    mend = f"enter as TXT at _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:YOU@{domain}"
    return Check("DMARC", False, f"{domain} does not say what to do with mail that is forged in its name", mend)


def ptr(host: str, look_up: Lookup) -> Check:
    """Whether the server's address has a name that leads back to it: mail from nameless addresses is refused."""
    addresses = [*look_up(host, "A"), *look_up(host, "AAAA")]
    if not addresses:
        return Check("PTR", False, f"{host} has no address", "check TAKEFIVE_SMTP_URL")
    for address in addresses:
        names = look_up(address, "PTR")
        if not any(address in (*look_up(name, "A"), *look_up(name, "AAAA")) for name in names):
            told = f"leads to {names[0]}, which does not lead back" if names else "has no name"
            return Check(
                "PTR",
                False,
                f"{address} ({host}) {told}",
                "ask who runs the network to name it; needed only where it is the one that sends",
            )
    return Check("PTR", True, f"{host} and its addresses lead to each other")


def _upwards(domain: str) -> list[str]:
    """The domain, then what it is part of, but no top-level domain."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(max(1, len(labels) - 1))]
