"""A brief to a chat service, through Apprise: one message of headlines with who said it and where to hear it.

Apprise makes its own requests, past the guarded client. So a reader's address is taken only where nothing in it chooses the host:
Telegram, Slack, Discord, ntfy.sh and matrix.org. A server of one's own is spoken to only where the operator named it
(TAKEFIVE_CHAT_HOSTS). To look a host up before would not do: it could have another address a moment later. No redirect is followed.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from takefive.common.errors import MailError, UsageError
from takefive.delivery.body import short
from takefive.delivery.channel import DoubtfulError
from takefive.delivery.values import MessageContent

SERVICES = "Telegram, Slack, Discord, ntfy.sh and matrix.org"
_LONGEST = 1_000
_FIXED = {"tgram": "Telegram", "slack": "Slack", "discord": "Discord"}
_HOSTED = {
    "ntfy": "ntfy", "ntfys": "ntfy", "matrix": "Matrix", "matrixs": "Matrix", "mmost": "Mattermost", "mmosts": "Mattermost",
    "gotify": "Gotify", "gotifys": "Gotify", "rocket": "Rocket.Chat", "rockets": "Rocket.Chat", "json": "JSON", "jsons": "JSON",
}  # fmt: skip
_KNOWN_HOSTS = {"ntfy": {"ntfy.sh"}, "Matrix": {"matrix.org"}}
_NATIVE = {"hooks.slack.com": "slack", "discord.com": "discord", "discordapp.com": "discord", "ntfy.sh": "ntfys"}
_OPTIONS = {"topic", "thread", "priority", "tags"}  # any other could name a host, a file or a picture to load
_NEVER_SENT = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|SSLError|getaddrinfo", re.IGNORECASE)

# Its lines hold tokens: they are heard by `_Ear` alone.
_apprise = logging.getLogger("apprise")
_apprise.setLevel(logging.DEBUG)
_apprise.propagate = False
logging.getLogger("urllib3").setLevel(logging.INFO)  # at DEBUG it writes addresses


class Chat:
    """One chat of a reader; `hosts` are those that the operator named, as "host" or "host:port"."""

    def __init__(self, address: str, *, hosts: Collection[str]) -> None:
        self._service, self._plugin = _plugin(address, hosts)

    def send(self, content: MessageContent) -> None:
        """Hand the brief over. Apprise only says yes or no; what it noted meanwhile tells the cases apart.

        Raises DoubtfulError where the connection broke and nobody knows whether the message arrived, else MailError.
        """
        title, words = short(content)
        with _Ear() as heard:
            taken = self._plugin.notify(body=words, title=title)
        if not taken:
            raise _in_words(self._service, heard.lines)


def checked(address: str, hosts: Collection[str]) -> str:
    """The address as it will be used; UsageError, in words for the reader, where it is none that we take."""
    _plugin(address, hosts)
    return address.strip()


def _plugin(address: str, hosts: Collection[str]) -> tuple[str, Any]:
    """The service's name, and Apprise's object for this address."""
    address = address.strip()
    scheme, host = _parts(address)
    native = _NATIVE.get(host, "") if scheme == "https" else ""
    kind = native or scheme
    service = _FIXED.get(kind) or _HOSTED.get(kind)
    if service is None:
        raise UsageError(f"This is no address of a chat that we know: {SERVICES}, as Apprise writes them (tgram://…).")
    plugin = _made(address)
    if plugin is None or len(plugin) != 1:
        raise UsageError(f"This is no whole address of one chat of {service}; Apprise’s pages show how it is written.")
    if kind in _HOSTED and not native:
        _check_host(service, plugin, hosts)
    plugin.redirects = False
    return service, plugin


def _parts(address: str) -> tuple[str, str]:
    """Scheme and host; UsageError for what could hide another meaning."""
    try:
        parts = urlsplit(address)
        options = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        host = parts.hostname or ""
    except ValueError as error:
        raise UsageError("This address cannot be read.") from error
    if len(address) > _LONGEST or not address.isprintable() or not address.isascii() or " " in address:
        raise UsageError("This address cannot be read.")
    if extra := options - _OPTIONS:
        raise UsageError(f"The option “{min(extra)[:40]}” is not taken; leave out what follows the question mark.")
    return parts.scheme.lower(), host


def _made(address: str) -> Any:
    apprise = _library()
    asset = apprise.AppriseAsset(
        app_id="Takefive",
        app_desc="Takefive",
        app_url="",
        image_url_mask=None,
        image_url_logo=None,
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    with _Ear():
        return apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)


def _check_host(service: str, plugin: Any, hosts: Collection[str]) -> None:
    if (
        getattr(plugin, "mode", None) == "cloud"
    ):  # ntfy://topic, where what stands for the host is the topic, on ntfy.sh
        return
    host = str(plugin.host or "").lower()
    named = f"{host}:{plugin.port}" if plugin.port else host
    if named not in hosts and (plugin.port or host not in _KNOWN_HOSTS.get(service, ())):
        raise UsageError(f"Nothing is sent to {named}: only the operator can allow it, with TAKEFIVE_CHAT_HOSTS.")


def _library() -> Any:
    try:
        import apprise
    except ImportError as error:
        raise UsageError("Chats need the extra “chat”: pip install 'takefive[chat]'.") from error
    return apprise


def _in_words(service: str, lines: list[str]) -> MailError:
    said = " ".join(lines)
    status = re.search(r"error[=:]\s*(\d{3})", said)
    if status:
        code = int(status[1])
        return MailError(f"{service} refused the message ({code})", retry=code >= 500 or code in {408, 425, 429})
    if "onnection error" in said or "Socket Exception" in said:
        if _NEVER_SENT.search(said):
            return MailError(f"{service} cannot be reached", retry=True)
        return DoubtfulError(f"{service} never answered: the message may have arrived", retry=False)
    return MailError(f"{service} did not take the message", retry=True)


class _Ear(logging.Handler):
    """What Apprise notes in this thread."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        if record.thread == self._thread:
            self.lines.append(record.getMessage())

    def __enter__(self) -> _Ear:
        _apprise.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        _apprise.removeHandler(self)
