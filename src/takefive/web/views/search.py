"""Search, as a page and as JSON."""

from __future__ import annotations

from datetime import date
from typing import get_args
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from takefive.insights.values import Kind
from takefive.pipeline.finding import find
from takefive.store.filters import LONGEST, Filters
from takefive.store.search import DEPTH, tidy
from takefive.web.answers import public
from takefive.web.present import hit_as_json

_SIZE = 10
_LAST = 2 * DEPTH // _SIZE
_NAMED = ("podcast", "person", "topic", "kind", "language")


@public
def page(request: HttpRequest) -> HttpResponse:
    """`?q=` words, the names of `Filters` to narrow them down, `?page=` from 1, `?exactly=1` corrects no slip.

    `?format=json` is for machines.
    """
    number = page_number(request.GET.get("page", ""))
    filters, exactly = filters_of(request), request.GET.get("exactly") == "1"
    found = find(request.GET.get("q", ""), filters, size=_SIZE, page=number, exactly=exactly)
    more = found.more and number < _LAST
    narrowed = {name: value for name, value in told(filters).items() if value}
    if request.GET.get("format") == "json":
        answer = {"query": found.words, "asked": found.asked, "filters": narrowed, "page": number, "more": more}
        return JsonResponse(answer | {"hits": [hit_as_json(hit) for hit in found.hits]})
    asked = {"q": found.asked} | ({"exactly": "1"} if exactly else {}) | narrowed
    context = {
        "found": found,
        "filters": told(filters),
        "narrowed": narrowed,
        "kinds": get_args(Kind),
        "number": number,
    }
    return render(request, "search.html", context | {"more": more, "query": urlencode(asked)})


def filters_of(request: HttpRequest) -> Filters:
    """What the address narrows the search down to; a day that is none narrows nothing."""
    words = {name: tidy(request.GET.get(name, ""), LONGEST) for name in _NAMED}
    return Filters(**words, since=_day(request.GET.get("since", "")), until=_day(request.GET.get("until", "")))


def told(filters: Filters) -> dict[str, str]:
    """The filters as an address or a form has them."""
    days = {name: day.isoformat() if day else "" for name, day in (("since", filters.since), ("until", filters.until))}
    return {name: getattr(filters, name) for name in _NAMED} | days


def page_number(text: str) -> int:
    """A page that exists in principle: 1 where the text is no number, the last where it is too large."""
    return min(max(int(text), 1), _LAST) if text[:9] == text and text.isdecimal() else 1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
