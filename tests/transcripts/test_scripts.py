"""Scripts that put no spaces between words are cut and counted all the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takefive.transcripts.scripts import count, joined, pieces, tokens
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import Segment, TimedText


def split(*texts: str, **values: float) -> list[str]:
    return [one.text for one in sentences(TimedText(segments=tuple(Segment(text=text, **values) for text in texts)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今日は良い天気ですね。散歩に行きましょう！どこへ？公園です。", 4),
        ("彼は「行こう。すぐに。」と言った。私は残った。", 2),
        ("我们今天谈谈比特币，它很有意思。你觉得呢？我不知道……也许吧。", 3),
        ("¿Qué es esto? Es una prueba. ¡Vamos!", 3),
        ("كيف حالك؟ أنا بخير. شكرا لك", 3),
        ("यह पहला वाक्य है। यह दूसरा है। और क्या?", 3),
        ("یہ پہلا جملہ ہے۔ یہ دوسرا ہے۔", 2),
        ("Τι κάνεις; Είμαι καλά. Ευχαριστώ.", 3),
        ("This is one; and this goes on. That is two.", 2),
        ("Սա առաջինն է։ Սա երկրորդն է։", 2),
    ],
)
def test_sentences_end_where_their_script_ends_them(text: str, expected: int) -> None:
    found = split(text)

    assert len(found) == expected
    assert "".join(" ".join(found).split()) == "".join(text.split())


def test_text_without_stops_or_spaces_is_cut_at_its_commas_and_keeps_its_words() -> None:
    text = "今日は天気がとても良いので公園まで歩いて行きたいと思います、" * 8 + "終わり"

    found = split(text)

    assert 4 <= len(found) <= 8
    assert "".join(found) == text


def test_thai_is_cut_at_its_spaces() -> None:
    found = split(" ".join(["วันนี้อากาศดีมากเลยครับ", "เราจะไปเดินเล่นที่สวนกันไหม"] * 12))

    assert len(found) > 4
    assert all(count(one) <= 40 for one in found)


def test_times_follow_the_length_of_what_has_no_spaces() -> None:
    text = TimedText(
        segments=(Segment(text="短い。" + "これはとても長い文章で、なかなか終わりません。", start=0.0, end=13.0),)
    )

    short, long = sentences(text)

    assert (short.start, long.end) == (0.0, 13.0)
    assert short.end is not None
    assert short.end < 2.0


def test_words_are_counted_as_they_are_heard() -> None:
    assert count("it works in 3 ways") == 5
    assert count("今日は良い天気") == 3
    assert 4 <= count("วันนี้อากาศดีมากเลยครับ") <= 7
    assert count("使う Python 3.11 です") == 4


def test_words_are_joined_as_their_script_joins_them() -> None:
    assert joined(["今", "日", "は", "Python", "で", "す"]) == "今日は Python です"
    assert joined(["it", "works"]) == "it works"


@given(st.text(alphabet="今日は。、！？」「 aB.;ก", max_size=60))
def test_nothing_is_lost_by_cutting(text: str) -> None:
    words, sticking = tokens(text)

    assert "".join(" " * (i > 0 and i not in sticking) + word for i, word in enumerate(words)) == " ".join(text.split())
    assert count(text) >= 0
    assert "".join("".join(split(text)).split()) == "".join(text.split())


def test_of_scripts_without_spaces_each_character_is_a_piece() -> None:
    assert pieces("we are here.") == ["we", "are", "here."]
    assert pieces("GPT-4は新 しい。") == ["GPT-4", "は", "新", "し", "い", "。"]
