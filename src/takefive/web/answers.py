"""How pages answer: how long others may keep them, and which page of a long list was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A page that is the same for everyone: anybody may keep it for five minutes."""
    return require_safe(cache_control(public=True, max_age=300)(view))


def personal(view: View) -> View:
    """A page made for one reader: nobody keeps it."""
    return require_safe(never_cache(view))


def page_of(rows: QuerySet[Any], request: HttpRequest, size: int = 20) -> Page[Any]:
    """The asked page of a list; the nearest one there is where the number makes no sense."""
    return Paginator(rows, size).get_page(request.GET.get("page", "1")[:9])
