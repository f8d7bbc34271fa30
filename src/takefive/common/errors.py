"""One tree for everything that goes wrong on purpose.

    TakefiveError
    ├── UsageError            the caller asked for something impossible; the message says what to do
    ├── RefusedAddressError   an address from outside that we never connect to
    ├── FetchError            a server did not give what we asked for
    ├── FeedError             bytes that are no podcast feed
    ├── TranscriptError       a file that is no usable transcript
    ├── SpeechError           speech recognition is missing or failed
    ├── ModelError            a model file is missing or is not the one we pinned
    ├── LanguageModelError    a language model did not answer, or nothing usable
    │   ├── BudgetError       asking it would cost more than may be spent
    │   └── AnswerError       it answered, but not what was asked for
    └── MailError             a message was not accepted

The message of each is one line for a person. `retry` says whether trying again later can help.
"""

from __future__ import annotations


class TakefiveError(Exception):
    """Something went wrong that we foresaw; its text is one clear line."""

    retry = False

    def __init__(self, message: str, *, retry: bool | None = None) -> None:
        super().__init__(message)
        if retry is not None:
            self.retry = retry


class UsageError(TakefiveError):
    """The caller asked for something impossible; the message says what to do."""


class RefusedAddressError(TakefiveError):
    """An address from outside that we never connect to (private networks, odd ports, other schemes)."""


class FetchError(TakefiveError):
    """A server did not give what we asked for. `status` is the HTTP status, None when there was no answer."""

    retry = True

    def __init__(self, message: str, *, status: int | None = None, retry: bool | None = None) -> None:
        super().__init__(message, retry=retry)
        self.status = status


class FeedError(TakefiveError):
    """Bytes that are no podcast feed."""


class TranscriptError(TakefiveError):
    """A file that is no usable transcript."""


class SpeechError(TakefiveError):
    """Speech recognition is missing or failed."""


class ModelError(TakefiveError):
    """A model file is missing, or is not the one whose sha256 we pinned."""


class LanguageModelError(TakefiveError):
    """A language model did not answer, or nothing usable; whoever asked can go on without it."""

    retry = True


class BudgetError(LanguageModelError):
    """Asking would cost more tokens or money than may be spent."""


class AnswerError(LanguageModelError):
    """The model answered, but refused, or not in the form that was asked for, also when told what was wrong."""


class MailError(TakefiveError):
    """A message was not accepted."""
