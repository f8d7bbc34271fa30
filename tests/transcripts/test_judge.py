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
GIBBERISH = " ".join("".join(random.choice("aeioubdkmrst") for _ in range(random.randint(3, 8))) for _ in range(500))


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
        (TimedText(segments=(Segment(text=GIBBERISH),)), None, "en-GB", "gibberish"),
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


# fmt: off
COUSINS = {
    "no": "Ja, det er jo veldig spennende å snakke om dette, og jeg tror at vi har mye å lære av hvordan de gjør det "
    "i andre land. Men det er ikke alltid så enkelt, for vi har en helt annen kultur her, og jeg vet ikke om "
    "det kommer til å",
    "uk": "Сьогодні ми говоримо про те, як українські підприємці будують компанії під час війни. Це дуже важлива "
    "тема, і я радий, що ви знайшли час прийти до нас у студію. Розкажіть, будь ласка, з чого ви починали і що "
    "було найважче у перші",
    "cs": "Dobrý den, dnes se budeme bavit o tom, jak se dělá dobrý podcast a co to vlastně znamená. Je to téma, "
    "které mě zajímá už od začátku, ale nikdy jsem na to neměl čas. Tak to zkusíme, a já se ptám, co je na tom "
    "nejtěžší? No, já si",
    "fa": "امروز می‌خواهیم درباره‌ی این صحبت کنیم که چگونه یک شرکت کوچک می‌تواند در بازار بزرگ رشد کند و چرا بسیاری "
    "از مردم فکر می‌کنند که این کار خیلی سخت است. من فکر می‌کنم که همه چیز از یک ایده شروع می‌شود و بعد باید "
    "کار کنید و هر روز",
    "ca": "Bon dia a tothom, avui parlarem de com es fa una empresa petita i de què cal per tirar endavant. La "
    "veritat és que no és fàcil, però amb una bona idea i molta feina es pot aconseguir. Jo crec que el més "
    "important és que la gent",
    "gl": "Bo día a todos, hoxe imos falar de como se fai unha empresa pequena e do que fai falta para seguir "
    "adiante. A verdade é que non é doado, pero cunha boa idea e moito traballo pódese conseguir. Eu creo que "
    "o máis importante é que a",
    "mr": "आज आपण या विषयावर बोलणार आहोत की लहान कंपन्या मोठ्या बाजारात कशा वाढतात आणि लोकांना हे काम इतके कठीण का "
    "वाटते. मला वाटते की प्रत्येक गोष्ट एका कल्पनेपासून सुरू होते आणि मग तुम्हाला रोज काम करावे लागते आणि रोज "
    "शिकावे लागते. आम्ही",
    "bg": "Днес ще говорим за това как малките компании растат на големия пазар и защо много хора мислят, че това е "
    "трудно. Аз мисля, че всичко започва с една идея, а после трябва да работиш всеки ден и да се учиш всеки "
    "ден. Ние правим това",
}
# fmt: on


@pytest.mark.parametrize("language", COUSINS)
def test_a_language_that_looks_like_its_cousin_is_not_called_another(language: str) -> None:
    text = TimedText(segments=(Segment(text=COUSINS[language]),))

    judge(text, language=language)
    with pytest.raises(TranscriptError, match="another language"):
        judge(text, language="ja" if language != "ja" else "ru")


@pytest.mark.parametrize("script", ["uk", "fa", "mr"])
def test_another_script_is_another_language_even_if_nobody_votes_for_the_stated_one(script: str) -> None:
    with pytest.raises(TranscriptError, match="another language"):
        judge(TimedText(segments=(Segment(text=COUSINS[script]),)), language="fi")


INFLECTED = {
    "ru": (
        "Экономика России после кризиса",
        "Анна Петрова",
        "Мы говорим с Анной об экономике, о кризисах и о том, что будет. ",
    ),
    "fi": (
        "Suomalaisten yritysten tulevaisuus",
        "Anna Virtanen",
        "Puhumme Annan ja Virtasen kanssa suomalaisista yrityksistä. ",
    ),
}


@pytest.mark.parametrize("language", INFLECTED)
def test_a_name_or_a_titles_word_with_another_ending_is_the_same(language: str) -> None:
    title, person, line = INFLECTED[language]
    words = [f"{chr(97 + i % 26)}oma{i}" for i in range(60)]

    judge(TimedText(segments=(Segment(text=line + " ".join(words)),)), title=title, people=[person])
    with pytest.raises(TranscriptError, match="another episode's"):
        judge(TimedText(segments=(Segment(text=" ".join(words)),)), title=title, people=[person])
