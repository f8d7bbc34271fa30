"""The part of the account page on the ways beside the mail: open one, give it a new address, close it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from takefive.accounts.models import Reader
from takefive.common.errors import UsageError
from takefive.delivery import chat, webhook
from takefive.store import outlets
from takefive.store.models import Delivery, Outlet
from takefive.web.environment import absolute
from takefive.web.visitor import for_reader


@dataclass(frozen=True, slots=True)
class Shown:
    """One way beside the mail, as the account page shows it."""

    kind: str
    addresses: tuple[tuple[str, str], ...]  # what to call it, and the address or secret itself
    last: str  # how the last brief went that way


@require_POST
@for_reader
def change(request: HttpRequest, reader: Reader, kind: str) -> HttpResponse:
    """`do` says what: open, renew or close."""
    if kind not in Outlet.Kind.values:
        raise Http404
    way, do = Outlet.Kind(kind), request.POST.get("do")
    if do == "open":
        _open(request, reader, way)
    elif do == "renew":
        outlets.renew(reader, way)
        messages.success(request, "The old address leads nowhere now.")
    else:
        outlets.close(reader, way)
        messages.success(request, "Closed.")
    return redirect(reverse("account") + "#channels")


def _open(request: HttpRequest, reader: Reader, way: Outlet.Kind) -> None:
    check = _CHECKS.get(way)
    try:
        address = check(request.POST.get("address", "")) if check else ""
    except UsageError as error:
        messages.error(request, str(error))
        return
    outlets.open_(reader, way, address=address)
    messages.success(request, "Opened.")


def _webhook_checked(address: str) -> str:
    return webhook.checked(address, settings.WEBHOOK_HOSTS)


def _chat_checked(address: str) -> str:
    return chat.checked(address, settings.CHAT_HOSTS)


# Where the reader says where to.
_CHECKS: dict[Outlet.Kind, Callable[[str], str]] = {
    Outlet.Kind.WEBHOOK: _webhook_checked,
    Outlet.Kind.CHAT: _chat_checked,
}


def shown(reader: Reader) -> dict[str, Shown]:
    """The reader's open ways, by kind."""
    return {outlet.kind: Shown(outlet.kind, _addresses(outlet), _last(outlet)) for outlet in reader.outlets.all()}


def _last(outlet: Outlet) -> str:
    rows = Delivery.objects.filter(brief__reader=outlet.reader_id, channel=outlet.kind).order_by("-brief__day")
    last = rows.select_related("brief").first()
    return f"{last.brief.day}: {last.status}{', ' if last.error else ''}{last.error}" if last else ""


def _addresses(outlet: Outlet) -> tuple[tuple[str, str], ...]:
    def leads_to(name: str) -> str:
        return absolute(reverse(name, kwargs={"token": outlets.token(outlet)}))

    by_kind: dict[str, Any] = {
        Outlet.Kind.FEED: lambda: (("Atom", leads_to("reader-feed")), ("JSON Feed", leads_to("reader-feed-json"))),
        Outlet.Kind.PODCAST: lambda: (("Podcast feed", leads_to("reader-podcast")),),
        Outlet.Kind.WEBHOOK: lambda: (("Sent to", outlet.address), ("Signed with", outlets.secret(outlet))),
        Outlet.Kind.CHAT: lambda: (("Sent to", outlet.address),),
    }
    addresses: tuple[tuple[str, str], ...] = by_kind[outlet.kind]()
    return addresses
