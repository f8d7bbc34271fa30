"""Stopping the mail, from its own link. Opening the link changes nothing: mail scanners open every link.

Two forms act: the one click of RFC 8058, which a mail program sends, and that of our page with its mark of when it was shown.
"""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from takefive.accounts.links import nonce_for, reader_id_of, was_shown
from takefive.accounts.models import Reader


@csrf_exempt  # one click in a mail program (RFC 8058) sends no cookie; the signed token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST stops; any other form is shown the page again. A link for a reader who is gone is answered like any other."""
    reader_id, now = reader_id_of(token), timezone.now()
    if reader_id is None:
        raise Http404
    if _meant(request, token, now):
        Reader.objects.filter(pk=reader_id).update(status=Reader.Status.STOPPED)
        return render(request, "stopped.html")
    again = request.method == "POST"
    context = {"shown": nonce_for(token, now), "again": again}
    return render(request, "unsubscribe.html", context, status=409 if again else 200)


def _meant(request: HttpRequest, token: str, now: datetime) -> bool:
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    return one_click or was_shown(token, request.POST.get("shown", ""), now)
