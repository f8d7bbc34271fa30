"""The public shows, topics, people and insights for search engines, in parts. Episodes are not listed: other pages link to them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from takefive.store import shown
from takefive.store.models import Entity, Insight
from takefive.store.spoken import WORTH_A_LINE
from takefive.web.answers import public
from takefive.web.environment import absolute

_SIZE = 10_000  # addresses in a part; the protocol allows 50,000


@public
def index(request: HttpRequest) -> HttpResponse:
    """One part for shows, topics and people, and as many as needed for the insights."""
    parts = range(1 + -(-Insight.objects.public().count() // _SIZE))
    addresses = [absolute(reverse("sitemap-part", kwargs={"number": number})) for number in parts]
    return _xml(request, "sitemapindex", "sitemap", [(address, None) for address in addresses])


@public
def part(request: HttpRequest, number: int) -> HttpResponse:
    """Part 0 lists shows, topics and people, part n the n-th ten thousand insights."""
    if number == 0:
        addresses = [_page("podcast", id_) for id_ in _shows()] + _named()
        return _xml(request, "urlset", "url", [(address, None) for address in addresses])
    if number > 5_000:
        raise Http404
    first = (number - 1) * _SIZE
    rows = Insight.objects.public().order_by("id").values_list("public_id", "created_at")[first : first + _SIZE]
    return _xml(request, "urlset", "url", [(_page("insight", id_), made.date()) for id_, made in rows])


def _shows() -> list[str]:
    return list(shown.podcasts().order_by("id").values_list("public_id", flat=True)[:_SIZE])


def _named() -> list[str]:
    """Topics and people who stand in the lists, the most spoken of first."""
    rows = Entity.objects.filter(insights__gte=WORTH_A_LINE).order_by("-insights", "pk")[:_SIZE]
    return [absolute(reverse(one.kind, kwargs={"slug": one.slug})) for one in rows]


def _page(name: str, public_id: str) -> str:
    return absolute(reverse(name, kwargs={"public_id": public_id}))


def _xml(request: HttpRequest, outer: str, inner: str, entries: list[tuple[str, object]]) -> HttpResponse:
    context = {"outer": outer, "inner": inner, "entries": entries}
    return render(request, "sitemap.xml", context, content_type="application/xml")
