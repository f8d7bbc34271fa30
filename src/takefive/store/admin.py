"""The tables, for the operator. Rows are made by the steps: here they are looked at, and now and then mended."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from takefive.store import admin_entities, admin_feedback, admin_mails, admin_podcasts  # noqa: F401  (register their tables)
from takefive.store.admin_tables import Table, shown
from takefive.store.models import (
    Brief,
    BriefItem,
    Episode,
    Extraction,
    Insight,
    ModelAnswer,
    ModelBatch,
    Relation,
    Spending,
    Transcript,
)
from takefive.store.rates import in_words
from takefive.store.spending import of_today


@admin.register(Episode)
class EpisodeAdmin(Table):
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
        return shown(episode.audio_url, private=episode.podcast.private)


@admin.register(Transcript)
class TranscriptAdmin(Table):
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
class InsightAdmin(Table):
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
class RelationAdmin(Table):
    """What is linked to what, and why."""

    list_display = ("source", "target", "kind", "score", "rank", "reason")
    list_filter = ("kind",)
    list_select_related = ("source", "target")


@admin.register(Extraction)
class ExtractionAdmin(Table):
    """By which engine an episode was read, what of it was dropped and why, and what went wrong."""

    list_display = ("episode", "engine", "published", "mended", "dropped", "note", "created_at")
    list_filter = ("engine", ("note", admin.EmptyFieldListFilter))
    list_select_related = ("episode",)
    search_fields = ("episode__title", "note")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list under the rates of all episodes."""
        return super().changelist_view(request, {"title": in_words(), **(extra_context or {})})

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
class SpendingAdmin(Table):
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
class ModelAnswerAdmin(Table):
    """What is not asked again. To have an episode read anew, delete its answers."""

    list_display = ("key", "episode", "created_at")
    list_select_related = ("episode",)
    search_fields = ("episode__title",)


@admin.register(ModelBatch)
class ModelBatchAdmin(Table):
    """Questions that wait at a provider, or how that ended."""

    list_display = ("episode", "created_at", "closed_at", "note")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("episode",)
    search_fields = ("episode__title", "note")
    exclude = ("handle", "questions")


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
class BriefAdmin(Table):
    """Which reader got what on which day, with the numbers that decided."""

    list_display = ("day", "reader", "created_at")
    list_select_related = ("reader",)
    search_fields = ("reader__email",)
    date_hierarchy = "day"
    inlines = (_Items,)
