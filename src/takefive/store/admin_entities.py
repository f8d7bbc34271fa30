"""Topics and people for the operator: two that are one are merged, one that is several is split, and both can be taken back."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from takefive.store import entities
from takefive.store.admin_tables import Table
from takefive.store.models import Entity, EntityRule


@admin.register(Entity)
class EntityAdmin(Table):
    """Who and what there is. What is done here stays done: it is kept as a rule that later insights obey too."""

    list_display = ("name", "kind", "key", "insights")
    list_filter = ("kind",)
    search_fields = ("name", "key")
    ordering = ("-insights", "key")
    actions = ("merge", "split")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They go with their insights."""
        return False

    @admin.action(description="Merge into the one with most insights", permissions=["change"])
    def merge(self, request: HttpRequest, chosen: QuerySet[Entity]) -> None:
        """All chosen ones become one; their addresses lead to it."""
        into, *others = chosen.order_by("-insights", "key")
        if not others or {one.kind for one in others} != {into.kind}:
            self.message_user(request, "Choose two or more topics, or two or more people.", messages.ERROR)
            return
        for one in others:
            entities.merge(one, into)
        self.message_user(request, f"{len(others)} merged into {into}.")

    @admin.action(
        description="Split: abbreviations and earlier merges apart, a person by shows", permissions=["change"]
    )
    def split(self, request: HttpRequest, chosen: QuerySet[Entity]) -> None:
        """What was held to be one is several from now on."""
        names = [str(one) for one in chosen]
        for one in chosen:
            entities.split(one)
        self.message_user(request, f"Split: {', '.join(names)}.")


@admin.register(EntityRule)
class EntityRuleAdmin(Table):
    """What operators merged and split. To take it back, delete the line."""

    list_display = ("key", "into", "kind")
    list_filter = ("kind",)
    search_fields = ("key", "into")

    def delete_model(self, request: HttpRequest, obj: EntityRule) -> None:
        """And let the evidence decide again."""
        entities.unrule([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[EntityRule]) -> None:
        """And let the evidence decide again."""
        entities.unrule(queryset)
