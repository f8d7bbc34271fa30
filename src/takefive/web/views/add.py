"""Adding podcasts by the page: for the operator, and for whoever sits at a machine that serves itself alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from takefive.common.errors import TakefiveError
from takefive.feeds.opml import parse_opml
from takefive.feeds.search import Listing
from takefive.pipeline import following
from takefive.web.visitor import at_home

_LONGEST, _MOST, _LARGEST_LIST = 2_000, 50, 5_000_000
View = Callable[[HttpRequest], HttpResponse]


def may_add(request: HttpRequest) -> bool:
    """Whether this visitor decides which podcasts are read."""
    return at_home(request) or bool(getattr(request.user, "is_superuser", False))


def _for_operator(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if may_add(request) else redirect("sign-in")

    return guarded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_for_operator
def page(request: HttpRequest) -> HttpResponse:
    """GET asks what to add; POST looks for it ("what"), follows what was chosen ("take"), or takes a list ("list")."""
    if request.method != "POST":
        return _show(request)
    if taken := request.POST.getlist("take"):
        return _follow(request, [Listing(url, "") for url in taken[:_MOST]])
    try:
        if (upload := request.FILES.get("list")) is not None:
            report = parse_opml(upload.read(_LARGEST_LIST))
            skipped = [f"{one.text}: {one.why}" for one in report.skipped]
            return _follow(request, [Listing(feed.url, feed.title) for feed in report.feeds], skipped)
        what = request.POST.get("what", "").strip()[:_LONGEST]
        return _show(request, what=what, found=asyncio.run(following.search(what)) if what else ())
    except TakefiveError as error:
        return _show(request, what=request.POST.get("what", "")[:_LONGEST], error=str(error), status=422)


def _follow(request: HttpRequest, wanted: Iterable[Listing], skipped: Iterable[str] = ()) -> HttpResponse:
    """Follow all of them; what is refused or was skipped is told with its reason."""
    followed = following.follow(wanted)
    results = Counter(one.result for one in followed if not one.why)
    told = [*skipped, *(one.why for one in followed if one.why)]
    for result, many in results.items():
        messages.success(request, f"{many} {result}.")
    for line in told[:_MOST]:
        messages.warning(request, f"Left out: {line}")
    return redirect("add")


def _show(
    request: HttpRequest, *, what: str = "", found: Iterable[Listing] = (), error: str = "", status: int = 200
) -> HttpResponse:
    notices = [str(message) for message in messages.get_messages(request)]
    shown = [(one, following.known(one.url) is not None) for one in found]
    context = {"what": what, "found": shown, "error": error, "notices": notices}
    return render(request, "add.html", context, status=status)
