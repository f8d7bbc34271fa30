from __future__ import annotations

import socket
import ssl
import subprocess
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import ClassVar

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from delivery.examples import NOW, content
from takefive.common.errors import MailError, UsageError
from takefive.delivery.channel import DoubtfulError, RefusedError, UnreachableError
from takefive.delivery.message import compose
from takefive.delivery.smtp import Mailer, Server, send


class Sink:
    """A real server's door: keeps what it takes, answers what it is told to."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.connections = 0
        self.answers = {"MAIL": "250 OK", "RCPT": "250 OK", "DATA": "250 OK"}
        self.drops: set[str] = set()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.drops:
            self.drops.remove("MAIL")
            server.transport.abort()
        envelope.mail_from = address
        return self.answers["MAIL"]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answers["RCPT"].startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.answers["RCPT"]

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.kept.append(envelope.original_content)
        if "after the dot" in self.drops:
            server.transport.abort()
        return self.answers["DATA"]


class Rude(SMTP):
    """aiosmtpd that can hang up in the middle of DATA, and refuse more than a number of messages a connection."""

    async def smtp_DATA(self, arg):  # noqa: N802
        if "before DATA" in self.event_handler.drops:
            self.transport.abort()
        elif "before the dot" in self.event_handler.drops:
            await self.push("354 go on")
            await self._reader.readexactly(1000)
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class Door(Controller):
    options: ClassVar[dict] = {}

    def factory(self):
        return Rude(self.handler, **self.options)


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def url(sink):
    door = Door(sink, hostname="127.0.0.1", port=free_port())
    door.start()
    yield f"smtp://127.0.0.1:{door.port}"
    door.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def a_mail(number: int = 0, text: str = "Good morning.\n") -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = "Takefive <brief@takefive.example>"
    message["To"] = "reader@example.org"
    message["Subject"] = f"Mail {number}"
    message["Message-ID"] = f"<{number}@takefive.example>"
    message.set_content(text)
    return message


def test_a_message_arrives_as_it_was_made(sink, url):
    message = a_mail(text=".dots\n..at the start\nend\n.\n")
    send(message, url=url)
    assert sink.kept == [message.as_bytes()]


def test_a_long_address_to_unsubscribe_at_arrives_in_plain_words(sink, url):
    there = "https://takefive.example/".ljust(300, "x")
    send(compose(content(unsubscribe_url=there), now=NOW), url=url)
    assert f"\r\nList-Unsubscribe: <{there}>\r\n".encode() in sink.kept[0]


def test_many_messages_share_a_connection_and_the_hundred_and_first_takes_a_new_one(sink, url):
    with Mailer(url) as mailer:
        for number in range(101):
            mailer.send(a_mail(number))
    assert (len(sink.kept), sink.connections) == (101, 2)


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "retry"), [("451 4.7.1 greylisted, come again", True), ("550 5.1.1 no such user", False)]
)
def test_4xx_may_be_tried_again_and_5xx_not(sink, url, step, answer, retry):
    sink.answers[step] = answer
    with pytest.raises(MailError, match=answer[:9]) as caught:
        send(a_mail(), url=url)
    assert caught.value.retry is retry
    assert not isinstance(caught.value, DoubtfulError)


def test_an_address_that_the_server_refuses_is_told_apart_from_a_mail_that_it_refuses(sink, url):
    sink.answers["RCPT"] = "550 no such user"
    with pytest.raises(RefusedError):
        send(a_mail(), url=url)
    sink.answers["RCPT"] = "550 5.7.1 your network is on our list"
    with pytest.raises(MailError) as caught:
        send(a_mail(), url=url)
    assert not isinstance(caught.value, RefusedError)


@pytest.mark.parametrize("answer", ["451 4.3.2 not now", "550 5.7.1 who are you?"])
def test_a_sender_that_the_server_does_not_take_is_our_trouble_and_no_message_s(sink, url, answer):
    sink.answers["MAIL"] = answer
    with pytest.raises(UnreachableError, match=answer.replace("?", ".")) as caught:
        send(a_mail(), url=url)
    assert caught.value.retry is True


def test_what_goes_out_is_signed(sink, url):
    with Mailer(url, sign=lambda message: b"DKIM-Signature: x\r\n" + message) as mailer:
        mailer.send(a_mail())
    assert sink.kept[0].startswith(b"DKIM-Signature: x\r\nFrom:")


def test_a_login_that_the_server_misses_says_nothing_about_the_message(sink, url):
    sink.answers["MAIL"] = "530 5.7.0 authentication required"
    with pytest.raises(MailError, match="530") as caught:
        send(a_mail(), url=url)
    assert caught.value.retry is True


def test_a_refused_message_does_not_spoil_the_next(sink, url):
    with Mailer(url) as mailer:
        sink.answers["RCPT"] = "550 no such user"
        with pytest.raises(MailError):
            mailer.send(a_mail(1))
        sink.answers["RCPT"] = "250 OK"
        mailer.send(a_mail(2))
    assert (len(sink.kept), sink.connections) == (1, 1)


def test_a_server_that_hangs_up_before_the_message_is_out_may_be_tried_again(sink, url):
    for moment, text in [("before DATA", "short\n"), ("before the dot", "a long line of text\n" * 300_000)]:
        sink.drops = {moment}
        with pytest.raises(MailError) as caught:
            send(a_mail(text=text), url=url)
        assert caught.value.retry is True
        assert not isinstance(caught.value, DoubtfulError)
    assert sink.kept == []


def test_a_server_that_hangs_up_after_the_dot_leaves_a_doubt(sink, url):
    sink.drops = {"after the dot"}
    with pytest.raises(DoubtfulError, match="may have arrived") as caught:
        send(a_mail(), url=url)
    assert caught.value.retry is False
    assert len(sink.kept) == 1


def test_a_connection_that_died_idle_is_replaced(sink, url):
    with Mailer(url) as mailer:
        mailer.send(a_mail(1))
        sink.drops = {"MAIL"}
        mailer.send(a_mail(2))
    assert (len(sink.kept), sink.connections) == (2, 2)


def test_a_server_that_is_not_there_may_be_tried_again():
    with pytest.raises(MailError, match="cannot reach the mail server") as caught:
        send(a_mail(), url=f"smtp://127.0.0.1:{free_port()}")
    assert caught.value.retry is True


def test_a_server_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailError) as caught:
        Mailer(f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2).send(a_mail())
    assert caught.value.retry is True


def test_a_wrong_password_may_be_mended_and_is_not_told(sink):
    door = Door(sink, hostname="127.0.0.1", port=free_port())
    door.options = {"authenticator": lambda *_: AuthResult(success=False, handled=False), "auth_require_tls": False}
    door.start()
    try:
        with pytest.raises(MailError) as caught:
            send(a_mail(), url=f"smtp://ann:s3cret@127.0.0.1:{door.port}")
    finally:
        door.stop()
    assert caught.value.retry is True
    assert "s3cret" not in str(caught.value)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    try:
        subprocess.run(
            [*command.split(), "-keyout", folder / "key", "-out", folder / "cert"], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("needs openssl to make a certificate")
    return folder


@pytest.fixture
def tls_url(sink, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert", certificate / "key")
    door = Door(sink, hostname="127.0.0.1", port=free_port())
    door.options = {"tls_context": context, "require_starttls": True}
    door.start()
    yield f"smtp://127.0.0.1:{door.port}"
    door.stop()


def test_starttls_is_taken_up_where_it_is_offered(sink, tls_url, certificate):
    with Mailer(tls_url, context=ssl.create_default_context(cafile=str(certificate / "cert"))) as mailer:
        mailer.send(a_mail())
    assert len(sink.kept) == 1


def test_a_certificate_that_does_not_hold_stops_the_mail_until_it_is_mended(sink, tls_url):
    with pytest.raises(MailError, match="certificate") as caught:
        send(a_mail(), url=tls_url)
    assert caught.value.retry is True
    assert sink.kept == []


def test_without_encryption_nothing_is_sent_where_it_is_required(sink, url):
    with pytest.raises(MailError, match="no encryption") as caught:
        send(a_mail(), url=f"{url}?tls=required")
    assert caught.value.retry is True
    assert sink.kept == []


@pytest.mark.parametrize("bad", ["", "localhost:25", "http://a", "smtp://", "smtp://h:99999", "smtp://u:geheim@[::1"])
def test_an_address_that_is_no_mail_servers_is_one_clear_line_without_the_password(bad):
    with pytest.raises(UsageError, match="smtp://user:password@host:587") as caught:
        Server.of(bad)
    assert "geheim" not in str(caught.value)


def test_logins_in_an_address_are_decoded():
    server = Server.of("smtps://ann%40example.org:p%2Fw@mail.example.org")
    assert (server.user, server.password, server.port) == ("ann@example.org", "p/w", 465)
