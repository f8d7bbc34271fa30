"""Bytes to text, whatever they say about themselves. Pure."""

from __future__ import annotations

import codecs
import re

from takefive.feeds.legacy import guess

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MOST_PASTED = 10_000
_LATIN = "cp1252"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_JAPANESE_SHIFT = b"\x1b$B"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# Without its mark and zeros UTF-16 is a lie: whoever reads the declaration has read it as ASCII. The rest are codecs
# of Python's that no document is written in.
_NO_CHARSETS = ("utf-16", "utf-32", "utf-7", "punycode", "idna", "unicode", "raw", "undefined")


def decoded(data: bytes, content_type: str | None, warnings: list[str]) -> str:
    """By its byte order mark, its zeros, its declaration, its header; else UTF-8 in the main, or what it looks like."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace").lstrip("\ufeff")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    if _JAPANESE_SHIFT in data:  # all of it ASCII to whoever does not know it
        return data.decode("iso2022_jp_2", "replace")
    declared = _DECLARED.search(data[:2000])
    told = _CHARSET.search(content_type or "")
    said = _usable(declared[1].decode() if declared else "", told[1] if told else "")
    # Latin-1 is true of any bytes, and said by servers that know nothing: what can be proved wrong is asked before it.
    for name in sorted(dict.fromkeys((*said, "utf-8")), key=_LATIN.__eq__):
        try:
            return data.decode(name)
        except LookupError:
            continue  # a codec of Python's that is no charset
        except UnicodeError:
            if name in said or not said:
                warnings.append(f"not all of it is {name}, as it says")
    if _mostly_utf8(data):
        return data.decode("utf-8", "takefive-latin")
    guessed = guess(data)
    warnings.append(f"no charset that it names is true; read as {guessed or 'cp1252'}")
    return data.decode(guessed or "cp1252", "replace")


def _mostly_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8, and the rest is little enough to be mended byte by byte."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return bad <= max(good // 10, min(good, _MOST_PASTED))


def _usable(*names: str) -> list[str]:
    found = []
    for name in names:
        try:
            known = codecs.lookup(name).name if name else ""
        except LookupError:
            continue
        if known == "iso8859-1":
            known = _LATIN  # as every browser reads it
        if known and not known.startswith(_NO_CHARSETS) and known not in found:
            found.append(known)
    return found


def _latin(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, in the middle of others that are, were pasted from Windows."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("takefive-latin", _latin)


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, known by the zeros around the first "<"."""
    starts = {b"<\0\0\0": "utf-32-le", b"\0\0\0<": "utf-32-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
    return next((name for start, name in starts.items() if data.startswith(start)), None)
