"""Where the mail provider tells of bounces and complaints: believed only with its signature or our secret."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from takefive.delivery.providers import SIGNATURES
from takefive.pipeline.steps import hear


@csrf_exempt
@require_POST
def page(request: HttpRequest, provider: str) -> HttpResponse:
    """200 for what is the provider's, 400 for what is forged or unreadable, 404 where nothing could prove it."""
    if provider != settings.MAIL_PROVIDER or not _provable(provider):
        raise Http404
    view = _view(provider)
    view.run_validators(request)  # a SuspiciousOperation, which Django answers with 400
    try:
        events = view.parse_events(request)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse("not what this provider sends", status=400, content_type="text/plain")
    for event in events:
        hear.run(event, provider, now=timezone.now())
    return HttpResponse(status=200)


def _provable(provider: str) -> bool:
    return "WEBHOOK_SECRET" in settings.ANYMAIL or SIGNATURES.get(provider) in settings.ANYMAIL


def _view(provider: str) -> Any:
    module = import_module(f"anymail.webhooks.{provider}")
    (kind,) = (
        kind
        for name, kind in vars(module).items()
        if name.endswith(("TrackingWebhookView", "CombinedWebhookView")) and kind.__module__ == module.__name__
    )
    kind.as_view()  # which prepares the class
    return kind()
