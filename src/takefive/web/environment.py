"""Jinja2 for the pages: what templates may use beyond the language itself."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment


def environment(**options: Any) -> Environment:
    """Django's hook for its Jinja2 backend; autoescape is on."""
    env = Environment(**options)  # noqa: S701  (autoescape comes in with the options)
    env.globals |= {"static": static, "url": lambda name, **kwargs: reverse(name, kwargs=kwargs)}
    return env
