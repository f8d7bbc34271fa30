"""The engine: Procrastinate on the same PostgreSQL, from a laptop to a fleet.

A job only carries ids; the tables are the truth. So a job exists if and only if the row that asked for it was committed, a
job done twice changes nothing, and a job that got lost is deferred again by `sweep` from what the tables say is missing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app as _app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

log = logging.getLogger(__name__)
app: App = _app
# Always Django's own connection, also inside a worker, whose connector is another: a job must share its row's transaction.
_manager = JobManager(DjangoConnector())

QUEUES = ("scan", "transcribe", "speech", "extract", "relate", "brief", "deliver")
HEARTBEAT = 2.0  # seconds between a worker's signs of life
DEAD_AFTER = 10.0  # seconds without one after which its jobs are given to others


class Job:
    """One kind of job. Calling `defer` asks for it inside the caller's own transaction, at most once while it waits."""

    def __init__(self, work: Callable[..., None], *, queue: str, priority: int = 0) -> None:
        self.name = work.__name__
        self.__doc__ = work.__doc__
        self._work = work
        self._task = app.task(name=self.name, queue=queue, priority=priority)(work)

    def __call__(self, **ids: Any) -> None:
        """Do it here and now."""
        self._work(**ids)

    def defer(self, **ids: Any) -> None:
        """Ask for it. Inside a transaction, the job exists only if that transaction commits."""
        key = ",".join(str(value) for value in ids.values())
        try:
            with transaction.atomic():
                lock = f"{self.name}:{key}"
                configure_task(
                    name=self.name,
                    job_manager=_manager,
                    queue=self._task.queue,
                    priority=self._task.priority,
                    queueing_lock=lock,
                    task_kwargs=ids,
                ).defer()
        except AlreadyEnqueued:
            log.debug("%s %s waits already", self.name, key)

    def every(self, cron: str) -> Job:
        """Also do it by the clock; `cron` has five fields, in UTC."""
        name = f"{self.name}_by_the_clock"

        def tick(timestamp: int) -> None:  # noqa: ARG001  (Procrastinate says for which minute)
            self._work()

        app.periodic(cron=cron)(app.task(name=name, queue=self._task.queue, queueing_lock=name)(tick))
        return self


def job(queue: str, *, priority: int = 0) -> Callable[[Callable[..., None]], Job]:
    """Make a function a job of this queue; those of higher priority go first."""
    return lambda work: Job(work, queue=queue, priority=priority)


def alive(name: str) -> set[int]:
    """The ids that jobs of this kind wait or work on."""
    jobs = ProcrastinateJob.objects.filter(task_name=name, status__in=("todo", "doing"))
    return {value for ids in jobs.values_list("args", flat=True) for value in ids.values() if isinstance(value, int)}


def forget(step: str, argument: str, ids: Iterable[int]) -> None:
    """Drop the jobs of this kind that are about these ids, in the caller's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = %s AND (args->>%s)::bigint = ANY(%s)",
            [step, argument, list(ids)],
        )


def revive(*, after: float = DEAD_AFTER) -> int:
    """Give the jobs of workers without a sign of life for so many seconds to others; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(_DEAD_JOBS, [after])
        dead = [row[0] for row in cursor.fetchall()]
    for job_id in dead:
        _give_to_others(job_id)
    return len(dead)


def _give_to_others(job_id: int) -> None:
    try:
        with transaction.atomic():
            _manager.retry_job_by_id(job_id, retry_at=timezone.now())
    except UniqueViolation:  # the same was asked for again meanwhile and waits: that one will do the work
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'doing'", [job_id])
    except ConnectorException as error:  # another sweep was quicker
        log.warning("job %s is not revived: %s", job_id, " ".join(str(error).split()))


def dying() -> bool:
    """Whether some job is held by a worker that no longer shows signs of life but is not yet given up."""
    with connection.cursor() as cursor:
        cursor.execute(_DEAD_JOBS, [HEARTBEAT * 2])
        return cursor.fetchone() is not None


def defer_missing(step: Job, ids: Iterable[int], argument: str) -> int:
    """Ask for the step for those of `ids` that no job is about; how many."""
    missing = sorted(set(ids) - alive(step.name))
    for one in missing:
        step.defer(**{argument: one})
    return len(missing)


def work(*, queues: Iterable[str] = QUEUES, concurrency: int = 2, wait: bool = True) -> None:
    """Run a worker in this process: until stopped, or with `wait=False` until the queues are empty."""
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        app.run_worker(
            queues=[*queues, "builtin"],
            concurrency=concurrency,
            wait=wait,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER,
            shutdown_graceful_timeout=10,
            install_signal_handlers=wait,  # else Ctrl-C would only end this look at the queues, not the command
            delete_jobs="successful",
            fetch_job_polling_interval=2,
        )


def drain(*, queues: Iterable[str] = QUEUES, concurrency: int = 2) -> None:
    """Work until no job waits. A worker told not to wait stops at its first empty look, while its last jobs may ask for more."""
    chosen = list(queues)
    work(queues=chosen, concurrency=concurrency, wait=False)
    while _waiting(chosen):
        work(queues=chosen, concurrency=concurrency, wait=False)


def _waiting(queues: Iterable[str]) -> bool:
    jobs = ProcrastinateJob.objects.filter(status="todo", queue_name__in=queues)
    return jobs.exclude(scheduled_at__gt=timezone.now()).exists()


_DEAD_JOBS = """
    SELECT job.id FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""
