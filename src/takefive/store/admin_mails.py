"""The mails, for the operator: how each fared, its very words, sending one again on purpose, and the switch that holds all."""

from __future__ import annotations

import email
import email.policy
import zlib
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from takefive.store.admin_tables import Table
from takefive.store.mail_days import MOST_COMPLAINTS, by_day, complaints
from takefive.store.models import Allowance, Delivery, Hold, Reply, Return, SentMail

_GOING = (Delivery.Status.WAITING, Delivery.Status.SENDING)
_OVER = (Delivery.Status.SENT, Delivery.Status.FAILED, Delivery.Status.DOUBTFUL)
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@admin.register(Delivery)
class DeliveryAdmin(Table):
    """What waits, failed, or is doubtful: the operator decides on the last. A row tells what was; nothing in it is mended."""

    list_display = ("brief", "reader", "channel", "copy", "status", "attempts", "next_try_at", "sent_at", "error")
    list_filter = ("status", "channel", "brief__day")
    list_select_related = ("brief__reader",)
    search_fields = ("brief__reader__email", "message_id")
    readonly_fields = ("very_mail",)
    editable = ("next_try_at",)
    actions = ("send_again",)

    @admin.display(ordering="brief__reader__email")
    def reader(self, delivery: Delivery) -> str:
        """To whom."""
        return delivery.brief.reader.email

    @admin.display(description="the very mail")
    def very_mail(self, delivery: Delivery) -> str:
        """Where to see what was handed over, as long as it is kept."""
        if not SentMail.objects.filter(pk=delivery.pk).exists():
            return "not kept"
        links = [reverse("admin:delivery-mail", args=[delivery.pk, form]) for form in ("html", "txt", "eml")]
        return format_html('<a href="{}">HTML</a> · <a href="{}">text</a> · <a href="{}">all of it</a>', *links)

    @admin.action(description="Send again, on purpose: a new mail for each", permissions=["change"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """A row of its own for each, so that the old one goes on telling what was; written into the admin's history."""
        rows = chosen.filter(status__in=_OVER).exclude(channel__in=Delivery.Channel.beside_the_mail())
        on_its_way = Delivery.objects.filter(brief=OuterRef("brief"), status__in=_GOING)
        over = list(rows.exclude(Exists(on_its_way)))  # a second click, a form sent twice
        for delivery in over:
            copies = Delivery.objects.filter(brief=delivery.brief).aggregate(last=Max("copy"))["last"]
            again = Delivery.objects.create(brief=delivery.brief, channel=delivery.channel, copy=copies + 1)
            self.log_addition(
                request, again, f"sent again on purpose, after delivery {delivery.pk} ({delivery.status})"
            )
        messages.info(request, f"{len(over)} will be sent again within a minute; those on their way are left alone.")

    def get_urls(self) -> list[URLPattern]:
        """With the pages of their own."""
        own = [
            path("days/", self.admin_site.admin_view(self.days), name="delivery-days"),
            path("<int:pk>/mail.<str:form>", self.admin_site.admin_view(self.mail), name="delivery-mail"),
        ]
        return own + super().get_urls()

    def days(self, request: HttpRequest) -> HttpResponse:
        """How the mails of the last thirty days fared."""
        if not self.has_view_permission(request):
            raise Http404
        days = by_day(timezone.now().date())
        share = complaints(days[:7])
        context = {
            **self.admin_site.each_context(request),
            "title": "Mails by day",
            "days": days,
            "complaints": f"{share:.2%}",
            "too_many": share > MOST_COMPLAINTS,
            "hold": Hold.objects.first(),
        }
        return TemplateResponse(request, "admin/store/delivery/days.html", context)

    def mail(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The very bytes, or one half of them; in a sandbox, since readers' and publishers' words stand in it."""
        if not self.has_view_permission(request):
            raise Http404
        raw = zlib.decompress(get_object_or_404(SentMail, pk=pk).packed)
        if form == "eml":
            whole = HttpResponse(raw, content_type="message/rfc822")
            whole.headers["Content-Disposition"] = f'attachment; filename="delivery-{pk}.eml"'
            return whole
        kinds = {"html": "html", "txt": "plain"}
        part = email.message_from_bytes(raw, policy=email.policy.default).get_body((kinds.get(form, ""),))
        if part is None:
            raise Http404
        answer = HttpResponse(part.get_content(), content_type=f"text/{kinds[form]}; charset=utf-8")
        answer.headers["Content-Security-Policy"] = _SANDBOX
        return answer


@admin.register(Return)
class ReturnAdmin(Table):
    """What came back: bounces, complaints, refusals. To look at only."""

    list_display = ("at", "kind", "reader", "delivery", "said")
    list_filter = ("kind",)
    list_select_related = ("reader", "delivery__brief")
    search_fields = ("reader__email",)
    date_hierarchy = "at"


@admin.register(Reply)
class ReplyAdmin(Table):
    """How far the answers to readers' mails came; what they wrote is nobody's business. To look at only."""

    list_display = ("received_at", "reader", "status", "error")
    list_filter = ("status",)
    list_select_related = ("reader",)
    search_fields = ("reader__email",)
    exclude = ("message_id", "subject", "done")
    date_hierarchy = "received_at"


@admin.register(Hold)
class HoldAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The kill switch: add it and no mail leaves any machine; delete it and what is still of use goes out."""

    list_display = ("since", "why")
    fields = ("why",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One is enough."""
        return super().has_add_permission(request) and not Hold.objects.exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is there or not."""
        return False


@admin.register(Allowance)
class AllowanceAdmin(Table):
    """How much of the limits was used. To look at only."""

    list_display = ("scope", "begins", "used")
    list_filter = ("scope",)
    ordering = ("-begins",)
