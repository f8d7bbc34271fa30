"""Which charset of before Unicode a text is in that does not say so. Pure.

A codec that decodes every byte is a candidate; how much of what comes out of it is usual in the languages it was made for
tells the best. Nothing is learnt and nothing downloaded: the older double-byte standards put their frequent characters in
rows of their own, and the frequent letters of an alphabet are few.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

_SAMPLE = 20_000  # bytes with something to tell: enough for any language
_TOLD = 0.3  # what the language that a feed names is worth, in shares of usual characters
_LEAST = 0.5
_LANGUAGE = re.compile(
    rb"<(?:dc:)?language>\s*(?:<!\[CDATA\[)?\s*([A-Za-z]{2})|xml:lang=[\"']([A-Za-z]{2})", re.IGNORECASE
)
# Bytes above ASCII with what stands between and directly beside them.
_TELLING = re.compile(rb"[^\x80-\xff]?[\x80-\xff]+(?:[^\x80-\xff]{1,2}[\x80-\xff]+)*[^\x80-\xff]?")
_WORDS = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]{2,}(?![A-Za-z\x80-\xff])")
_POINTS = frozenset("、。，．・：；？！（）「」『』《》〈〉【】“”‘’…—～－–•·©®°«»　 ")
_KANA = re.compile("[\u3041-\u30fa\u30fc]")

Usual = Callable[[str, float], float]  # of the text above ASCII, and of how much of it is in words of nothing else


def _letters(often: str, seldom: str) -> Usual:
    """How usual the letters of an alphabet are, which stand in words of nothing else; those "seldom" count two thirds."""
    worth = {**dict.fromkeys(seldom, 0.66), **dict.fromkeys(often, 1.0), **dict.fromkeys(_POINTS, 1.0)}
    return lambda text, dense: dense * sum(worth.get(c, 0.0) for c in text) / len(text)


def _latin(often: str) -> Usual:
    """The share of a language's own letters, which stand between those of ASCII."""
    known = frozenset(often) | _POINTS
    return lambda text, dense: (1 - dense / 2) * sum(c in known for c in text) / len(text)


def _rows(codec: str, first: int, last: int) -> Usual:
    """The share of characters that stand in the rows of a double-byte standard which hold the frequent ones."""

    def share(text: str, _dense: float) -> float:
        usual = 0
        for c in text:
            code = c.encode(codec, "replace")
            usual += (len(code) == 2 and first <= code[0] <= last) or c in _POINTS
        return usual / len(text)

    return share


_FREQUENT_KANJI = _rows("euc_jp", 0xB0, 0xCF)


def _japanese(text: str, dense: float) -> float:
    """As with rows, and no text of Japanese is without kana."""
    kana = len(_KANA.findall(text)) / len(text)
    return kana + _FREQUENT_KANJI(_KANA.sub("", text) or "?", dense) * (1 - kana) if kana > 0.15 else 0.0


@dataclass(frozen=True, slots=True)
class _Charset:
    codec: str
    languages: str
    usual: Usual


_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœÄÖÜÉÀÅØÇÑÓÁÍÚ€¿¡ªº"
_CYRILLIC = "оеаинтсрвлкмдпу", "ябгчзыьъйжшхюцщэфёіїєў"
_EASTERN = {
    "pl": "ąćęłńóśźżŚŻŁ", "cs sk": "ěščřžýáíéůúťďňľĺŕôäČŘŠŽ", "hu": "áéíóöőúüűÁÉ", "ro": "ăâîşţŞ", "hr sl bs": "čćžšđČŽŠ",
}  # fmt: skip
_OTHERS = {
    ("cp1253", "el"): ("αοιετσνηυρπκμλςίόά", "ωέήύώδγχθφβξψζΉΌΆ"),
    ("cp1255", "he iw yi"): ("יוהלאתרבשמנ", "גדזחטכסעפצקםןךףץ"),
    ("cp1256", "ar fa ur"): ("ابتجحخدرسعفقكلمنهويةأ", "ثذزشصضطظغىإآءؤئپچژگ،؟ـًَُِّْ"),
    ("cp874", "th"): ("านรอกเงมยลวดทสต่้ัีิ", "ะปบคหพแชขโใไจถซศณผุู็์ำึื๊ฟญธษภ"),
}
# Of two that fit alike the first wins.
_CHARSETS = (
    _Charset("cp1252", "en de fr es pt it nl sv da nb no fi is ca", _latin(_WESTERN)),
    _Charset("iso8859-15", "fr fi et", _latin(_WESTERN + "ŒœŸ")),
    *(_Charset(name, "ru uk be bg sr mk", _letters(*_CYRILLIC)) for name in ("cp1251", "koi8-r", "koi8-u")),
    *(_Charset(name, "ru bg sr mk", _letters(*_CYRILLIC)) for name in ("iso8859-5", "cp866")),
    *(_Charset("cp1250", languages, _latin(often)) for languages, often in _EASTERN.items()),
    *(_Charset("iso8859-2", languages, _latin(often)) for languages, often in _EASTERN.items()),
    _Charset("cp1254", "tr az", _latin("çğıöşüÇĞİÖŞÜâîû")),
    _Charset("cp1257", "lt", _latin("ąčęėįšųūžŠŽČ")),
    _Charset("cp1257", "lv", _latin("āčēģīķļņšūžŠŽČ")),
    *(_Charset(codec, languages, _letters(*often)) for (codec, languages), often in _OTHERS.items()),
    _Charset("cp949", "ko", _rows("euc_kr", 0xB0, 0xC8)),
    _Charset("euc_jp", "ja", _japanese),
    _Charset("cp932", "ja", _japanese),
    _Charset("gb18030", "zh", _rows("gb2312", 0xB0, 0xD7)),
    _Charset("big5hkscs", "zh", _rows("big5", 0xA4, 0xC6)),
)


def guess(data: bytes) -> str | None:
    """The codec of a text that is not UTF-8; None where none of them makes sense of it."""
    sample = _telling(data)
    said = _LANGUAGE.search(data)
    language = (said[1] or said[2]).decode().lower() if said else ""
    dense = sum(map(len, _WORDS.findall(sample))) / max(1, sum(byte > 127 for byte in sample))
    best, most = None, _LEAST
    for charset in _CHARSETS:
        text = _decoded(sample, charset.codec)
        if (
            text
            and (worth := charset.usual(text, dense) + _TOLD * (language in charset.languages.split())) > most + 1e-9
        ):
            best, most = charset.codec, worth
    return best


def _telling(data: bytes) -> bytes:
    """The pieces with bytes above ASCII, each whole, up to a bound."""
    pieces, size = [], 0
    for piece in _TELLING.finditer(data, 0, 20 * _SAMPLE):
        pieces.append(piece[0])
        size += len(piece[0]) + 1
        if size > _SAMPLE:
            break
    return b"\n".join(pieces)[:_SAMPLE]


def _decoded(sample: bytes, codec: str) -> str:
    """What it says above ASCII by this codec; nothing where a byte has no meaning in it."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)  # it may end in the middle of a character
    except UnicodeDecodeError:
        return ""
    return "".join(c for c in text if c > "\x7f")
