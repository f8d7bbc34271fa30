"""Readers, for the operator."""

from __future__ import annotations

from django.contrib import admin

from takefive.accounts.models import Challenge, Reader


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
        *("pause_until", "consented_at", "consent", "created_at", "last_login", "is_staff", "is_superuser"),
    )
    readonly_fields = ("created_at", "last_login", "consented_at", "consent")

    def has_add_permission(self, request: object) -> bool:
        """A row made by hand would have no consent behind it."""
        return False


@admin.register(Challenge)
class ChallengeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Why somebody got no mail to confirm or to sign in: to look at only, and without its hashes."""

    list_display = ("email", "purpose", "status", "created_at", "mailed_at", "used_at", "error")
    list_filter = ("purpose", "status")
    search_fields = ("email",)
    ordering = ("-created_at",)
    fields = (
        "email",
        "purpose",
        "status",
        "attempts",
        "error",
        "tries",
        "created_at",
        "mailed_at",
        "expires_at",
        "used_at",
    )

    def has_add_permission(self, request: object) -> bool:
        """Only who typed in an address asks for a mail to it."""
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        """There is nothing to set right."""
        return False
