"""What the tests of the flow share: committed rows, as workers see them, and an empty queue."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def empty_queue(transactional_db: None) -> None:
    """Django's own clean-up passes over the queue's tables, which it does not manage."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events CASCADE")
