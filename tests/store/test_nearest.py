from __future__ import annotations

import numpy as np
import pytest
from django.db import transaction

from takefive.store.models import Episode, Insight, Podcast
from takefive.store.nearest import nearest


@pytest.mark.django_db
def test_equals_come_by_public_id_at_the_cut_too() -> None:
    episode = Episode.objects.create(podcast=Podcast.objects.create(feed_url="https://feeds.example/1"), guid="1")
    near, far = np.eye(384, dtype=np.float32)[:2]
    one, *others = (
        Insight.objects.create(
            episode=episode, position=n, headline=f"{n}", text="x", quote=f"{n}", kind="data", score=0.5, vector=vector
        )
        for n, vector in enumerate([near, near, near, near, near * 0.9999, far])
    )
    by_public_id = [other.pk for other in sorted(others[:4], key=lambda other: other.public_id)]
    with transaction.atomic():
        assert nearest([one.pk], 3) == {one.pk: by_public_id[:3]}
        assert nearest([one.pk], 9) == {one.pk: [*by_public_id, others[4].pk]}
