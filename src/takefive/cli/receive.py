"""`takefive receive`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer
from django.conf import settings

from takefive.cli.boot import boot
from takefive.cli.output import say
from takefive.common.errors import UsageError


def run(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8024,
    smtp: Annotated[bool, typer.Option("--smtp", help="Speak SMTP instead of LMTP.")] = False,
) -> None:
    """Receive what readers answer to their briefs: “mute crypto”, “more like 2”, “pause until Monday”.

    Let your mail server hand the mails of TAKEFIVE_REPLY_TO (also with +anything) to this address by LMTP, and those of
    TAKEFIVE_FROM: bounces and complaints about our mails stop the address they are about.

    \b
    Examples:
      TAKEFIVE_REPLY_TO=reply@brief.example.org takefive receive
      postfix: mailbox_transport = lmtp:inet:127.0.0.1:8024, recipient_delimiter = +
    """
    if not settings.REPLY_TO:
        raise UsageError(
            "set TAKEFIVE_REPLY_TO to the address that readers answer to, such as reply@brief.example.org."
        )
    boot()
    server = _receiver()
    say.print(f"receiving answers to {settings.REPLY_TO} at {host}:{port} ({'SMTP' if smtp else 'LMTP'}; Ctrl-C stops)")
    try:
        asyncio.run(_serve(server, host, port, smtp))
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}.") from error
    except KeyboardInterrupt:
        pass


def _receiver() -> Any:
    try:
        from takefive.pipeline import receiver
    except ImportError as error:
        raise UsageError("receiving mail needs the extra “mail”: pip install 'takefive[mail]'.") from error
    return receiver


async def _serve(server: Any, host: str, port: int, smtp: bool) -> None:
    async with await server.listen(host, port, smtp=smtp) as listening:
        await listening.serve_forever()
