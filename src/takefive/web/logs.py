"""What log lines never show: the tokens in addresses of ours, which act or read for a reader for as long as they live."""

from __future__ import annotations

import logging
import re


class WithoutTokens(logging.Formatter):
    """As logging's own, tracebacks and all, but a path of ours ends behind the word before its token.

    A path is ours at its start or behind `site`: publishers' addresses, which may hold the same words, stay readable.
    """

    def __init__(self, fmt: str, site: str) -> None:
        super().__init__(fmt)
        ours = rf"(?:(?<![\w.\]])|(?<={re.escape(site)}))"
        self._token = re.compile(rf"({ours}/(?:s|stop|confirm|feed|listen|hub)/)[^\s\"'<>]+")

    def format(self, record: logging.LogRecord) -> str:
        """One line, or more with a traceback."""
        return self._token.sub(r"\1…", super().format(record))
