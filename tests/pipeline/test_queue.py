"""The engine on a real PostgreSQL: jobs that exist if and only if their row was committed."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from takefive.pipeline import flow, queue


def names() -> list[str]:
    return list(ProcrastinateJob.objects.values_list("task_name", flat=True))


def start_as_a_worker_that_died(seconds_ago: int) -> None:
    """Mark every job as taken by a worker whose last sign of life lies so far back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [seconds_ago],
        )
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])


def test_a_deferred_job_exists_after_the_commit() -> None:
    with transaction.atomic():
        flow.extract.defer(episode=1)

    assert names() == ["extract"]


def test_a_rolled_back_transaction_leaves_no_job() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        flow.extract.defer(episode=1)
        raise RuntimeError

    assert names() == []


def test_a_job_that_waits_already_is_not_asked_for_twice_and_the_transaction_goes_on() -> None:
    with transaction.atomic():
        flow.extract.defer(episode=1)
        flow.extract.defer(episode=1)
        flow.extract.defer(episode=2)

    assert names() == ["extract", "extract"]


def test_the_job_of_a_dead_worker_is_given_to_others() -> None:
    flow.extract.defer(episode=1)
    start_as_a_worker_that_died(seconds_ago=60)

    assert queue.revive() == 1
    assert ProcrastinateJob.objects.get().status == "todo"


def test_the_job_of_a_worker_that_lives_stays_where_it_is() -> None:
    flow.extract.defer(episode=1)
    start_as_a_worker_that_died(seconds_ago=0)

    assert queue.revive() == 0
    assert ProcrastinateJob.objects.get().status == "doing"


def test_the_job_of_a_dead_worker_gives_way_to_its_like_that_waits_already() -> None:
    flow.extract.defer(episode=1)
    flow.extract.defer(episode=2)
    start_as_a_worker_that_died(seconds_ago=60)
    flow.extract.defer(episode=1)

    assert queue.revive() == 2
    assert sorted(ProcrastinateJob.objects.values_list("args__episode", "status")) == [(1, "todo"), (2, "todo")]


def test_a_part_of_the_sweep_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> int:
        raise RuntimeError("the queue is broken")

    swept: list[object] = []
    monkeypatch.setattr(flow, "revive", fails)
    monkeypatch.setattr(flow.challenges, "purge", swept.append)
    flow.sweep()

    assert len(swept) == 1


def test_only_what_no_job_is_about_is_missing() -> None:
    flow.relate.defer(episode=1)

    assert queue.defer_missing(flow.relate, [1, 2], "episode") == 1
    assert queue.alive("relate") == {1, 2}


def test_a_worker_does_what_waits_and_stops_when_all_is_done() -> None:
    flow.extract.defer(episode=404)  # no such episode: nothing to do

    queue.work(wait=False)

    assert [name for name in names() if not name.endswith("by_the_clock")] == []  # the clock may strike meanwhile
