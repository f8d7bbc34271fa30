"""DKIM signatures (RFC 6376) for mails that go out over plain SMTP: the receiver can tell that the domain's owner sent them.

dkimpy canonicalises and, in the tests, verifies; the RSA itself is OpenSSL's: dkimpy's own is Python and takes 8 ms a mail.
Bodies are canonicalised "simple": ours are quoted-printable, in which a relay finds no white space to change.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from takefive.common.errors import UsageError

# RFC 8058 wants List-Unsubscribe signed. From and Subject twice: nobody can add a second one (RFC 6376, 8.15).
_SIGNED = (
    *("from", "from", "to", "subject", "subject", "date", "message-id", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted"),
)
_BITS = 2048
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?", re.IGNORECASE)
_NEEDS = "DKIM needs the extra “mail”: pip install 'takefive[mail]'"


class Signer:
    """Signs whole messages for one domain. Raises UsageError where the key, the domain or the selector is none."""

    def __init__(self, pem: str, *, domain: str, selector: str) -> None:
        """`pem` is a private key, RSA or Ed25519, PKCS#1 or PKCS#8, without a password."""
        if not _DOMAIN.fullmatch(domain) or not _SELECTOR.fullmatch(selector):
            raise UsageError(f"DKIM: {domain!r} with the selector {selector!r} makes no name in the DNS")
        key = _read(pem)
        self._algorithm: str
        self._sign: Callable[[bytes], bytes]
        self._algorithm, self._sign = _rsa(key) if hasattr(key, "key_size") else ("ed25519-sha256", key.sign)
        self._tags = f"v=1; a={self._algorithm}; c=relaxed/simple; d={domain}; s={selector}; h={':'.join(_SIGNED)};"

    def __call__(self, message: bytes) -> bytes:
        """The message (CRLF) with its DKIM-Signature on top."""
        relaxed = _relaxed()
        head, _, body = message.partition(b"\r\n\r\n")
        digest = b64encode(sha256(body.rstrip(b"\r\n") + b"\r\n").digest()).decode()
        signature = f" {self._tags}\r\n bh={digest};\r\n b="
        signed = [*_covered(head), (b"DKIM-Signature", signature.encode())]
        lines = [name + b":" + value for name, value in relaxed.canonicalize_headers(signed)]
        made = b64encode(self._sign(_hashed(b"".join(lines).removesuffix(b"\r\n"), self._algorithm))).decode()
        folded = "\r\n  ".join(made[at : at + 72] for at in range(0, len(made), 72))
        return f"DKIM-Signature:{signature}{folded}\r\n".encode() + message


def new_key() -> str:
    """A fresh private key, as PEM: RSA of 2048 bits, which every receiver knows."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
    except ImportError as error:
        raise UsageError(_NEEDS) from error
    made = rsa.generate_private_key(65537, _BITS)
    form = serialization.PrivateFormat.PKCS8
    return made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def record(pem: str) -> str:
    """What the DNS must say at `<selector>._domainkey.<domain>`, as TXT: the public half of this private key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = _read(pem).public_key()
    if hasattr(public, "key_size"):
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={b64encode(der).decode()}"
    return f"v=DKIM1; k=ed25519; p={b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()}"


def key_of(record: str) -> bytes | None:
    """The public key that a DKIM record tells; None where it tells none, or was revoked with an empty one."""
    tags = dict(tag.strip().partition("=")[::2] for tag in record.split(";"))
    try:
        return b64decode("".join(tags.get("p", "").split()), validate=True) or None
    except ValueError:
        return None


def _read(pem: str) -> Any:
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise UsageError(_NEEDS) from error
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise UsageError("the DKIM key is no private key in PEM; make one with: takefive doctor dkim-key") from error
    if getattr(key, "key_size", _BITS) < 1024:
        raise UsageError("the DKIM key has fewer than 1024 bits: receivers ignore it")
    return key


def _rsa(key: Any) -> tuple[str, Callable[[bytes], bytes]]:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return "rsa-sha256", lambda words: bytes(key.sign(words, PKCS1v15(), SHA256()))


def _hashed(words: bytes, algorithm: str) -> bytes:
    """RFC 8463 signs the digest with Ed25519; RSA hashes for itself."""
    return sha256(words).digest() if algorithm.startswith("ed25519") else words


def _relaxed() -> Any:
    try:
        from dkim.canonicalization import Relaxed
    except ImportError as error:
        raise UsageError(_NEEDS) from error
    return Relaxed


def _covered(head: bytes) -> list[tuple[bytes, bytes]]:
    """The headers to sign, in the order of `_SIGNED`; one that is not there is signed as absent."""
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")
    found = {
        name.lower().decode("ascii", "replace"): (name, value)
        for name, _, value in (line.partition(b":") for line in unfolded)
    }
    wanted = dict.fromkeys(_SIGNED)
    return [found[name] for name in wanted if name in found]
