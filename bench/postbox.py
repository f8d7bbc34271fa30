"""What measuring the mail needs: stored briefs for many readers, a sink that costs next to nothing, and a sender.

python -m bench.postbox fill 2000     readers, each with a brief of five insights
python -m bench.postbox send          hand over all that wait, as a worker's jobs do
python -m bench.postbox sink FILE     take mails on a free port, which is printed; one line for each in FILE
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
from contextlib import suppress
from pathlib import Path

from django.utils import timezone

_MESSAGE_ID = re.compile(rb"(?mi)^message-id: *(\S+)")


class Door(asyncio.Protocol):
    """As little SMTP as a sender needs. A mail is on disk before its 250 goes out."""

    def __init__(self, file: int) -> None:
        self._file, self._held, self._in_data = file, bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n.\r\n" if self._in_data else b"\r\n")) >= 0:
            line, self._held = bytes(self._held[:end]), self._held[end + (5 if self._in_data else 2) :]
            self._transport.write(self._answer(line))

    def _answer(self, line: bytes) -> bytes:
        if self._in_data:
            self._in_data = False
            found = _MESSAGE_ID.search(line)
            os.write(self._file, (found[1] if found else b"none") + b"\n")
            return b"250 taken\r\n"
        self._in_data = line[:4].upper() == b"DATA"
        if line[:4].upper() == b"QUIT":
            self._transport.close()
        return b"354 go on\r\n" if self._in_data else b"250 sink\r\n"


async def sink(path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    server = await asyncio.get_running_loop().create_server(lambda: Door(file), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def fill(count: int) -> None:
    """So many readers, each with a brief of five of 300 insights, each with two related, and a mail that waits."""
    from takefive.accounts.models import Reader
    from takefive.store.models import Brief, BriefItem, Delivery, Insight

    chance = random.Random(5)
    found = list(Insight.objects.values_list("pk", flat=True)) or _insights(chance)
    now, before = timezone.now(), Reader.objects.count()
    domains = ("example.org", "example.net", "mail.example")
    emails = [f"reader{before + n}@{chance.choice(domains)}" for n in range(count)]
    readers = Reader.objects.bulk_create(Reader(email=email, status="active", password="!") for email in emails)
    briefs = Brief.objects.bulk_create(Brief(reader=reader, day=now.date(), created_at=now) for reader in readers)
    BriefItem.objects.bulk_create(
        BriefItem(brief=brief, insight_id=insight, rank=rank, score=1, reason=f"Close to “topic {brief.pk}”")
        for brief in briefs
        for rank, insight in enumerate(chance.sample(found, 5), 1)
    )
    Delivery.objects.bulk_create(Delivery(brief=brief, channel="smtp", next_try_at=now) for brief in briefs)


def _insights(chance: random.Random) -> list[int]:
    """Rows as long as real ones, made of the sample transcripts' words."""
    from bench.library import texts
    from takefive.store.models import Episode, Insight, Podcast, Relation

    show = Podcast.objects.create(feed_url="https://podcasts.example/feed.xml", title="Out of Office")
    episode = Episode.objects.create(
        podcast=show, guid="1", title="Insurance software", audio_url="https://cdn.example/1.mp3"
    )
    rows = [
        Insight(episode=episode, public_id=f"{n:012}", position=n, headline=text[:60], text=text, quote=text[:200])
        for n, text in enumerate(texts(300))
    ]
    for row in rows:
        row.speaker, row.start, row.kind, row.score = "Mara Lindqvist", 61.0 * row.position, "claim", 1.0
    made = [row.pk for row in Insight.objects.bulk_create(rows)]
    Relation.objects.bulk_create(
        Relation(source_id=one, target_id=other, kind=Relation.Kind.RELATED, score=0.5, rank=rank)
        for one in made
        for rank, other in enumerate(chance.sample([pk for pk in made if pk != one], 2), 1)
    )
    return made


def send() -> None:
    from takefive.pipeline.steps import deliver

    while deliver.waiting(timezone.now()):
        deliver.run()


if __name__ == "__main__":
    if sys.argv[1] == "sink":
        with suppress(KeyboardInterrupt):
            asyncio.run(sink(Path(sys.argv[2])))
    else:
        from takefive.cli.boot import boot, set_up

        set_up()
        boot()
        fill(int(sys.argv[2])) if sys.argv[1] == "fill" else send()
