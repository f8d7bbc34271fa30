"""Search, as a page and as JSON."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from takefive.common.errors import ModelError
from takefive.relations.embed import default_embedder
from takefive.relations.values import Vectors
from takefive.store.search import DEPTH, search, tidy
from takefive.web.answers import public
from takefive.web.present import hit_as_json

_SIZE = 10
_LAST = 2 * DEPTH // _SIZE
_log = logging.getLogger(__name__)


@public
def page(request: HttpRequest) -> HttpResponse:
    """`?q=` words, `?page=` from 1, `?format=json` for machines."""
    words = tidy(request.GET.get("q", ""))
    number = page_number(request.GET.get("page", ""))
    found = search(words, vector=_vector(words), limit=_SIZE + 1, offset=(number - 1) * _SIZE) if words else []
    hits, more = found[:_SIZE], len(found) > _SIZE and number < _LAST
    if request.GET.get("format") == "json":
        return JsonResponse({"query": words, "page": number, "more": more, "hits": [hit_as_json(hit) for hit in hits]})
    return render(request, "search.html", {"words": words, "hits": hits, "number": number, "more": more})


def page_number(text: str) -> int:
    """A page that exists in principle: 1 where the text is no number, the last where it is too large."""
    return min(max(int(text), 1), _LAST) if text[:9] == text and text.isdecimal() else 1


def _vector(words: str) -> Vectors | None:
    """The query as a point; None where the model can't be loaded, so that words are still found."""
    if not words:
        return None
    try:
        vector: Vectors = default_embedder().encode([words])[0]
    except ModelError as error:
        _log.warning("search by words alone: %s", error)
        return None
    return vector
