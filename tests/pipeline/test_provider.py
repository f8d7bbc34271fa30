"""Mail through providers' APIs, over real HTTP to servers that answer as theirs do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone
from pytest_django import Settings

from delivery.examples import NOW, content
from takefive.accounts.models import Reader
from takefive.common.errors import MailError, UsageError
from takefive.delivery.channel import DoubtfulError, RefusedError, UnreachableError
from takefive.delivery.message import compose
from takefive.delivery.providers import anymail
from takefive.pipeline.provider import Provider
from takefive.pipeline.steps import deliver
from takefive.store.models import Brief, Delivery

TAKEN = {
    "postmark": {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "reader@example.org"},
    "mailgun": {"id": "<20260105@mg.example>", "message": "Queued. Thank you."},
    "resend": {"id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"},
}


INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\n"
    "Found inactive addresses: reader@example.org.\nInactive recipients are ones that have generated a hard bounce."
)


@dataclass
class Api:
    """One server for all three: what was posted, and what to answer."""

    provider: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=list)
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def answer(self) -> tuple[int, Any]:
        return self.answers.pop(0) if self.answers else (200, TAKEN[self.provider])

    def told(self) -> dict[str, Any]:
        """The last mail as names and values, however that provider writes them."""
        headers, body = self.asked[-1]
        if headers["Content-Type"].startswith("application/json"):
            return dict(json.loads(body))
        return dict(parse_qsl(body.decode(), keep_blank_values=True))


@pytest.fixture
def api() -> Iterator[Api]:
    told = Api()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append((dict(self.headers), body))
            status, said = told.answer()
            if status == 0:  # hangs up without a word
                self.close_connection = True
                self.connection.close()
                return
            answer = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}/"
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture
def use(api: Api, settings: Settings) -> Any:
    pytest.importorskip("anymail", reason="needs the extra mail")

    def choose(provider: str) -> Api:
        options = {f"{provider.upper()}_API_URL": api.url, "MAILGUN_SENDER_DOMAIN": "mg.example.org"}
        settings.MAIL_PROVIDER, settings.ANYMAIL = provider, anymail(provider, "the-key", options, "")
        api.provider = provider
        return api

    return choose


@pytest.mark.parametrize("provider", TAKEN)
def test_the_mail_arrives_with_both_halves_and_every_header_that_matters(use: Any, provider: str) -> None:
    api, mail = use(provider), compose(content(), now=NOW)
    with Provider(provider) as channel:
        channel.send(mail)
    told = api.told()
    if provider == "postmark":
        headers = {one["Name"]: one["Value"] for one in told["Headers"]}
        plain, rich, tracked = told["TextBody"], told["HtmlBody"], (told["TrackOpens"], told["TrackLinks"])
        assert headers["X-PM-KeepID"] == "true"
    elif provider == "mailgun":
        headers = {name[2:]: value.strip() for name, value in told.items() if name.startswith("h:")}
        plain, rich, tracked = told["text"], told["html"], (told["o:tracking-opens"], told["o:tracking-clicks"])
    else:
        headers, plain, rich, tracked = told["headers"], told["text"], told["html"], ()
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Message-ID", "Auto-Submitted"):
        assert {key.lower(): value for key, value in headers.items()}[name.lower()] == str(mail[name])
    assert [half.replace("\r\n", "\n").strip() for half in (plain, rich)] == [
        mail.get_body((kind,)).get_content().replace("\r\n", "\n").strip() for kind in ("plain", "html")
    ]
    assert not [on for on in tracked if on not in {False, "no", "None"}]
    asked = api.asked[-1][0]
    assert (
        "the-key" in (asked.get("X-Postmark-Server-Token", "") + asked.get("Authorization", ""))
        or "Basic" in asked["Authorization"]
    )


@pytest.mark.parametrize(
    ("answer", "kind", "retry"),
    [
        ((401, {"message": "bad key"}), UnreachableError, True),
        ((429, {"message": "slow down"}), UnreachableError, True),
        ((503, {"message": "later"}), UnreachableError, True),
        ((422, {"message": "no such template"}), MailError, False),
        ((504, {"message": "gateway"}), DoubtfulError, False),
        ((0, None), DoubtfulError, False),
    ],
)
def test_what_the_provider_answers_decides_what_may_be_done_next(
    use: Any, answer: tuple[int, Any], kind: type[MailError], retry: bool
) -> None:
    use("resend").answers = [answer]
    with Provider("resend") as channel, pytest.raises(MailError) as caught:
        channel.send(compose(content(), now=NOW))
    assert (type(caught.value), caught.value.retry) == (kind, retry)
    assert "the-key" not in str(caught.value)


def test_an_address_that_the_provider_no_longer_mails_is_refused(use: Any) -> None:
    use("postmark").answers = [(422, {"ErrorCode": 406, "Message": INACTIVE})]
    with Provider("postmark") as channel, pytest.raises(RefusedError):
        channel.send(compose(content(), now=NOW))


def test_an_answer_that_does_not_tell_what_became_of_the_mail_leaves_a_doubt(use: Any) -> None:
    use("postmark").answers = [(422, {"ErrorCode": 406, "Message": "worded in a new way"})]
    with Provider("postmark") as channel, pytest.raises(DoubtfulError):
        channel.send(compose(content(), now=NOW))


def test_a_provider_that_is_not_there_took_nothing(use: Any, settings: Settings) -> None:
    use("resend")
    settings.ANYMAIL = settings.ANYMAIL | {"RESEND_API_URL": "http://127.0.0.1:9/"}
    with Provider("resend") as channel, pytest.raises(UnreachableError):
        channel.send(compose(content(), now=NOW))


def test_a_setting_that_is_missing_is_named(use: Any, settings: Settings) -> None:
    use("mailgun")
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "other"}
    with pytest.raises(UsageError, match="MAILGUN_API_KEY"):
        Provider("mailgun")


def test_a_brief_goes_through_the_provider_and_its_row_says_so(use: Any, reader: Reader) -> None:
    api = use("postmark")
    delivery = Delivery.objects.create(brief=Brief.objects.create(reader=reader, day=timezone.now().date()))
    deliver.run()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.channel) == ("sent", "provider")
    assert api.told()["Metadata"]["message_id"] == delivery.message_id
