"""Stopping the mail, from its own link. Opening the link changes nothing: mail scanners open every link."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from takefive.accounts.links import reader_id_of
from takefive.accounts.models import Reader


@csrf_exempt  # one click in a mail program (RFC 8058) sends no cookie; the signed token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST stops. A link for a reader who is gone is answered like any other."""
    reader_id = reader_id_of(token)
    if reader_id is None:
        raise Http404
    if request.method == "POST":
        Reader.objects.filter(pk=reader_id).update(status=Reader.Status.STOPPED)
        return render(request, "stopped.html")
    return render(request, "unsubscribe.html")
