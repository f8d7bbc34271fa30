"""A reader's own feeds, Atom and JSON: whoever has the address may read, so nobody in between may keep it or list it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from takefive.accounts.models import Reader
from takefive.delivery.body import as_json
from takefive.delivery.page import Page, page
from takefive.delivery.values import MessageContent
from takefive.pipeline import past
from takefive.store import outlets
from takefive.store.models import Brief, Outlet
from takefive.store.models.publicids import public_id
from takefive.web.environment import absolute, printable

Entries = list[tuple[Brief, MessageContent]]


def secret_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page whose address is its key: for this client's own cache alone, in no index, passed on to nobody."""

    @require_safe
    @cache_control(private=True, max_age=300)
    @conditional_page
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


@secret_address
def atom(_request: HttpRequest, token: str) -> HttpResponse:
    """The reader's newest briefs, one entry each."""
    entries, address = _entries(token), absolute(reverse("reader-feed", kwargs={"token": token}))
    feed = Atom1Feed(title="Takefive: your brief", link=absolute(reverse("brief")), feed_url=address, description="")
    for brief, content in entries:
        set_page = page(content)
        feed.add_item(
            title=_title(set_page),
            link=absolute(reverse("brief")),
            unique_id=entry_id(brief),
            description=_html(set_page),
            author_name="Takefive",
            pubdate=brief.created_at,
            updateddate=brief.created_at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return _dated(response, entries)


@secret_address
def as_json_feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The same as JSON Feed 1.1; `_takefive` has each brief's items as data."""
    entries, address = _entries(token), absolute(reverse("reader-feed-json", kwargs={"token": token}))
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Takefive: your brief",
        "home_page_url": absolute(reverse("brief")),
        "feed_url": address,
        "language": "en",
        "items": [_json(brief, content) for brief, content in entries],
    }
    response = JsonResponse(feed, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})
    return _dated(response, entries)


def entry_id(brief: Brief) -> str:
    """The same for ever, also when the feed gets a new address."""
    return f"urn:takefive:brief:{public_id('brief', brief.reader_id, brief.day)}"


def reader_behind(token: str, *kinds: Outlet.Kind) -> Reader:
    """Whose outlet the address opens; Http404 where it opens none, or none any more."""
    outlet = outlets.outlet_of(token, *kinds)
    if outlet is None:
        raise Http404
    return outlet.reader


def _entries(token: str) -> Entries:
    briefs = past.newest(reader_behind(token, Outlet.Kind.FEED))
    items = {content.key: content for content in past.contents(briefs)}
    return [(brief, items[key]) for brief in briefs if (key := f"brief:{brief.pk}") in items]


def _json(brief: Brief, content: MessageContent) -> dict[str, object]:
    set_page = page(content)
    return {
        "id": entry_id(brief),
        "title": _title(set_page),
        "content_html": _html(set_page),
        "date_published": brief.created_at.isoformat(),
        "_takefive": as_json(content),
    }


def _title(set_page: Page) -> str:
    return str(printable(f"{set_page.day}: {set_page.items[0].said.headline}"))


def _html(set_page: Page) -> str:
    return str(printable(render_to_string("brief_entry.html", {"page": set_page})))


def _dated(response: HttpResponse, entries: Entries) -> HttpResponse:
    if entries:
        response.headers["Last-Modified"] = http_date(entries[0][0].created_at.timestamp())
    return response
