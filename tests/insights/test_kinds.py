import pytest

from takefive.insights.kinds import KINDS, kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I was broke when I started the company, and then one day I went to my boss and told him that I quit.",
            "story",
        ),
        ("Trust is the thing that makes open source work, because people depend on each other.", "claim"),
        (
            "If you want speed, you should start with a profiler, and then you can try to make the slow part smaller.",
            "how-to",
        ),
    ],
)
def test_plain_cases_get_their_kind(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_no_text_is_too_short_for_a_kind() -> None:
    assert kind("") in KINDS
