"""Text from outside: HTML that is safe to show, plain text, one line of it."""

from __future__ import annotations

import re
from html import unescape

import nh3

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip  # no img: a picture from outside tells its server who reads; no svg, no math: the way of every mXSS
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style", "svg", "math", "template", "noscript", "iframe", "title"},
    attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer ugc",
    strip_comments=True,
)
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&[a-zA-Z#]")
_HIDDEN = re.compile(r"<(script|style|template|noscript|iframe|svg|math)\b.*?(</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|h[1-6]|tr|blockquote|pre|table|hr|dd|dt))\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-zA-Z!?][^<>]*>", re.DOTALL)
_HIDES = re.compile(r"<(?:s[ctv]|te|no|if|ma)", re.IGNORECASE)  # a quick look for the start of one of them
# ASCII with nothing in it that wants mending. No two ways to match the same text, so it cannot backtrack.
_USUAL_LINE = re.compile(r"[!-%'-;=-~]+(?: [!-%'-;=-~]+)*")
_UNEVEN = re.compile(r"[^\S\n ]|  ")  # space that is not just one blank between words
_SPECIAL = re.compile(r"[<>&]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Control characters, bidirectional overrides, zero-width spaces: never meant to be read, able to deceive.
# The joiners U+200C and U+200D stay: Persian and many emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def clean_html(html: str) -> str:
    """HTML with only what a show note needs: text, lists, tables, links. Nothing that runs, loads or deceives."""
    html = _seen(html)
    return _CLEANER.clean(html).strip() if _SPECIAL.search(html) else html.strip()


def plain(html: str) -> str:
    """The words of an HTML text, lines kept where blocks and breaks were."""
    if _MARKUP.search(html):
        html = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub(" ", html) if _HIDES.search(html) else html))
        html = unescape(html) if "&" in html else html
    html = _seen(html)
    if _UNEVEN.search(html):
        return "\n".join(filter(None, (" ".join(line.split()) for line in html.split("\n"))))
    return "\n".join(filter(None, map(str.strip, html.split("\n"))))


def one_line(text: str, most: int = 500) -> str:
    """The words of a title or a name on one line, at most `most` characters; markup and entities are resolved."""
    text = text.strip()
    if len(text) <= most and _USUAL_LINE.fullmatch(text):
        return text
    line = " ".join(plain(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _seen(text: str) -> str:
    return text if text.isascii() and not _CONTROL.search(text) else _UNSEEN.sub("", text)
