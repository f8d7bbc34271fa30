"""The tables, for the operator. Rows are made by the steps: here they are looked at, and now and then mended."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from takefive.common.addresses import redacted
from takefive.store.models import (
    Brief,
    BriefItem,
    Delivery,
    Episode,
    Extraction,
    Insight,
    ModelAnswer,
    Podcast,
    Relation,
    Spending,
    Subscription,
    Transcript,
)
from takefive.store.spending import of_today


class _Table(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """No row is added by hand, and no list asks once for each row."""

    show_full_result_count = False
    list_per_page = 50
    editable: tuple[str, ...] = ()  # what an operator may mend; all else the steps write and the form only shows

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        """Everything that is shown and not to be mended: what publishers left empty could else not be saved again."""
        return [name for name in self.get_fields(request, obj) if name not in self.editable]

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[Any]:
        """The table's own columns without those that are never shown, then what the form says of its own."""
        hidden = {"id", *(self.exclude or ())}
        columns = [field.name for field in self.opts.fields if field.name not in hidden]
        return columns + [name for name in self.readonly_fields if name not in columns]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The steps add rows."""
        return False


@admin.register(Podcast)
class PodcastAdmin(_Table):
    """A private feed's address is what its owner paid for: it is never shown whole, nor can it be searched for."""

    list_display = ("title", "address", "private", "polled_at", "next_poll_at", "failures", "retired_at")
    list_filter = ("private", "blocked", ("retired_at", admin.EmptyFieldListFilter), "language")
    search_fields = ("title", "author")
    ordering = ("title",)
    exclude = ("feed_url", "etag", "last_modified")
    readonly_fields = ("address",)
    editable = ("private", "blocked", "next_poll_at")

    @admin.display(description="feed address")
    def address(self, podcast: Podcast) -> str:
        """As it may stand in a log; of a private feed the host alone."""
        return _shown(podcast.feed_url, private=podcast.private)


@admin.register(Subscription)
class SubscriptionAdmin(_Table):
    """Which hubs tell us of changes, and until when; the secret halves of it are shown to nobody."""

    list_display = ("podcast", "hub", "asked_at", "leased_until", "pushed_at", "error")
    list_select_related = ("podcast",)
    search_fields = ("podcast__title", "hub")
    exclude = ("key", "secret", "topic")


@admin.register(Episode)
class EpisodeAdmin(_Table):
    """Where an episode stands, and what stopped it."""

    list_display = ("title", "podcast", "published_at", "stage", "attempts", "next_try_at", "error")
    list_filter = ("stage", "kind")
    list_select_related = ("podcast",)
    search_fields = ("title", "podcast__title")
    date_hierarchy = "published_at"
    exclude = ("guid", "audio_url", "transcripts", "chapters_url", "digest")  # of a private feed these hold its token
    readonly_fields = ("audio",)
    editable = ("stage", "attempts", "next_try_at")

    @admin.display(description="audio address")
    def audio(self, episode: Episode) -> str:
        """As it may stand in a log."""
        return _shown(episode.audio_url, private=episode.podcast.private)


@admin.register(Transcript)
class TranscriptAdmin(_Table):
    """Which there are; the words are too many for a form."""

    list_display = ("episode", "language", "created_at")
    list_filter = ("language",)
    list_select_related = ("episode",)
    search_fields = ("episode__title",)
    exclude = ("segments", "source")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transcript]:
        """Without the words."""
        found: QuerySet[Transcript] = super().get_queryset(request)
        return found.defer("segments")


@admin.register(Insight)
class InsightAdmin(_Table):
    """To take down what was complained about, found by its words or by the end of its address."""

    list_display = ("headline", "speaker", "episode", "kind", "score", "engine", "created_at")
    list_filter = ("kind", "engine", "vector_model")
    list_select_related = ("episode",)
    search_fields = ("headline", "speaker", "public_id")
    date_hierarchy = "created_at"
    exclude = ("vector", "search")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Insight]:
        """Without the columns that only the database reads."""
        found: QuerySet[Insight] = super().get_queryset(request)
        return found.defer("vector", "search")


@admin.register(Relation)
class RelationAdmin(_Table):
    """What is linked to what, and why."""

    list_display = ("source", "target", "kind", "score", "rank", "reason")
    list_filter = ("kind",)
    list_select_related = ("source", "target")


@admin.register(Extraction)
class ExtractionAdmin(_Table):
    """By which engine an episode was read, what of it was dropped and why, and what went wrong."""

    list_display = ("episode", "engine", "published", "mended", "dropped", "note", "created_at")
    list_filter = ("engine", ("note", admin.EmptyFieldListFilter))
    list_select_related = ("episode",)
    search_fields = ("episode__title", "note")

    @admin.display(description="published")
    def published(self, extraction: Extraction) -> int:
        """Insights that stayed."""
        return int(extraction.tally.get("published", 0))

    @admin.display(description="mended")
    def mended(self, extraction: Extraction) -> int:
        """Those of them that passed at the second try."""
        return int(extraction.tally.get("mended", 0))

    @admin.display(description="dropped")
    def dropped(self, extraction: Extraction) -> str:
        """How many for which reason."""
        return ", ".join(f"{n} {reason}" for reason, n in sorted(extraction.tally.get("dropped", {}).items()))


@admin.register(Spending)
class SpendingAdmin(_Table):
    """The meter: every request to a language model, and above the list what today has cost of what it may."""

    list_display = ("created_at", "model", "episode", "tokens_in", "tokens_out", "dollars", "settled")
    list_filter = ("settled", "model", "day")
    list_select_related = ("episode",)
    search_fields = ("model", "episode__title")
    date_hierarchy = "day"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list under today's sum."""
        return super().changelist_view(request, {"title": f"Language models, {of_today()}", **(extra_context or {})})


@admin.register(ModelAnswer)
class ModelAnswerAdmin(_Table):
    """What is not asked again. To have an episode read anew, delete its answers."""

    list_display = ("key", "episode", "created_at")
    list_select_related = ("episode",)
    search_fields = ("episode__title",)


class _Items(admin.TabularInline):  # type: ignore[type-arg]
    model = BriefItem
    extra = 0
    can_delete = False
    fields = readonly_fields = ("rank", "insight", "score", "reason", "parts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BriefItem]:
        """With the insights, in one query."""
        found: QuerySet[BriefItem] = super().get_queryset(request)
        return found.select_related("insight")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What a reader got does not change afterwards."""
        return False


@admin.register(Brief)
class BriefAdmin(_Table):
    """Which reader got what on which day, with the numbers that decided."""

    list_display = ("day", "reader", "created_at")
    list_select_related = ("reader",)
    search_fields = ("reader__email",)
    date_hierarchy = "day"
    inlines = (_Items,)


@admin.register(Delivery)
class DeliveryAdmin(_Table):
    """What waits, failed, or is doubtful: the operator decides on the last."""

    list_display = ("brief", "reader", "channel", "status", "attempts", "next_try_at", "sent_at", "error")
    list_filter = ("status", "channel")
    list_select_related = ("brief__reader",)
    search_fields = ("brief__reader__email", "message_id")
    editable = ("status", "attempts", "next_try_at")

    @admin.display(ordering="brief__reader__email")
    def reader(self, delivery: Delivery) -> str:
        """To whom."""
        return delivery.brief.reader.email


def _shown(address: str, *, private: bool) -> str:
    """Of a private podcast only scheme and host, whatever the address looks like."""
    safe = redacted(address)
    return "/".join(safe.split("/")[:3]) + "/…" if private and address else safe
