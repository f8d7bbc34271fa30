"""When a reader's row is deleted, from the account page or the admin, everything else about that person goes with it.

The tables that refer to the reader go by cascade. Here goes what does not: challenges, what an operator did to the row, jobs,
and mails in the outbox folder. All of it in the deletion's own transaction, the files right after its commit.

Sessions in other browsers stay until they end: each holds a number that leads to nobody any more and is never given again,
so it opens nothing; to find them all would mean to decode every session of every reader.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from takefive.accounts.models import Challenge, Reader
from takefive.delivery.outbox import Outbox
from takefive.pipeline import queue
from takefive.store.models import Delivery, Reply


def forget(instance: Reader, **_signal: Any) -> None:
    """Forget whatever no foreign key leads to. Called before each deletion of a reader."""
    challenges = Challenge.objects.filter(email=instance.email)
    queue.forget("confirm", "challenge", _ids(challenges))
    challenges.delete()
    queue.forget("answer", "reply", _ids(Reply.objects.filter(reader=instance)))
    queue.forget("post", "delivery", _ids(Delivery.objects.filter(brief__reader=instance)))
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Reader), object_id=str(instance.pk)).delete()
    transaction.on_commit(partial(Outbox(settings.OUTBOX).forget, instance.email))


def _ids(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))
