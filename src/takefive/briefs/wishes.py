"""What a reader must never get: muted, had already, in a language they do not read."""

from __future__ import annotations

import numpy as np

from takefive.briefs.names import Mask
from takefive.briefs.pool import Pool
from takefive.briefs.values import Profile


def refused(pool: Pool, profile: Profile) -> Mask:
    """Which rows (n,) the reader's wishes, or what they had already, keep out."""
    out: Mask = np.isin(pool.podcast, list(profile.muted_podcasts))
    out |= np.array([id in profile.sent_insights for id in pool.id.tolist()], dtype=np.bool_)
    if profile.muted_people:
        out |= pool.by_people(profile.muted_people)
    if profile.languages:
        out |= pool.names.not_in(profile.languages)[pool.origin]
    if profile.muted_topics:
        rows = np.flatnonzero(~out)  # the slow question is put to the others alone
        out[rows] = pool.names.about(profile.muted_topics, pool.origin[rows].tolist())
    return out
