"""Mail through a provider's API (Postmark, Mailgun, Resend, ...) by django-anymail, and what the provider tells back.

Comes in: our finished mail. Goes out: the same words, both halves and all headers, as that provider wants them told.
"""

from __future__ import annotations

from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMultiAlternatives, get_connection

from takefive.common.errors import MailError, UsageError
from takefive.delivery.channel import DoubtfulError, RefusedError, UnreachableError

_OWN_FIELDS = {"from", "to", "subject", "date", "content-type", "content-transfer-encoding", "mime-version"}
_OUR_TROUBLE = {401, 402, 403, 404, 429, 500, 503}  # the login, the bill, the address, the rate, their bad day
_NOT_THEIRS = {502, 504}  # a gateway's: the provider itself may have taken the mail


class Provider:
    """A way out for messages. A context manager, so that one connection serves many."""

    def __init__(self, name: str) -> None:
        """`name` as in delivery/providers.py. Raises UsageError where the library or a setting of it is missing."""
        self._keeps_id = {"X-PM-KeepID": "true"} if name == "postmark" else {}  # else Postmark gives it one of its own
        try:
            self._backend: Any = get_connection(f"anymail.backends.{name}.EmailBackend")
        except ImportError as error:
            raise UsageError(f"mail through {name} needs the extra “mail”: pip install 'takefive[mail]'") from error
        except Exception as error:  # django-anymail's own, known only where it is installed
            raise UsageError(f"TAKEFIVE_MAIL_OPTIONS: {' '.join(str(error).split())[:200]}") from error

    def __enter__(self) -> Self:
        self._backend.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._backend.close()

    def send(self, message: EmailMessage) -> None:
        """Hand one message over; raises as delivery/channel.py tells."""
        from anymail.exceptions import AnymailError

        mail = told(message)
        mail.extra_headers.update(self._keeps_id)
        try:
            self._backend.send_messages([mail])
        except AnymailError as error:
            raise _as_mail_error(error) from error
        fate = set(mail.anymail_status.status or {"unknown"})  # type: ignore[attr-defined]
        if not fate & {"sent", "queued"}:
            words = f"the provider answers without saying what became of the mail ({', '.join(map(str, fate))})"
            raise DoubtfulError(words, retry=False)


def told(message: EmailMessage) -> EmailMultiAlternatives:
    """The message as Django's, with every header of ours, no tracking, and its Message-ID for the provider to tell back."""
    plain, rich = (message.get_body((kind,)) for kind in ("plain", "html"))
    headers = {name: str(value) for name, value in message.items() if name.lower() not in _OWN_FIELDS}
    mail = EmailMultiAlternatives(
        subject=str(message["Subject"]),
        body=plain.get_content() if plain else "",
        from_email=str(message["From"]),
        to=[str(message["To"])],
        headers=headers,
    )
    if rich:
        mail.attach_alternative(rich.get_content(), "text/html")
    mail.track_opens = mail.track_clicks = False  # type: ignore[attr-defined]
    mail.metadata = {"message_id": headers["Message-ID"]}  # type: ignore[attr-defined]
    return mail


def _as_mail_error(error: Any) -> MailError:
    from anymail.exceptions import AnymailRecipientsRefused

    words = " ".join(str(error).split())[:300]
    if isinstance(error, AnymailRecipientsRefused):
        return RefusedError(words, retry=False)
    status = getattr(error, "status_code", None)
    if status in _NOT_THEIRS or (status is None and _went_out(error)):
        return DoubtfulError(f"no answer from the provider itself: it may have arrived ({words})", retry=False)
    if status is None or status in _OUR_TROUBLE:
        return UnreachableError(words)
    return MailError(words, retry=False)


def _went_out(error: BaseException) -> bool:
    """Whether a request that got no answer may have reached the provider: not where no connection came about."""
    from requests.exceptions import ConnectionError as Unconnected
    from requests.exceptions import ConnectTimeout, RequestException, SSLError
    from urllib3.exceptions import NewConnectionError

    if not isinstance(error, RequestException):
        return False
    cause = error.__cause__
    reason = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    unborn = isinstance(error, ConnectTimeout | SSLError) or isinstance(reason, NewConnectionError)
    return not (isinstance(error, Unconnected) and unborn)
