"""A page as the HTML half of a mail: one template, autoescaped, with its styles written into the elements."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, StrictUndefined, Template

from takefive.delivery.page import Page

FOLDER = Path(__file__).parent / "templates"
_PROPERTY = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USE = re.compile(r"var\((--[\w-]+)\)")
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_REMARK, _WORD = "<!--jinja{}-->", "jinja{}x"
_MARK = re.compile(r"<!--jinja(\d+)-->|jinja(\d+)x")
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def typeset(page: Page) -> str:
    """The page as HTML that needs nothing from the network: no pictures, no fonts, no scripts."""
    return _MAIL.render(page=page, proof=_proof, elsewhere=_elsewhere)


def typeset_note(note: object) -> str:
    """A short mail (see confirm.py) in the same face."""
    return _NOTE.render(note=note)


def palette(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The custom properties of palette.css, by name, as (light, dark); dark holds those of light it does not change."""
    light, _, dark = text.partition("@media")
    properties = dict(_PROPERTY.findall(light))
    return properties, properties | dict(_PROPERTY.findall(dark))


def _style(name: str, properties: dict[str, str]) -> str:
    """A style sheet of ours with its var() filled in: mail readers know no custom properties."""
    css = _COMMENT.sub("", (FOLDER / name).read_text())
    return _USE.sub(lambda use: properties[use[1]], css)


def _inlined(name: str, css: str, kept: str = "") -> Template:
    """The template with its styles in its elements: inlined once, and not into every mail that is rendered.

    Meanwhile comments and words stand for what Jinja reads, where an HTML parser leaves them where they are.
    """
    source = (FOLDER / name).read_text().replace("{{ kept }}", kept)
    codes = _JINJA.findall(source)
    numbers = count()
    marked = _JINJA.sub(lambda code: (_WORD if code[0][1] == "{" else _REMARK).format(next(numbers)), source)
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=css)
    made = inliner.inline(marked) if "<html" in marked else inliner.inline_fragment(marked, "")
    return _ENVIRONMENT.from_string(_MARK.sub(lambda mark: codes[int(mark[1] or mark[2])], made))


_ENVIRONMENT = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_LIGHT, _DARK = palette((FOLDER / "palette.css").read_text())
_MAIL_CSS, _SCREEN_CSS = _style("mail.css", _LIGHT), _style("mail-screen.css", _DARK)
_MAIL = _inlined("mail.html", _MAIL_CSS, _SCREEN_CSS)
_NOTE = _inlined("note.html", _MAIL_CSS + _style("note.css", _LIGHT), _SCREEN_CSS + _style("note-screen.css", _DARK))
_SAID: Any = _inlined("said.html", _MAIL_CSS).module
_proof, _elsewhere = lru_cache(maxsize=2048)(_SAID.proof), lru_cache(maxsize=2048)(_SAID.elsewhere)
