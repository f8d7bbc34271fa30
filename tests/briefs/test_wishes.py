from __future__ import annotations

import pytest

from briefs.examples import NOW, insight
from takefive.briefs.pool import Pool
from takefive.briefs.values import Profile
from takefive.briefs.wishes import refused as refused_rows


@pytest.mark.parametrize(
    ("wish", "fields", "refused"),
    [
        (Profile(), {}, False),
        (Profile(sent_insights=frozenset({1})), {}, True),
        (Profile(muted_podcasts=frozenset({7})), {"podcast": 7}, True),
        (Profile(muted_podcasts=frozenset({7})), {"podcast": 8}, False),
        (Profile(muted_people=frozenset({"ANN LEE"})), {"speaker": "Ann Lee"}, True),
        (Profile(muted_people=frozenset({"Ann Lee"})), {"speaker": None}, False),
        (Profile(muted_topics=frozenset({"crypto"})), {"topics": ("Crypto",)}, True),
        (Profile(muted_topics=frozenset({"crypto"})), {"headline": "Why crypto fell"}, True),
        (Profile(muted_topics=frozenset({"crypto"})), {"text": "On cryptography."}, False),
        (Profile(muted_topics=frozenset({"c++"})), {"text": "C++ is old."}, True),
        (Profile(muted_topics=frozenset({"(.*"})), {"text": "Anything."}, False),
        (Profile(muted_topics=frozenset({"", " "})), {"text": "Anything."}, False),
        (Profile(muted_topics=frozenset({"", "crypto"})), {"text": "On crypto."}, True),
        (Profile(languages=frozenset({"en"})), {"language": "en-GB"}, False),
        (Profile(languages=frozenset({"en"})), {"language": "de"}, True),
        (Profile(languages=frozenset({"en"})), {"language": None}, False),
    ],
)
def test_a_readers_wishes_are_kept(wish, fields, refused):
    assert refused_rows(Pool.of([insight(1, **fields)], NOW), wish).tolist() == [refused]
