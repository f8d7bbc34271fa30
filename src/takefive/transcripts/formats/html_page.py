"""HTML transcripts: `<cite>` and `<time>` as Podcasting 2.0 has them, or any page whose lines carry names and stamps."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.html import HTMLParser

from takefive.common.errors import TranscriptError
from takefive.transcripts.formats import marked
from takefive.transcripts.language import tag
from takefive.transcripts.values import TimedText

_WITHOUT_SPEECH = (
    "script style head title noscript template svg math nav header footer form button select iframe object"
)
_WITHIN_LINES = (
    "a abbr b bdi bdo big code data del em font i ins kbd mark q s samp small span strong sub sup tt u var wbr"
)
_SILENT = frozenset(_WITHOUT_SPEECH.split())
_INLINE = frozenset(_WITHIN_LINES.split())


def read(text: str) -> TimedText:
    """The text of the page as lines, a line for each block element, read as marked text."""
    try:
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError) as error:
        raise TranscriptError(f"is not readable HTML ({error})") from error
    if root is None:
        raise TranscriptError("is an empty HTML page")
    found = marked.read("".join(_pieces(root)), markdown=False)
    return TimedText(segments=found.segments, language=tag(root.get("lang")))


def _pieces(root: etree._Element) -> Iterator[str]:
    """The characters of the page in order; silent elements left out, block elements on lines of their own.

    Walks without recursion: hostile pages nest thousands deep.
    """
    silent = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield node.tail or "" if not silent else ""
            continue
        name = str(node.tag)
        if event == "start":
            silent += name in _SILENT
            if not silent:
                yield _opening(name) + _text(node.text)
            continue
        if not silent:
            yield _closing(name, node)
        silent -= name in _SILENT
        if not silent:
            yield _text(node.tail)


def _opening(name: str) -> str:
    return "" if name in _INLINE else " [" if name == "time" else "\n\n" if name != "br" else "\n"


def _closing(name: str, node: etree._Element) -> str:
    if name == "cite":
        return "" if "".join(map(str, node.itertext())).strip().endswith(":") else ":"
    return "" if name in _INLINE or name == "br" else "]\n" if name == "time" else "\n"


def _text(text: str | None) -> str:
    return " ".join((text or "").split("\n"))
