"""`takefive transcribe`: audio to timed text, by speech recognition."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from takefive.cli.output import complain, each_file, finish, print_json, say
from takefive.cli.transcript import Format, as_document, one_at_most
from takefive.common.errors import SpeechError, UsageError
from takefive.transcripts import audio, read
from takefive.transcripts.drift import Moved
from takefive.transcripts.formats import WRITERS
from takefive.transcripts.listen import checked, listen
from takefive.transcripts.speech import FasterWhisper
from takefive.transcripts.values import TimedText


def run(
    files: Annotated[list[Path], typer.Argument(metavar="AUDIO...", help="Audio files.", show_default=False)],
    model: Annotated[str, typer.Option(help="Name of a Whisper model, or a folder that holds one.")] = "base",
    language: Annotated[str | None, typer.Option(help="Language spoken, such as en; detected without.")] = None,
    hints: Annotated[str, typer.Option(help="Names that may be said, with commas.")] = "",
    format: Annotated[Format, typer.Option(help="What to print.")] = Format.JSON,
    check_times: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="TRANSCRIPT",
            help="Move this transcript's times onto the audio instead.",
        ),
    ] = None,
) -> None:
    """Recognise the speech of audio files. Needs the extra `takefive[speech]`. A run that was killed goes on where it was.

    \b
    Examples:
      takefive transcribe episode.mp3
      takefive transcribe episode.mp3 --model ./whisper-small --language de
      takefive transcribe episode.mp3 --hints "Maria Chen, sodium-ion" --format vtt
      takefive transcribe episode.mp3 --check-times episode.vtt
    """
    if check_times and len(files) != 1:
        raise UsageError("--check-times takes one audio file, that of the transcript.")
    home = _home()
    one_at_most(files, format)
    try:
        recogniser = FasterWhisper(model, cache=home / "models")
    except SpeechError as error:
        complain("transcribe", error)
        raise typer.Exit(1) from error
    if check_times:
        work = partial(_check, transcript=check_times, recogniser=recogniser, language=language)
    else:
        work = partial(_hear, recogniser=recogniser, language=language, hints=hints, notes_in=home / "heard")
    found, failed = each_file(files, work)
    if format is Format.JSON:
        print_json([as_document(str(path), text) for path, text in found])
    else:
        sys.stdout.write("\n".join(WRITERS[format](text) for _, text in found))
    finish(failed)


def _hear(
    path: Path, *, recogniser: FasterWhisper, language: str | None, hints: str, notes_in: Path
) -> tuple[Path, TimedText]:
    with _notes(notes_in, path) as notes, Progress(console=say, transient=True) as bar:
        task = bar.add_task(path.name, total=audio.length(path))

        def told(seconds: float) -> None:
            bar.update(task, completed=seconds)

        return path, listen(path, recogniser, language=language, hints=hints, notes=notes, progress=told)


def _check(path: Path, *, transcript: Path, recogniser: FasterWhisper, language: str | None) -> tuple[Path, TimedText]:
    text = read(transcript.read_bytes(), name=transcript.name, language=language)
    moved = checked(path, text, recogniser, language=language)
    say.print(_told(moved))
    return path, moved.text


def _told(moved: Moved) -> str:
    """What was found, in one line."""
    where = ", ".join(f"{first:.0f} to {last:.0f}" for first, last in moved.uncertain)
    sure = f"; times are uncertain from second {where}" if where else ""
    return f"{moved.heard:.0f} seconds were heard; the audio departs from the transcript in {moved.steps} places{sure}"


def _home() -> Path:
    """The data folder."""
    from takefive.cli.boot import set_up  # only here: the command needs no tables

    set_up()
    from django.conf import settings

    return Path(settings.HOME)


@contextmanager
def _notes(folder: Path, path: Path) -> Iterator[Path]:
    """Where the finished pieces of this very file stand until all are done, or until nothing more can come of it."""
    state = path.stat()
    about = f"{path.resolve()} {state.st_mtime_ns}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    notes = folder / f"{hashlib.sha256(about.encode()).hexdigest()[:16]}.heard"
    try:
        yield notes
    except SpeechError as error:
        if not error.retry:
            notes.unlink(missing_ok=True)
        raise
    notes.unlink(missing_ok=True)
