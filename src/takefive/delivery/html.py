"""A page as the HTML half of a mail: one template, autoescaped, with its styles written into the elements."""

from __future__ import annotations

import re
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from takefive.delivery.page import Page

FOLDER = Path(__file__).parent / "templates"
_PROPERTY = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USE = re.compile(r"var\((--[\w-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def typeset(page: Page) -> str:
    """The page as HTML that needs nothing from the network: no pictures, no fonts, no scripts."""
    return _INLINER.inline(_TEMPLATE.render(page=page, inlined=_INLINED, kept=_KEPT))


def typeset_note(note: object) -> str:
    """A short mail (see confirm.py) in the same face."""
    return _INLINER.inline(_NOTE.render(note=note, inlined=_INLINED + _NOTE_INLINED, kept=_KEPT + _NOTE_KEPT))


def palette(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The custom properties of palette.css, by name, as (light, dark); dark holds those of light it does not change."""
    light, _, dark = text.partition("@media")
    properties = dict(_PROPERTY.findall(light))
    return properties, properties | dict(_PROPERTY.findall(dark))


def _style(name: str, properties: dict[str, str]) -> Markup:
    """A style sheet of ours with its var() filled in: mail readers know no custom properties."""
    css = _COMMENT.sub("", (FOLDER / name).read_text())
    return Markup(_USE.sub(lambda use: properties[use[1]], css))  # noqa: S704 - our own file


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_TEMPLATE, _NOTE = _ENVIRONMENT.get_template("mail.html"), _ENVIRONMENT.get_template("note.html")
_LIGHT, _DARK = palette((FOLDER / "palette.css").read_text())
_INLINED, _KEPT = _style("mail.css", _LIGHT), _style("mail-screen.css", _DARK)
_NOTE_INLINED, _NOTE_KEPT = _style("note.css", _LIGHT), _style("note-screen.css", _DARK)
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
