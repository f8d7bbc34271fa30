"""Text from outside that is safe to show."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.common.text import clean_html, one_line, plain

ATTACKS = """
<script>alert(1)</script>|<img src=x onerror=alert(1)>|<img srcset="x 1x" src=y>|<svg onload=alert(1)>|<svg><script>alert(1)</script></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">|<a href="javascript:alert(1)">x</a>
<a href="java\tscript:alert(1)">x</a>|<a href="&#106;avascript:alert(1)">x</a>|<a href=" javascript:alert(1)">x</a>|<a href="data:text/html,x">x</a>
<a href="vbscript:x">x</a>|<iframe src="https://evil.example/"></iframe>|<iframe srcdoc="<script>alert(1)</script>"></iframe>|<base href="//evil.example/">
<meta http-equiv=refresh content="0;url=//evil.example">|<form action=//evil.example><input name=q></form>|<object data=x></object>|<embed src=x>
<link rel=stylesheet href=//evil.example>|<style>*{background:url(//evil.example)}</style>|<p style="background:url(//evil.example)">x</p>
<p onmouseover=alert(1)>x</p>|<template><script>alert(1)</script></template>|<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<video src=x onerror=alert(1)>|<audio src=x autoplay>|<body onload=alert(1)>|<p id="login" class="btn" name="x">x</p>|<!--[if IE]><script>alert(1)</script><![endif]-->
<annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml>|<p title='"><script>alert(1)</script>'>x</p>|<scr<script>ipt>alert(1)</script>
<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">|<a href="//evil.example" target=_blank>x</a>
<select><option><script>alert(1)</script></select>|<xmp><p title="</xmp><script>alert(1)</script>"></xmp>|<plaintext><script>alert(1)|<details ontoggle=alert(1) open>
"""  # noqa: E501
LIVE = re.compile(
    r"<(?!/?(?:a|p|b|i|br|table|tbody|tr|td|ul|li|div|span)\b)[a-z!]|\son\w+\s*=|javascript:|data:|vbscript:"
    r"|style=|src=|srcset|class=|id=",
    re.IGNORECASE,
)


@pytest.mark.parametrize("html", [a for line in ATTACKS.strip().splitlines() for a in line.split("|")])
def test_nothing_in_cleaned_html_runs_or_loads(html: str) -> None:
    cleaned = clean_html(html)
    inside_tags = " ".join(re.findall(r"<[^>]*>", cleaned))
    assert not LIVE.search(inside_tags), cleaned
    assert "<script" not in cleaned.lower()


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_html(clean_html(text)) == clean_html(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "<a href='",
                "'>",
                "<svg>",
                "</svg>",
                "<style>",
                "<!--",
                "-->",
                "<math>",
                "<p ",
                "onclick=x",
                '"',
                "<script>",
                "]]>",
                "x",
            ]
        )
    )
)
def test_no_mixture_of_pieces_gets_through(pieces: list[str]) -> None:
    cleaned = clean_html("".join(pieces))
    assert not re.search(r"<(svg|math|script|style)", cleaned)
    assert not re.search(r"<\w+[^>]*\sonclick", cleaned)


def test_show_notes_keep_their_shape() -> None:
    html = '<p>One <a href="https://a.example/?b=1&amp;c=2">link</a></p><ul><li>two</li></ul>'
    assert clean_html(html) == html.replace('">', '" rel="nofollow noopener noreferrer ugc">')


def test_plain_text_keeps_lines_and_drops_markup() -> None:
    assert plain("<p>One<br>two</p><script>x()</script><ul><li>three &amp; four</li></ul>") == "One\ntwo\nthree & four"
    assert plain("5 < 6 & 7 > 3") == "5 < 6 & 7 > 3"
    assert plain("a \t b\r\n\n\n c") == "a b\nc"


def test_a_title_is_one_line_without_tricks() -> None:
    assert one_line("  Two\n lines\u202e and\u200b a <b>trick</b>\x07 ") == "Two lines and a trick"
    assert one_line("x" * 20, most=10) == "x" * 9 + "…"
    assert one_line("Q&amp;A") == "Q&A"
    assert one_line("\ud800a\ufeff") == "a"


def test_letters_that_need_joiners_keep_them() -> None:
    assert one_line("👩‍💻 می‌خواهم") == "👩‍💻 می‌خواهم"


@given(st.text())
def test_a_line_is_always_one_line_that_can_be_written(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert "\r" not in line
    line.encode()
    plain(text).encode()
    clean_html(text).encode()


@pytest.mark.parametrize(
    "piece", ["<a", "<!--", "<script>", "&lt;", "<p ", "&", "<p>" * 3, "<style", "</", "<br", "a", "a ", "\n"]
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * 20_000 + "é"
    one_line(text, most=len(text))
    plain(text)
    clean_html(text)
