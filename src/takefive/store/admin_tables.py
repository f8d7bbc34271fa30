"""What all tables in the admin share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from takefive.common.addresses import redacted


class Table(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
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


def shown(address: str, *, private: bool) -> str:
    """Of a private podcast only scheme and host, whatever the address looks like."""
    safe = redacted(address)
    return "/".join(safe.split("/")[:3]) + "/…" if private and address else safe
