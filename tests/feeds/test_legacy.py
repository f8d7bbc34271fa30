"""Feeds in the charsets of before Unicode that say nothing of it, or the wrong thing."""

from __future__ import annotations

import pytest

from takefive.feeds.parse import parse_feed

RU = "Как устроены подкасты: разговор с инженером о том, почему звук важнее картинки и сколько стоит выпуск"
UK = "Як влаштовані подкасти: розмова з інженером про те, чому звук важливіший за картинку і скільки це коштує"
TEXTS = {
    "cp1251": (RU, UK, "Как дела", "Защо звукът е по-важен от картината: разговор с инженер за подкасти"),
    "koi8-r": (RU, "Как дела"),
    "iso8859-5": (RU,),
    "cp866": (RU,),
    "gbk": (
        "如何制作播客：与工程师谈声音为什么比画面更重要，以及一期节目的成本",
        "科技早知道：人工智能公司的下一步是什么？我们请来了三位嘉宾",
    ),
    "gb18030": ("今天我们聊一聊创业、投资和生活，欢迎收听",),
    "big5": (
        "如何製作播客：與工程師談聲音為什麼比畫面更重要，以及一集節目的成本",
        "歡迎收聽今天的節目，我們要談的是台灣的歷史與文化",
    ),
    "shift_jis": ("ポッドキャストの作り方：エンジニアと語る、なぜ音は映像より大切なのか", "今日のニュースをわかりやすく解説します"),
    "euc_jp": ("ポッドキャストの作り方：エンジニアと語る、なぜ音は映像より大切なのか", "今日のニュースをわかりやすく解説します"),
    "iso2022_jp": ("ポッドキャストの作り方：エンジニアと語る",),
    "euc_kr": (
        "팟캐스트를 만드는 방법: 왜 소리가 화면보다 중요한지 엔지니어와 이야기합니다",
        "오늘의 뉴스를 쉽게 설명해 드립니다",
    ),
    "cp874": ("วิธีทำพอดแคสต์ คุยกับวิศวกรว่าทำไมเสียงจึงสำคัญกว่าภาพ", "ข่าววันนี้ที่คุณต้องรู้"),
    "cp1253": ("Πώς γίνονται τα podcast: συζήτηση με έναν μηχανικό για το πόσο σημαντικός είναι ο ήχος",),
    "cp1254": ("Podcast nasıl yapılır: bir mühendisle sesin görüntüden neden daha önemli olduğu üzerine söyleşi, şimdi",),
    "cp1255": ("איך עושים פודקאסט: שיחה עם מהנדס על השאלה מדוע הצליל חשוב יותר מהתמונה",),
    "cp1256": ("كيف تصنع بودكاست: حوار مع مهندس حول السبب الذي يجعل الصوت أهم من الصورة",),
    "cp1250": ("Jak powstają podcasty: rozmowa z inżynierem o tym, dlaczego dźwięk jest ważniejszy niż obraz, właśnie",
        "Příliš žluťoučký kůň úpěl ďábelské ódy"),
    "iso8859-2": ("Jak powstają podcasty: rozmowa z inżynierem o tym, dlaczego dźwięk jest ważniejszy niż obraz, właśnie",),
    "cp1257": ("Kaip kuriamos tinklalaidės: pokalbis su inžinieriumi apie tai, kodėl garsas yra svarbesnis už vaizdą",),
    "cp1252": (
        "Café – “déjà vu”: pourquoi le son compte plus que l’image, à l’été",
        "Über Podcasts: Gespräch über schöne Töne und große Pläne",
        "¿Por qué el sonido es más importante que la imagen? Conversación con un diseñador español",
    ),
}  # fmt: skip
CASES = [(codec, text) for codec, texts in TEXTS.items() for text in texts]


def titled(text: str, head: str = '<?xml version="1.0"?>') -> str:
    return f"{head}<rss><channel><title>Show</title><item><title>{text}</title><guid>1</guid></item></channel></rss>"


@pytest.mark.parametrize(("codec", "text"), CASES)
def test_a_charset_that_nobody_named_is_recognised(codec: str, text: str) -> None:
    assert parse_feed(titled(text).encode(codec), source="x").items[0].title == text


@pytest.mark.parametrize(("codec", "text"), CASES)
def test_a_charset_that_is_called_utf_8_is_recognised(codec: str, text: str) -> None:
    said = titled(text, '<?xml version="1.0" encoding="UTF-8"?>').encode(codec)
    assert parse_feed(said, source="x", content_type="text/xml; charset=utf-8").items[0].title == text


@pytest.mark.parametrize(("codec", "text"), CASES)
def test_a_charset_that_is_named_is_believed(codec: str, text: str) -> None:
    said = titled(text, f'<?xml version="1.0" encoding="{codec}"?>').encode(codec)
    assert parse_feed(said, source="x").items[0].title == text
    assert (
        parse_feed(titled(text).encode(codec), source="x", content_type=f"text/xml; charset={codec}").items[0].title
        == text
    )


def test_the_language_that_a_feed_names_decides_where_a_word_is_too_short() -> None:
    feed = "<rss><channel><language>{}</language><item><title>{}</title></item></channel></rss>"
    for language, codec, word in (("tr", "cp1254", "Işık"), ("pl", "cp1250", "ćma"), ("el", "cp1253", "Ήχος")):
        data = feed.format(language, word).encode(codec)
        assert parse_feed(data, source="x").items[0].title == word


def test_what_makes_no_sense_anywhere_is_read_as_windows_latin() -> None:
    data = titled("a").encode().replace(b"<title>a", b"<title>a \xf0\xdd\xfd\xfe\x8f b")
    assert parse_feed(data, source="x").items[0].title.startswith("a ðÝýþ")


def test_utf_8_with_a_few_bytes_of_windows_stays_utf_8() -> None:
    text = titled("Звук и картинка").encode().replace(b"</item>", b"<description>caf\xe9</description></item>")
    feed = parse_feed(text, source="x")
    assert feed.items[0].title == "Звук и картинка"
    assert feed.items[0].summary == "café"
