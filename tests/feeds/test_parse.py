"""Feeds as publishers really send them."""

from __future__ import annotations

import codecs
import dataclasses
import json
import tracemalloc
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takefive.common.errors import FeedError
from takefive.feeds.parse import MOST_ITEMS, parse_feed

GOLDEN = Path(__file__).parent / "golden"


def parsed(text: str | bytes, **more):
    data = text.encode() if isinstance(text, str) else text
    return parse_feed(data, source="https://show.example/feed.xml", **more)


TWO = "<item><guid>1</guid></item><item><guid>2</guid></item>"


def rss(items: str, channel: str = "<title>Show</title>", start: str = "") -> str:
    return f"{start}<rss version='2.0'><channel>{channel}{items}</channel></rss>"


def feed_or_none(data: bytes):
    """Anything but a feed or a FeedError fails the test."""
    with suppress(FeedError):
        return parsed(data)


def test_everything_a_full_feed_says_is_read() -> None:
    feed = parsed((GOLDEN / "full.xml").read_bytes())
    shown = dataclasses.asdict(feed)
    for item, kept in zip(shown["items"], feed.items, strict=True):
        item |= {"description": kept.description, "summary": kept.summary}
        del item["raw_notes"], item["raw_summary"], item["raw_cleaned"], item["mark"]
    del shown["unchanged"]
    assert json.loads(json.dumps(shown, default=str)) == json.loads((GOLDEN / "full.json").read_text())


def test_real_feeds_give_every_item(shared_data) -> None:
    rows = [json.loads(line) for line in (shared_data / "feeds" / "manifest.jsonl").read_text().splitlines()]
    wrong = {}
    for row in (r for r in rows if r["file"].startswith("real/")):
        feed = parse_feed((shared_data / "feeds" / row["file"]).read_bytes(), source=row["file"])
        first = " ".join((row["first_guid"] or "").split())
        if len(feed.items) != row["feedparser_entries"] or (first and first not in [i.guid for i in feed.items[:3]]):
            wrong[row["file"]] = len(feed.items)
    assert not wrong


def test_every_file_of_the_collection_is_answered(shared_data) -> None:
    for path in sorted((shared_data / "feeds").glob("*/*")):
        try:
            feed = parse_feed(path.read_bytes(), source=path.name)
        except FeedError:
            continue
        assert all(item.guid and item.title for item in feed.items)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "JSON"),
        (b"<!DOCTYPE html><html><head><title>Hi</title></head></html>", "web page"),
        (b"<html><body>log in</body></html>", "web page"),
        (b"<opml><body/></opml>", "neither RSS nor Atom"),
        (b"\x00\x01\x02\x03" * 99, "neither RSS nor Atom"),
        (b"just words", "neither RSS nor Atom"),
    ],
)
def test_what_is_no_feed_is_told_in_words(data: bytes, what: str) -> None:
    with pytest.raises(FeedError, match=what):
        parsed(data)


# Encodings


