"""Jinja2 for the pages: what templates may use beyond the language itself."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment

from takefive.common.text import one_line
from takefive.delivery.page import capital, unless_said
from takefive.relations.entities import slug, topic_key
from takefive.relations.people import person_name
from takefive.store.models import Insight

# Control characters print as nothing or break XML; bidi overrides can turn the rest of a page around.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def environment(**options: Any) -> Environment:
    """Django's hook for its Jinja2 backend; autoescape is on."""
    env = Environment(finalize=printable, trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701
    env.globals |= {"static": static, "url": _url, "absolute": absolute}
    env.filters |= {
        "timestamp": timestamp,
        "when": when,
        "plural": plural,
        "one_line": one_line,
        "web_address": web_address,
        "moment": moment,
        "language": language,
        "unless_said": unless_said,
        "capital": capital,
        "topic_page": topic_page,
        "person_page": person_page,
    }
    return env


def printable(value: Any) -> Any:
    """Text without control characters and bidi overrides; anything else as it is. Every `{{ }}` passes here."""
    return _UNPRINTABLE.sub("", value) if type(value) is str else value


def timestamp(seconds: float | None) -> str:
    """A moment in a recording: 1421.3 -> "23:41", 3723 -> "1:02:03"; empty where unknown."""
    if seconds is None:
        return ""
    minutes, second = divmod(int(max(seconds, 0)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def when(day: date | datetime | None) -> str:
    """A date as a magazine prints it: "3 May 2022"; empty where unknown."""
    return f"{day.day} {day:%B} {day.year}" if day else ""


def plural(count: int, one: str, many: str = "") -> str:
    """The number with its word: 1 voice, 2 voices."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def web_address(address: str) -> str:
    """The address if a page may link to it (http or https, with a host), else empty: `javascript:` never gets through."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    odd = any(character.isspace() or not character.isprintable() for character in address)
    return address if host and parts.scheme in ("http", "https") and not odd else ""


def moment(insight: Insight) -> str:
    """The address of the episode's audio that starts at the insight's second; empty where no page may link to it."""
    audio = web_address(insight.episode.audio_url).split("#")[0]
    return f"{audio}#t={insight.start:.1f}" if audio and insight.start is not None else audio


def language(tag: str) -> str:
    """A publisher's language tag where it is one, for the attribute `lang`; else English."""
    return tag if _LANGUAGE.fullmatch(tag) else "en"


def topic_page(topic: str) -> str:
    """The page of a topic, by one of the ways to write it; the search for it where that says nothing."""
    key = topic_key(topic)
    return _url("topic", slug=slug(key)) if key else f"{_url('search')}?{urlencode({'q': topic})}"


def person_page(insight: Insight) -> str:
    """The page of who said it; empty where nobody in particular is named."""
    name = person_name(insight.speaker)
    if name is None:
        return ""
    return _url("person", slug=slug(name.key if name.full else f"{name.key} {insight.episode.podcast.public_id}"))


def absolute(path: str) -> str:
    """The address of one of our pages for those who read it elsewhere. Never made from the Host header."""
    return f"{settings.SITE_URL}{path}"


def _url(name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs=kwargs)
