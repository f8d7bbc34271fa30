"""Readers, for the operator."""

from __future__ import annotations

from django.contrib import admin

from takefive.accounts.models import Reader


@admin.register(Reader)
class ReaderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Found by address. Nobody is made here: a reader signs up, an operator comes from `createsuperuser`."""

    list_display = ("email", "status", "frequency", "hour", "zone", "created_at", "consented_at", "is_staff")
    list_filter = ("status", "frequency", "is_staff")
    search_fields = ("email",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    fields = (
        *("email", "status", "interests", "zone", "hour", "frequency", "serendipity"),
        *("consented_at", "created_at", "last_login", "is_staff", "is_superuser"),
    )
    readonly_fields = ("created_at", "last_login", "consented_at")

    def has_add_permission(self, request: object) -> bool:
        """A row made by hand would have no consent behind it."""
        return False