@pytest.mark.parametrize(
    ("name", "bom"),
    [("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE),
     ("utf-32-le", codecs.BOM_UTF32_LE), ("utf-32-be", codecs.BOM_UTF32_BE), ("utf-16-le", b""), ("utf-16-be", b"")],
)  # fmt: skip
def test_unicode_is_read_in_every_form(name: str, bom: bytes) -> None:
    assert parsed(bom + rss("", "<title>Žižek — 日本</title>").encode(name)).title == "Žižek — 日本"


@pytest.mark.parametrize(
    ("name", "title"),
    [("iso-8859-1", "Café"), ("windows-1252", "“Café”"), ("koi8-r", "Привет"), ("shift_jis", "日本語"), ("euc-jp", "日本語"),
     ("big5", "中文"), ("gb2312", "中文"), ("euc-kr", "한국어"), ("iso-8859-7", "Ελλάδα"), ("windows-1251", "Привет")],
)  # fmt: skip
def test_declared_charsets_are_believed(name: str, title: str) -> None:
    text = rss("", f"<title>{title}</title>")
    assert parsed(f"<?xml version='1.0' encoding='{name}'?>{text}".encode(name)).title == title
    assert parsed(text.encode(name), content_type=f"text/xml; charset={name}").title == title


def test_a_wrong_charset_is_found_out() -> None:
    text = rss("", "<title>Café — 日本</title>", "<?xml version='1.0' encoding='us-ascii'?>")
    assert parsed(text).title == "Café — 日本"


def test_utf8_with_a_few_bytes_of_windows_keeps_both() -> None:
    assert parsed(rss("", "<title>Žižek X</title>").encode().replace(b"X", b"\x93caf\xe9\x94")).title == "Žižek “café”"


def test_what_says_utf16_and_is_not_is_read() -> None:
    assert parsed(rss("", "<title>é</title>", "<?xml version='1.0' encoding='utf-16'?>")).title == "é"


@pytest.mark.parametrize(
    "charset", ["rot13", "hex", "zlib", "base64", "undefined", "idna", "no-such", "utf-7", "\x00", ""]
)
def test_a_charset_that_is_none_does_no_harm(charset: str) -> None:
    assert parsed(rss("", "<title>é</title>"), content_type=f"text/xml; charset={charset}").title == "é"


# Broken XML

BROKEN = {
    "bare ampersand": rss("<item><title>Q & A</title><guid>1</guid></item><item><guid>2</guid></item>"),
    "html entity": rss("<item><title>a&nbsp;b&eacute;</title><guid>1</guid></item><item><guid>2</guid></item>"),
    "unescaped less": rss("<item><title>1 < 2</title><guid>1</guid></item><item><guid>2</guid></item>"),
    "no end": rss("<item><guid>1</guid></item><item><guid>2</guid><title>cut o").removesuffix("</channel></rss>"),
    "two documents": rss("<item><guid>1</guid></item>") + rss("<item><guid>2</guid></item>"),
    "junk before": "\n\nWarning: mysql_connect() <b>failed</b>\n" + rss(TWO),
    "junk after": rss(TWO) + "<script>x</script> & <",
    "control bytes": rss("<item><title>a\x00\x08\x1fb</title><guid>1</guid></item><item><guid>2</guid></item>"),
    "bad references": rss("<item><title>a&#0;&#xD800;&#56320;&#9999999;b</title><guid>1</guid></item><item><guid>2</guid></item>"),
    "bad cdata": rss("<item><a b='<![CDATA['/>]]>&#xD800;<guid>1</guid></item><item><guid>2</guid></item>"),
    "unclosed item": rss("<item><guid>1</guid><item><guid>2</guid></item>"),
    "unclosed cdata": rss("<item><guid>1</guid></item><item><guid>2</guid><description><![CDATA[oh"),
    "undeclared prefix": rss("<item><guid>1</guid><itunes:duration>60</itunes:duration></item><item><guid>2</guid></item>"),
    "crossed tags": rss("<item><title><b>x</title></b><guid>1</guid></item><item><guid>2</guid></item>"),
    "angle bomb": rss("<item><description><![CDATA[<!h<!h<!h<]]></description><guid>1</guid></item><item><guid>2</guid></item>"),
    "attribute without quotes": rss("<item><enclosure url=http://a.b/1.mp3 /><guid>1</guid></item><item><guid>2</guid></item>"),
    "no root": TWO,
    "no channel": "<rss><title>x</title><item><guid>1</guid></item><item><guid>2</guid></item></rss>",
    "upper case": rss("<ITEM><GUID>1</GUID></ITEM><ITEM><GUID>2</GUID></ITEM>"),
    "doctype of html": "<!DOCTYPE html PUBLIC 'x' 'http://x.invalid/'>" + rss(TWO),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_xml_loses_no_item(name: str) -> None:
    assert [i.guid for i in parsed(BROKEN[name]).items] == ["1", "2"]


def test_what_was_mended_is_told_with_its_place() -> None:
    feed = parsed(BROKEN["bare ampersand"])
    assert feed.items[0].title == "Q & A"
    assert any("not well-formed" in w and "line 1" in w for w in feed.warnings)
    odd = parsed(rss("<item><guid>1</guid></item><item><pubDate>someday</pubDate></item>"))
    assert odd.warnings == ("item 2: no date can be read from 'someday'",)


def test_html_entities_and_bare_ampersands_are_kept_as_meant() -> None:
    feed = parsed(
        rss("<item><title>caf&eacute;&nbsp;&hellip;</title><enclosure url='http://a.example/?a=1&b=2&copy=3'/></item>")
    )
    assert feed.items[0].title == "café …"
    assert feed.items[0].audio_url == "http://a.example/?a=1&b=2&copy=3"


# Attacks


def test_entities_of_the_document_expand_to_nothing() -> None:
    lines = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    laughs = f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{lines}]>" + rss("<item><title>&l11;</title></item>")
    outside = "<!DOCTYPE rss [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + rss("<item><title>&f;</title></item>")
    assert len(parsed(laughs).items[0].title) < 20
    assert "root" not in parsed(outside).items[0].title


def test_a_document_inside_the_document_is_not_loaded(tmp_path) -> None:
    (tmp_path / "secret").write_text("hunter2")
    ref = f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{tmp_path}/secret' parse='text'/>"
    assert "hunter2" not in str(parsed(rss(f"<item><title>a{ref}</title></item>")))


@pytest.mark.parametrize(
    "bomb",
    [
        "<a>" * 20_000,
        rss("<item>" * 40_000),
        rss("<item " + " ".join(f"a{n}='1'" for n in range(30_000)) + "/>"),
        rss("<item><title>" + "x" * 2_000_000 + "</title></item>"),
        rss("<item><description>" + "&amp;" * 100_000 + "</description></item>"),
        rss("<item><description>" + "&lt;p" * 60_000 + "</description></item>"),
        rss(
            "<item><pubDate>"
            + "1 " * 100_000
            + "</pubDate><itunes:duration>"
            + "1:" * 100_000
            + "</itunes:duration></item>"
        ),
        rss("<item><enclosure url='" + "http://" * 50_000 + "'/></item>"),
        "<rss><channel>" + "<![CDATA[" * 40_000,
        "<rss><channel>" + "<!--" * 40_000,
        "&" * 100_000 + "<rss>" + "&" * 100_000,
        "<!DOCTYPE " + "<" * 60_000 + "<rss><channel>",
        "<rss " + "<" * 60_000,
        "<?xml " + " " * 100_000 + "<rss/>",
        "<rss><channel><item>" + "<itunes:category text='x'>" * 20_000,
    ],
    ids=range(15),
)
def test_no_document_takes_long_or_much_memory(bomb: str) -> None:
    data = bomb.encode()
    tracemalloc.start()
    began = perf_counter()
    try:
        feed = parsed(data)
        shown = [i.description + i.summary for i in feed.items]
        assert sum(map(len, shown)) < 2_000_000
    except FeedError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert perf_counter() - began < 15
    assert peak < 100_000_000 + 8 * len(data)


def test_a_feed_too_long_to_read_ends_after_a_whole_item() -> None:
    item = "<item><guid>{}</guid><description>" + "words " * 2_000 + "</description></item>"
    feed = parsed(rss("".join(item.format(n) for n in range(1_500))))
    assert 300 < len(feed.items) < 1_500
    assert {len(i.raw_notes) for i in feed.items} == {11_999}
    assert any(w.startswith("only the first") for w in feed.warnings)


def test_items_beyond_the_limit_are_left_out_and_told() -> None:
    feed = parsed(rss("<item/>" * (MOST_ITEMS + 5)))
    assert len(feed.items) == MOST_ITEMS
    assert "only the first 20,000 items are read" in feed.warnings


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<rss><channel><item>", b"<feed><entry>", b"\xff\xfe", b"<?xml version='1.0'?><rss>"]),
)
def test_any_bytes_are_a_feed_or_a_clear_error(data: bytes, start: bytes) -> None:
    feed = feed_or_none(start + data)
    if feed is not None:
        assert all(item.guid and item.title for item in feed.items)
        json.dumps([item.description + item.summary + item.title for item in feed.items]).encode()


