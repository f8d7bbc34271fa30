"""The map of ideas: a page to look at, the same as lists to read, and the data that the page's script draws."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import condition
from django.views.decorators.vary import vary_on_headers

from takefive.pipeline.finding import find as find_insights
from takefive.store import maps, shown
from takefive.store.filters import Filters
from takefive.store.maps import Found
from takefive.store.models import IdeaMap, Insight
from takefive.web.answers import page_of, public
from takefive.web.environment import printable

_FIRST = 5  # insights shown of each region
_HITS = 200


@public
def page(request: HttpRequest) -> HttpResponse:
    """The map with its largest regions as lists below; `?region=` one region with all its insights; `?insight=` centres on one."""
    drawing = maps.current()
    if drawing is None:
        return render(request, "map.html", {"drawing": None, "regions": []})
    if "region" in request.GET:
        return _region(request, drawing)
    centre = _centre(drawing, request.GET.get("insight", ""))
    largest = [(one, maps.inside(drawing, one.number)[:_FIRST]) for one in maps.regions(drawing, level=0)]
    return render(
        request,
        "map.html",
        {"drawing": drawing, "regions": largest, "centre": centre, "count": maps.points(drawing).count()},
    )


def _region(request: HttpRequest, drawing: IdeaMap) -> HttpResponse:
    number = request.GET.get("region", "")
    known = number.isascii() and number.isdigit() and len(number) < 5
    region = maps.regions(drawing, number=int(number)).first() if known else None
    if region is None:
        raise Http404
    context = {
        "region": region,
        "above": drawing.regions.filter(number=region.parent).first() if region.parent is not None else None,
        "below": maps.regions(drawing, parent=region.number),
        "insights": page_of(maps.inside(drawing, region.number), request),
    }
    return render(request, "map_region.html", context)


def _centre(drawing: IdeaMap, public_id: str) -> Found | None:
    """Where the insight lies that the address names."""
    if not re.fullmatch("[a-z2-7]{12}", public_id):
        return None
    ids = shown.insights().filter(public_id=public_id).values_list("same_as_id", "pk").first()
    return next(iter(maps.among(drawing, [pk for pk in ids if pk])), None) if ids else None


def _stamp(_request: HttpRequest) -> str | None:
    drawing = maps.current()
    return f'W/"{maps.stamp(drawing)}"' if drawing else None


@public
@vary_on_headers("Accept-Encoding")
@condition(etag_func=_stamp)
def points(request: HttpRequest) -> HttpResponse:
    """All points, packed (see `store/maps.py`)."""
    drawing = maps.current()
    if drawing is None:
        raise Http404
    squeezed = _squeezed(drawing.pk, maps.stamp(drawing))
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        squeezed if takes_gzip else gzip.decompress(squeezed), content_type="application/octet-stream"
    )
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=1)
def _squeezed(drawing: int, stamp: str) -> bytes:  # noqa: ARG001  (what it was made from)
    return gzip.compress(maps.packed(IdeaMap.objects.get(pk=drawing)), 6, mtime=0)


@public
def about(_request: HttpRequest, drawing: int, chunk: int) -> HttpResponse:
    """What some two hundred points are about, in the order of their numbers."""
    newest = maps.current()
    if newest is None or newest.pk != drawing or chunk > 10_000:
        raise Http404
    return JsonResponse({"points": [_told(one) for one in maps.chunk(newest, chunk)]})


@public
def find(request: HttpRequest) -> HttpResponse:
    """`?q=` words: those points that a search finds, the best first."""
    drawing = maps.current()
    if drawing is None:
        return JsonResponse({"points": []})
    hits = find_insights(request.GET.get("q", ""), Filters(), size=_HITS).hits
    ranks = {hit.insight.pk: rank for rank, hit in enumerate(hits)}
    found = sorted(maps.among(drawing, ranks), key=lambda one: ranks[one.insight.pk])
    return JsonResponse({"points": [_told(one) for one in found]})


def _told(one: Found) -> dict[str, Any]:
    insight: Insight = one.insight
    published = insight.episode.published_at
    return {
        "number": one.number,
        "x": one.x,
        "y": one.y,
        "url": reverse("insight", kwargs={"public_id": insight.public_id}),
        "headline": printable(insight.headline),
        "show": printable(insight.episode.podcast.title) or "Untitled show",
        "date": published.date().isoformat() if published else None,
    }
