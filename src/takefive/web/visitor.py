"""Who is looking: the reader that a request speaks for, the browser that it comes from, the network it comes from."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection
from functools import wraps
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from takefive.accounts.models import Reader

BROWSER, LINK = "takefive-browser", "takefive-link"
AT_HOME = {"127.0.0.1", "localhost", "::1"}
_AN_HOUR, _A_DAY = 3_600, 86_400
_COOKIE = re.compile(r"[\w-]{43}")


def at_home(request: HttpRequest) -> bool:
    """Whether the installation serves its own machine alone, and the visitor sits at it: there nobody needs to sign in.

    A proxy on the same machine also comes from loopback, but says for whom it asks.
    """
    passed_on = {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA"} & request.META.keys()
    address = _address(request.META.get("REMOTE_ADDR", ""))
    near = address is not None and address.is_loopback
    return near and not passed_on and urlsplit(settings.SITE_URL).hostname in AT_HOME


def reader_of(request: HttpRequest) -> Reader | None:
    """Who is signed in; at home, without that, the only reader there is."""
    if request.user.is_authenticated:
        return Reader.objects.filter(pk=request.user.pk).first()
    if not at_home(request):
        return None
    only = list(Reader.objects.filter(is_staff=False)[:2])
    return only[0] if len(only) == 1 else None


def for_reader(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about the reader, who is handed to it; others are asked to sign in. Nobody keeps it."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reader = reader_of(request)
        return redirect("sign-in") if reader is None else view(request, reader, *args, **kwargs)

    return guarded


def network_of(request: HttpRequest) -> str:
    """The visitor's network address as rates are counted by it: of IPv6 the /64, which is one customer's."""
    peer, forwarded = (request.META.get(name, "") for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR"))
    address = client_address(peer, forwarded, settings.TRUSTED_PROXIES)
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def client_address(
    peer: str, forwarded: str, trusted: Collection[IPv4Network | IPv6Network]
) -> IPv4Address | IPv6Address | None:
    """Who asks: the connection's other end, or behind proxies of ours (`trusted`) whom the outermost of them saw.

    `forwarded` is X-Forwarded-For, to which each proxy appends whom it saw; whatever stands left of the first stranger,
    read from the right, that stranger may have made up. What is no address ends the walk. None where even `peer` is none.
    """
    client = _address(peer)
    for hop in reversed(forwarded.split(",")):
        further = _address(hop)
        if client is None or further is None or not any(client in network for network in trusted):
            break
        client = further
    return client


def browser_of(request: HttpRequest) -> str:
    """The browser's own random cookie; empty where it has none of ours."""
    cookie = request.COOKIES.get(BROWSER, "")
    return cookie if _COOKIE.fullmatch(cookie) else ""


def remember_browser(response: HttpResponse, cookie: str) -> None:
    """Leave the cookie in the browser, so that a link opened there later is known to be asked for there."""
    _set(response, BROWSER, cookie, max_age=_A_DAY)


def new_browser() -> str:
    """A cookie nobody can guess."""
    return secrets.token_urlsafe(32)


def remember_link(response: HttpResponse, token: str) -> None:
    """Leave a link's token in a cookie of the one page that needs it."""
    _set(response, LINK, token, max_age=_AN_HOUR, path=reverse("confirm"))


def forget_link(response: HttpResponse) -> None:
    """Take it away again."""
    response.delete_cookie(LINK, path=reverse("confirm"))


def _set(response: HttpResponse, name: str, value: str, **options: Any) -> None:
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, **options)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, of IPv4 also as IPv6 writes it; None for anything else, such as the other end of a socket file."""
    try:
        address = ip_address(text.strip().split("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