TAGS = [
    "item",
    "title",
    "guid",
    "enclosure",
    "pubDate",
    "itunes:duration",
    "link",
    "content:encoded",
    "![CDATA[",
    "channel",
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{t}>" for t in TAGS] + [f"</{t}>" for t in TAGS] + ["]]>", "&", "<", "'"]),
            st.text(max_size=9),
        )
    )
)
def test_any_soup_of_tags_is_a_feed_or_a_clear_error(pieces: list[str]) -> None:
    feed_or_none(("<rss><channel>" + "".join(pieces)).encode("utf-8", "surrogatepass"))


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Co", "Cn"]), min_size=1).filter(
        lambda t: t.strip() and not set(t) & set("<&>")
    )
)
def test_any_title_comes_back_as_it_was_written(title: str) -> None:
    assert parsed(rss(f"<item><title>{title}</title></item>")).items[0].title == " ".join(title.split())[:500]


@pytest.mark.parametrize(
    "text", ['href="http://show.example/logo.png">', '"http://show.example/logo.png', "a.png</image>"]
)
def test_broken_markup_is_no_relative_address(text: str) -> None:
    escaped = text.replace("<", "&lt;")
    assert parsed(rss("", f"<title>Show</title><image><url>{escaped}</url></image>")).image is None


ALTERNATE = """<podcast:alternateEnclosure type="audio/opus" length="42" bitrate="24000">
    <podcast:source uri="ipfs://a"/><podcast:source uri="https://show.example/1.torrent"/>
    <podcast:source uri="https://show.example/1.bin" contentType="application/x-bittorrent"/>
    <podcast:source uri="https://show.example/1"/></podcast:alternateEnclosure>"""


def test_an_alternate_enclosure_stands_in_for_a_missing_one_with_its_type_and_length() -> None:
    item = parsed(rss(f"<item><guid>1</guid>{ALTERNATE}</item>")).items[0]
    assert (item.audio_url, item.audio_type, item.audio_bytes) == ("https://show.example/1", "audio/opus", 42)


def test_an_alternate_enclosure_yields_to_an_enclosure_with_audio() -> None:
    own = '<enclosure url="https://show.example/own.mp3" length="7"/>'
    item = parsed(rss(f"<item>{ALTERNATE}{own}</item>")).items[0]
    assert (item.audio_url, item.audio_type, item.audio_bytes) == ("https://show.example/own.mp3", None, 7)


def test_the_owner_of_a_show_is_told_to_nobody() -> None:
    owner = (
        "<itunes:owner><itunes:name>Jane Private</itunes:name><itunes:email>j@x.example</itunes:email></itunes:owner>"
    )
    head = '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>A</title>'
    feed = parsed(f"{head}{owner}<item><title>One</title></item></channel></rss>")
    assert feed.author is None
    assert "Private" not in repr(feed)
