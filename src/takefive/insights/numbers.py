"""Numbers by value, in digits and in words: "1.2 million" is 1,200,000, "half" is 50 %, "nineteen ninety-nine" is 1999."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

Value = float | str
"""A number's value rounded to nine places, or the text of one with two stops in it ("3.11.2")."""


def _row(words: str) -> list[str]:
    return words.split()


_UNITS = _row("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
""")
_TENS = _row("twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MARKS = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}
_SMALL = {word: i for i, word in enumerate(_UNITS)} | {word: 10 * i for i, word in enumerate(_TENS, 2)}
_FRACTIONS = {"half": 0.5, "halves": 0.5, "halved": 0.5, "quarter": 0.25, "quarters": 0.25, "thirds": 1 / 3}
_FIRST = _row("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
_ORDINALS = {word: i for i, word in enumerate(_FIRST, 1)} | {"twentieth": 20, "thirtieth": 30, "hundredth": 100}
_TIMES = {"twice": 2, "doubled": 2, "doubling": 2, "tripled": 3, "tripling": 3, "dozen": 12, "tenfold": 10}
_PAIRS = {"both": 2, "couple": 2, "pair": 2, "double": 2, "triple": 3, "once": 1, "single": 1, "none": 0, "nobody": 0}
_DECADES = {word[:-1] + "ies": 10 * i for i, word in enumerate(_TENS, 2)}
_OF_LANGUAGE = {
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
}
_ABROAD = {
    "de": {"hundert": 100, "tausend": 1000, "million": 10**6, "millionen": 10**6, "milliarden": 10**9, "hälfte": 0.5},
    "es": {"cien": 100, "mil": 1000, "millón": 10**6, "millones": 10**6, "mitad": 0.5},
    "fr": {"cent": 100, "mille": 1000, "million": 10**6, "millions": 10**6, "milliards": 10**9, "moitié": 0.5},
}
_TOKEN = re.compile(
    r"(?P<named>[^\W\d_]+-?\d[\w.]*|0x\w+)|(?P<digits>\d+(?:[.,]\d+)*)(?P<mark>[^\W\d_]+|%)?|(?P<word>[^\W\d_]+)|(?P<percent>%)|(?P<stop>[.?!;])"
)


_LONG_TIMES = {"decades": 10, "centuries": 100}
_IDLE = re.compile(
    r"\b(?:half-(?=[^\W\d_])|(?:few|several|many|some) (?:hundred|thousand|[mb]illion)\b"
    r"|the two\b(?![ -](?:hundred|thousand|[mb]illion|and|percent|per cent)))",
    re.IGNORECASE,
)
"""Words that count nothing: "half-finished", "a few thousand", "the two" of which was spoken."""


@dataclass(slots=True)
class _Number:
    """One number of a text: what it may be worth, and whether it is the word "one", which claims nothing."""

    readings: set[Value]
    percent: bool = False
    idle: bool = False
    place: int = 0
    scale: float = 1


def claimed(text: str) -> list[frozenset[Value]]:
    """For every number that a text asserts, the values it can be read as. "One", ordinals and "a couple" assert none."""
    return [
        frozenset(_value(reading / 100) if number.percent and isinstance(reading, float) else reading
                  for reading in number.readings)
        for number in _numbers(_IDLE.sub(" ; ", text)) if not number.idle
    ]  # fmt: skip


def spoken(text: str, language: str | None = None) -> frozenset[Value]:
    """Every value that can be heard in a text; `language` adds its words for small numbers."""
    found: set[Value] = {1.0}
    for number in _numbers(text):
        found |= number.readings
    found |= {_value(value) for word in re.findall(r"[^\W\d_]+", text.lower()) for value in _plain(word, language)}
    if "%" in text or re.search(r"per ?cent|prozent|por ciento|pour cent", text, re.IGNORECASE):
        found |= {_value(value / 100) for value in found if isinstance(value, float)}
    return frozenset(found)


def _value(number: float) -> float:
    return round(float(number), 9)


def _plain(word: str, language: str | None) -> Iterator[float]:
    """What a word that never joins a longer number is worth: a pair, an ordinal, a decade, a small number abroad."""
    if word in _PAIRS or word in _ORDINALS:
        yield _PAIRS.get(word, _ORDINALS.get(word, 0))
    if word in _DECADES:
        yield from (_DECADES[word], 1900 + _DECADES[word])
    short = (language or "")[:2]
    small = _OF_LANGUAGE.get(short, "").split()
    if word in small:
        yield small.index(word)
    if word in _ABROAD.get(short, {}):
        yield _ABROAD[short][word]


def _numbers(text: str) -> Iterator[_Number]:
    found: list[_Number] = []
    run: list[tuple[str, float]] = []
    for place, token in enumerate([*_TOKEN.finditer(re.sub(r"\bper cent\b", "percent", text)), None]):
        part = _part(token) if token else None
        word = token["word"].lower() if token and token["word"] else ""
        if part and isinstance(part[1], float):
            run.append((part[0], part[1]))
            continue
        if run and word == "and" and run[-1][0] == "scale":
            continue
        if run:
            found += _of_run(run, place)
            run = []
        if word in _LONG_TIMES and found and place - found[-1].place <= 1:
            found[-1].readings |= {_value(v * _LONG_TIMES[word]) for v in found[-1].readings if isinstance(v, float)}
        if part:
            found.append(_Number({part[1]}, place=place))
        if (
            token
            and (token["percent"] or word in ("percent", "pct", "prozent"))
            and found
            and place - found[-1].place <= 1
        ):
            found[-1].percent = True
    _share_scales(found)
    yield from found


def _part(token: re.Match[str]) -> tuple[str, Value] | None:
    """What a token adds to a number: ("small" | "scale" | "digits" | "percent" | ..., value)."""
    if token["digits"]:
        return _digits(token["digits"], (token["mark"] or "").lower())
    word = (token["word"] or "").lower()
    if word in _SMALL:
        return ("one" if word == "one" else "small"), float(_SMALL[word])
    if word.removesuffix("s") in _SCALES:
        return ("scale" if word in _SCALES else "scales"), float(_SCALES[word.removesuffix("s")])
    if word in _FRACTIONS or word in _TIMES:
        return "whole", _FRACTIONS.get(word, float(_TIMES.get(word, 0)))
    return None


def _digits(digits: str, mark: str) -> tuple[str, Value]:
    if digits.count(".") > 1 and not re.fullmatch(r"\d{1,3}(\.\d{3})+", digits):
        return "text", digits
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        number = float(digits.replace(",", ""))
    elif digits.count(".") > 1:
        number = float(digits.replace(".", ""))
    elif re.fullmatch(r"\d+(,\d+)?", digits):
        number = float(digits.replace(",", "."))
    elif digits.count(",") + digits.count(".") > 1:
        return "text", digits
    else:
        number = float(digits)
    if mark == "%":
        return "percent", _value(number)
    return "digits", _value(number * _MARKS.get(mark, 1))


def _of_run(run: list[tuple[str, float]], place: int) -> Iterator[_Number]:
    """The numbers in a row of number words: "two hundred" is one, "nineteen ninety nine" two that may be a year."""
    groups: list[_Number] = []
    total = current = 0.0
    begun, before = False, ("", 0.0)

    def close() -> None:
        nonlocal total, current, begun
        if begun:
            groups.append(_Number({_value(total + current)}, place=place))
        total, current, begun = 0.0, 0.0, False

    for kind, value in run:
        if kind in ("scale", "scales"):
            base = current if begun and current else 1.0
            if not begun and kind == "scales":
                continue  # "thousands of people" names no number
            if value == 100:
                current = base * 100
            else:
                total, current = total + base * value, 0.0
            begun = True
        else:
            joins = before[0] in ("scale", "scales") or (
                before[1] in range(20, 100, 10) and 0 < value < 10 and before[0] == "small"
            )
            if begun and not (joins and kind in ("small", "one")):
                close()
            current, begun = current + value, True
            if kind == "percent":
                close()
                groups[-1].percent = True
        before = kind, value
    close()
    if [kind for kind, _ in run] == ["one"]:
        groups[0].idle = True
    for number in groups:
        number.scale = next((value for kind, value in reversed(run) if kind == "scale"), 1)
    yield from _with_years(groups)


def _with_years(groups: list[_Number]) -> list[_Number]:
    values = [next(iter(number.readings)) for number in groups]
    for i, (first, second) in enumerate(pairwise(values)):
        if isinstance(first, float) and isinstance(second, float) and 10 <= first <= 21 and 1 <= second <= 99:
            for number in groups[i : i + 2]:
                number.readings.add(_value(100 * first + second))
    return groups


def _share_scales(numbers: list[_Number]) -> None:
    """ "Two to three million": the first may be meant in millions too."""
    for number, following in pairwise(numbers):
        if following.scale > 1 and number.scale == 1 and following.place - number.place <= 4:
            number.readings |= {_value(v * following.scale) for v in number.readings if isinstance(v, float)}
