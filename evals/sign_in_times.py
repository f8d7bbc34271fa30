"""Does the time of an answer tell whether an address is a reader's?

Asks /sign-in/ and /sign-up/ for known and unknown addresses, one after the other in an order drawn by lot, on a real database, and
compares the times: the difference of the means with its 95 % interval (Welch), and how often a known one took longer than an
unknown one (Mann-Whitney; 0.500 is chance). The slowest percent of each is left out of the
means: it is the machine's, not the page's.

    .venv/bin/python evals/sign_in_times.py --tries 10000
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=10_000, help="for each of known and unknown")
    parser.add_argument("--paths", nargs="+", default=["/sign-in/", "/sign-up/"])
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="takefive-times-"))
    home.chmod(0o711)
    os.environ["TAKEFIVE_HOME"] = str(home)
    from takefive.cli.boot import boot, set_up

    set_up()
    boot()
    try:
        for path in asked.paths:
            report(path, *measure(path, asked.tries))
    finally:
        from takefive.store import embedded

        embedded.stop(home)
        shutil.rmtree(home, ignore_errors=True)


def measure(path: str, tries: int) -> tuple[np.ndarray, np.ndarray]:
    """Seconds of the answers for known and for unknown addresses, each asked once."""
    from django.test import Client

    from takefive.accounts import challenges
    from takefive.accounts.models import Challenge, Reader

    challenges.ASKED_AN_HOUR = 10**9
    Challenge.objects.all().delete()
    Reader.objects.all().delete()
    known = [f"reader-{number}@example.org" for number in range(tries)]
    Reader.objects.bulk_create([Reader(email=email, status="active", password="!") for email in known])
    unknown = [f"nobody-{number}@example.org" for number in range(tries)]
    order = [*((0, email) for email in known), *((1, email) for email in unknown)]
    random.Random(8).shuffle(order)
    client, times = Client(headers={"host": "127.0.0.1"}), ([], [])
    for _ in range(200):  # to get warm
        client.post(path, {"email": "warm@example.org"})
    for which, email in order:
        began = perf_counter()
        answer = client.post(path, {"email": email})
        times[which].append(perf_counter() - began)
        assert answer.status_code == 302
    return np.array(times[0]), np.array(times[1])


def report(path: str, known: np.ndarray, unknown: np.ndarray) -> None:
    from scipy.stats import mannwhitneyu

    rank = mannwhitneyu(known, unknown)
    share = rank.statistic / (len(known) * len(unknown))
    a, b = (np.sort(times)[: int(len(times) * 0.99)] for times in (known, unknown))
    error = 1.96 * float(np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
    print(
        f"{path}: {len(known):,} known {a.mean() * 1e3:.3f} ms, {len(unknown):,} unknown {b.mean() * 1e3:.3f} ms,"
        f" difference {(a.mean() - b.mean()) * 1e6:+.0f} ± {error * 1e6:.0f} µs;"
        f" a known one takes longer in {share:.4f} of pairs (p = {rank.pvalue:.2f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
