"""kill -9 at random moments while mails go out: is one lost, does one arrive twice, is every doubt reported?

    nice -n 19 python -m evals.mails_killed --mails 10000 --kills 1000

Workers send stored briefs to an SMTP sink that has each mail on disk before its 250. When the sink has taken a random number
of mails more, and some milliseconds later, one worker gets SIGKILL and another takes its place. A job takes 20 mails here, not
100, so that many deaths fall into 10,000 mails; `--patience` stands for how long a dead worker's mails rest (2 minutes).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bench.installation import fresh_home

from takefive.store import embedded

BATCH = 20


def main() -> None:
    options = argparse.ArgumentParser()
    for name, default in (("mails", 10_000), ("kills", 1_000), ("workers", 2), ("patience", 120), ("seed", 1)):
        options.add_argument(f"--{name}", type=int, default=default)
    given = options.parse_args()
    with fresh_home() as home, tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken"
        command = [sys.executable, "-m", "bench.postbox", "sink", str(taken)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
            assert sink.stdout
            os.environ["TAKEFIVE_HOME"] = str(home)
            os.environ["TAKEFIVE_SMTP_URL"] = f"smtp://127.0.0.1:{int(sink.stdout.readline())}"
            os.environ["TAKEFIVE_LOG"] = "CRITICAL"
            try:
                print(json.dumps(run(given, taken)))
            finally:
                sink.terminate()
                embedded.stop(home)


def run(given: argparse.Namespace, taken: Path) -> dict[str, object]:
    """Kill until the kills are used up, let the rest be sent, and count."""
    from takefive.cli.boot import boot, set_up

    set_up()
    boot()
    from bench.postbox import fill
    from django.db import connections

    from takefive.pipeline.steps import deliver  # noqa: F401 - once for all that are forked

    fill(given.mails)
    connections.close_all()  # no child may share one
    began, chance = time.monotonic(), random.Random(given.seed)
    workers = [_worker(given.patience) for _ in range(given.workers)]
    kills = fallen = 0
    while kills < given.kills and _lines(taken) < given.mails:
        _wait_for(taken, _lines(taken) + chance.randrange(2 * given.mails // given.kills), given.mails)
        time.sleep(chance.uniform(0, 0.02))
        at = chance.randrange(len(workers))
        fallen += _kill(workers[at])
        workers[at], kills = _worker(given.patience), kills + 1
        if kills % 100 == 0:
            print(f"{kills} kills, {_lines(taken)} mails taken", file=sys.stderr, flush=True)
    workers.append(_worker(given.patience))  # one is alive, even if those of before fell
    _wait_until_done(given.patience)
    fallen += sum(map(_kill, workers))
    return {"workers that ended by themselves": fallen} | _counted(taken, kills, round(time.monotonic() - began))


def _worker(patience: int) -> int:
    """A fresh process that sends whatever waits."""
    if child := os.fork():
        return child
    from takefive.pipeline.steps import attempts, deliver  # imported before the fork, so at once

    deliver.BATCH, deliver._TAKEN_FOR = BATCH, timedelta(seconds=min(patience, 3))
    attempts._ORPHANED_AFTER = timedelta(seconds=patience)
    try:
        while True:
            deliver.run()
            time.sleep(0.05)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _kill(worker: int) -> bool:
    """True where it had ended by itself, of which it told why."""
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
    return not os.WIFSIGNALED(os.waitpid(worker, 0)[1])


def _lines(taken: Path) -> int:
    return taken.read_bytes().count(b"\n") if taken.exists() else 0


def _wait_for(taken: Path, count: int, most: int) -> None:
    """Until the sink has so many; at the end workers only wait, and time goes by."""
    until = time.monotonic() + 5
    while _lines(taken) < min(count, most) and time.monotonic() < until:
        time.sleep(0.003)


def _wait_until_done(patience: int) -> None:
    from takefive.store.models import Delivery

    until = time.monotonic() + 2 * patience + 60
    while Delivery.objects.filter(status__in=("waiting", "sending")).exists() and time.monotonic() < until:
        time.sleep(1)


def _counted(taken: Path, kills: int, seconds: int) -> dict[str, object]:
    from takefive.store.models import Delivery

    arrived = Counter(taken.read_text().split())
    rows = list(Delivery.objects.values_list("message_id", "status"))
    doubtful = [message_id for message_id, status in rows if status == "doubtful"]
    return {
        "mails": len(rows),
        "kills": kills,
        "seconds": seconds,
        "sent": sum(status == "sent" for _, status in rows),
        "doubtful": len(doubtful),
        "doubtful that arrived": sum(message_id in arrived for message_id in doubtful),
        "arrived twice": sum(count > 1 for count in arrived.values()),
        "sent and not arrived": sum(status == "sent" and message_id not in arrived for message_id, status in rows),
        "neither sent nor reported": sum(status not in {"sent", "doubtful"} for _, status in rows),
    }


if __name__ == "__main__":
    main()
