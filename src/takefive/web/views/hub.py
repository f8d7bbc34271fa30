"""The page that hubs call (WebSub): they ask whether we meant it, then tell that a feed has changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from takefive.pipeline import flow
from takefive.pipeline.steps import subscribe

_LARGEST = 10_000_000  # bytes; a hub may push the whole feed, of which only the signature matters


@csrf_exempt  # hubs have no session of ours; a push counts by its signature alone
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, key: str) -> HttpResponse:
    """GET is the hub's question, POST its push. A push is answered alike whether it is believed or not."""
    if request.method == "GET":
        said = subscribe.answer(key, request.GET.dict(), now=timezone.now())
        return HttpResponse(said or "", content_type="text/plain", status=404 if said is None else 200)
    if not subscribe.known(key):
        return HttpResponse(status=404)
    body = request.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        return HttpResponse(status=413)
    signature = request.headers.get("X-Hub-Signature")
    subscribe.hear(key, body, signature, now=timezone.now(), then=flow.scan.defer)
    return HttpResponse(status=202)
