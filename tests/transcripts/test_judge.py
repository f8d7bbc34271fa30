"""A transcript that cannot be that of its episode is refused, and the reason is said."""

from __future__ import annotations

import random

import pytest

from takefive.common.errors import TranscriptError
from takefive.transcripts.judge import judge
from takefive.transcripts.values import Segment, TimedText

random.seed(5)
WORDS = "the and of to that is it we you they what think about people work money time really never always"
TALK = WORDS.split()


def talk(words: int, until: float | None = None) -> TimedText:
    lines = [" ".join(random.choice(TALK) for _ in range(10)) for _ in range(words // 10)]
    step = until / len(lines) if until else 0
    return TimedText(
        segments=tuple(Segment(text=line, start=i * step if until else None) for i, line in enumerate(lines))
    )


def test_real_talk_passes() -> None:
    judge(talk(9000, until=3590), duration=3600, language="en-US")
    judge(talk(9000), duration=None, language=None)


@pytest.mark.parametrize(
    ("text", "duration", "language", "reason"),
    [
        (talk(10), None, None, "only 10 words"),
        (talk(300), 3600, None, "do not fit an episode of 60 minutes"),
        (talk(9000), 600, None, "do not fit an episode of 10 minutes"),
        (talk(9000, until=6000), 3600, None, "runs to minute"),
        (talk(9000, until=1000), 3600, None, "ends in minute"),
        (talk(900), None, "de", r"another language \(en\)"),
        (TimedText(segments=(Segment(text="thank you for watching. " * 300),)), None, None, "repeats itself"),
        (TimedText(segments=(Segment(text="Ã¼Ã¤ Ã¶Ã¼ â€™ " * 100),)), None, None, "garbled"),
        (TimedText(segments=(Segment(text="abcdefghijklmnopqrstuvwxyz123456789 " * 40),)), None, None, "garbled"),
    ],
)
def test_what_cannot_be_it_is_refused(
    text: TimedText, duration: float | None, language: str | None, reason: str
) -> None:
    with pytest.raises(TranscriptError, match=reason):
        judge(text, duration=duration, language=language)


JAPANESE = ["今日は良い天気ですね。", "散歩に行きましょうか。", "公園まで歩きたいです。", "犬も連れて行きます。"]


def test_writing_without_spaces_is_judged_by_its_characters() -> None:
    minute = TimedText(segments=tuple(Segment(text="".join(random.choices(JAPANESE, k=25))) for _ in range(2)))

    judge(minute, duration=100, language="ja")

    with pytest.raises(TranscriptError, match="do not fit an episode of 60 minutes"):
        judge(minute, duration=3600, language="ja")
    with pytest.raises(TranscriptError, match="only 5 words"):
        judge(TimedText(segments=(Segment(text=JAPANESE[0]),)), language="ja")
