"""A reader's own page: what to choose, when to send, everything that is stored, and the end of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from takefive.accounts.challenges import consent
from takefive.accounts.consent import CONSENT
from takefive.accounts.models import Challenge, Reader
from takefive.delivery.due import next_day
from takefive.pipeline.due_readers import DAYS, last_days
from takefive.store.export import as_markdown, everything
from takefive.web.asking import ask
from takefive.web.forms import AccountForm, zones
from takefive.web.views import channels
from takefive.web.views.add import may_add
from takefive.web.visitor import for_reader


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """GET shows the choices, POST keeps them."""
    form = AccountForm(request.POST or None, instance=reader)
    if request.method == "POST" and form.is_valid():
        # These columns alone, and only where the row still is: the mail may have been stopped in between, or all deleted.
        Reader.objects.filter(pk=reader.pk).update(**form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("account")
    return _page(request, form, status=422 if request.method == "POST" else 200)


@require_POST
@for_reader
def mail(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Stop the brief, or start it again, which is agreed to anew; by a mail's link where mail had come back."""
    if request.POST.get("want") == "brief":
        if reader.unreachable_since:
            wanted = {"email": reader.email, "zone": reader.zone, "website": ""}
            return ask(request, Challenge.Purpose.SIGN_UP, then="thanks", wanted=wanted)
        consent(reader, timezone.now())
    else:
        Reader.objects.filter(pk=reader.pk).update(status=Reader.Status.STOPPED)
    return redirect("account")


@require_safe
@for_reader
def export(_request: HttpRequest, reader: Reader, form: str) -> HttpResponse:
    """Everything stored about the reader, as a file."""
    data = everything(reader)
    if form == "json":
        response: HttpResponse = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    elif form == "md":
        response = HttpResponse(as_markdown(data), content_type="text/markdown; charset=utf-8")
    else:
        raise Http404
    response.headers["Content-Disposition"] = f'attachment; filename="takefive-{timezone.localdate()}.{form}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def delete(request: HttpRequest, reader: Reader) -> HttpResponse:
    """GET asks, POST deletes everything (pipeline/erase.py), after whatever is being written for the reader right now."""
    if request.method != "POST":
        return render(request, "delete.html", {"reader": reader})
    with transaction.atomic():
        for row in Reader.objects.select_for_update().filter(pk=reader.pk):
            row.delete()
    logout(request)
    return render(request, "deleted.html")


def _page(request: HttpRequest, form: AccountForm, status: int) -> HttpResponse:
    reader = Reader.objects.get(pk=form.instance.pk)  # as it is stored, not as a form with faults would have it
    context: dict[str, Any] = {
        "reader": reader,
        "form": form,
        "next_day": _next_day(reader),
        "resting": bool(reader.pause_until and timezone.localdate(timezone=reader.tzinfo) < reader.pause_until),
        "signed_in": request.user.is_authenticated,
        "may_add": may_add(request),
        "zones": zones(),
        "consent": CONSENT,
        "channels": channels.shown(reader),
        "notices": [str(message) for message in messages.get_messages(request)],
    }
    return render(request, "account.html", context, status=status)


def _next_day(reader: Reader) -> Any:
    days = DAYS[Reader.Frequency(reader.frequency)]
    now = timezone.now()
    last_day = last_days([reader], now)[reader.pk]
    return next_day(now, zone=reader.zone, last_day=last_day, days=days, paused_until=reader.pause_until)
