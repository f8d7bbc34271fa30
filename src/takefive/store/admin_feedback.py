"""What readers said of insights, for the operator: to look at only."""

from __future__ import annotations

from django.contrib import admin

from takefive.store.admin_tables import Table
from takefive.store.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(Table):
    """What was pressed, and what was taken back."""

    list_display = ("kind", "insight", "reader", "at", "undone_at")
    list_filter = ("kind",)
    list_select_related = ("insight", "reader")
    search_fields = ("insight__headline", "reader__email")
    date_hierarchy = "at"
