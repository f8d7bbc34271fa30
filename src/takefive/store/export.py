"""All that is stored about a reader, for the reader (GDPR, Art. 15 and 20).

Found through the tables' own foreign keys, so that a table added later is in it without a line here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models

from takefive.accounts.models import Challenge, Reader

_SECRETS = {"password", "token", "code", "browser", "client", "key", "packed"}  # hashes that say nothing, and the mails


def everything(reader: Reader) -> dict[str, Any]:
    """The reader's row with all rows that belong to it, nested, as JSON types."""
    challenges = Challenge.objects.filter(email=reader.email).order_by("pk")
    return _row(reader) | {"challenges": [_row(challenge) for challenge in challenges]}


def as_markdown(data: dict[str, Any]) -> str:
    """The same to read: one list of facts for each row, under headings."""
    return f"# What Takefive stores about {data['email']}\n\n" + "\n".join(_lines(data, 2)) + "\n"


def _row(row: models.Model, parent: str = "") -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in {*_SECRETS, parent}]
    told = {field.name: _value(getattr(row, field.name)) for field in fields}
    for relation in row._meta.related_objects:
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE:
            own = relation.field.name
            children = relation.related_model._default_manager.filter(**{own: row}).select_related().order_by("pk")
            told[str(relation.related_model._meta.verbose_name_plural)] = [_row(child, own) for child in children]
    return told


def _value(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, models.Model) else value


def _lines(row: dict[str, Any], level: int) -> list[str]:
    """Facts first, then a heading for each kind of row below it."""
    lines = [f"- {name.replace('_', ' ')}: {_on_one_line(value)}" for name, value in row.items() if _is_fact(value)]
    for name, children in row.items():
        if not _is_fact(children) and children:
            lines += ["", f"{'#' * min(level, 6)} {name}"]
            for child in children:
                lines += ["", *_lines(child, level + 1)]
    return lines


def _is_fact(value: Any) -> bool:
    return not (isinstance(value, list) and all(isinstance(child, dict) for child in value))


def _on_one_line(value: Any) -> str:
    return "none" if value in (None, "") else " ".join(str(value).split())
