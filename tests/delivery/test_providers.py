from __future__ import annotations

import re

import pytest

from takefive.common.errors import UsageError
from takefive.delivery.providers import KEYS, SIGNATURES, anymail


def test_without_a_provider_there_is_nothing_to_set() -> None:
    assert anymail("", "key", {}, "") == {}


def test_the_key_gets_the_name_that_the_library_knows() -> None:
    made = anymail("mailgun", "k", {"MAILGUN_SENDER_DOMAIN": "mg.example.org"}, "a:b")
    assert made["MAILGUN_API_KEY"] == "k"
    assert made["MAILGUN_SENDER_DOMAIN"] == "mg.example.org"
    assert made["WEBHOOK_SECRET"] == "a:b"


def test_one_that_finds_its_own_key_needs_none() -> None:
    assert "WEBHOOK_SECRET" not in anymail("amazon_ses", "", {}, "")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("pigeon", "k", {}, ""), "no provider 'pigeon'"),
        (("postmark", "", {}, ""), "TAKEFIVE_MAIL_KEY is missing"),
        (("postmark", "k", {}, "secret"), "user:password"),
    ],
)
def test_what_cannot_work_is_told_at_once(given: tuple[str, str, dict[str, str], str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        anymail(*given)


def test_every_provider_is_one_that_the_library_has_and_its_key_what_it_asks_for() -> None:
    pytest.importorskip("anymail", reason="needs the extra mail")
    from importlib.util import find_spec
    from pathlib import Path

    for provider, key in (KEYS | {}).items():
        spec = find_spec(f"anymail.backends.{provider}")
        assert spec, provider
        source = Path(str(spec.origin)).read_text()
        setting = key.removeprefix(f"{provider.upper()}_").lower()
        assert not key or re.search(rf'get_anymail_setting\(\s*"{setting}"', source), key
    for provider, key in SIGNATURES.items():
        source = Path(str(find_spec(f"anymail.webhooks.{provider}").origin)).read_text()  # type: ignore[union-attr]
        assert key.removeprefix(f"{provider.upper()}_").lower() in source, key
