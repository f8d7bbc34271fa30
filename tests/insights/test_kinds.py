import pytest

from takefive.insights.kinds import kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("About 40% of our users left, and it cost us $60,000.", "data"),
        ("I started the company, I was broke, and one day I quit.", "story"),
        ("If you want speed, you should start with a profiler; make sure you can measure it.", "how-to"),
        ("In the next five years this will become normal.", "prediction"),
        ("Most people think it is safe, but that is a myth.", "contrarian"),
        ("Trust is slow.", "claim"),
    ],
)
def test_the_strongest_signs_name_the_kind(text: str, expected: str) -> None:
    assert kind(text) == expected
