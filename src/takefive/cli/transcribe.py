"""`takefive transcribe`: audio to timed text, by speech recognition."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from takefive.cli.output import complain, each_file, finish, print_json
from takefive.cli.transcript import as_document
from takefive.common.errors import SpeechError
from takefive.transcripts.speech import FasterWhisper


def run(
    files: Annotated[list[Path], typer.Argument(metavar="AUDIO...", help="Audio files.", show_default=False)],
    model: Annotated[str, typer.Option(help="Name of a Whisper model, or a folder that holds one.")] = "base",
    language: Annotated[str | None, typer.Option(help="Language spoken, such as en; detected without.")] = None,
) -> None:
    """Recognise the speech of audio files. Needs the extra `takefive[speech]`.

    \b
    Examples:
      takefive transcribe episode.mp3
      takefive transcribe episode.mp3 --model ./whisper-small --language de
    """
    try:
        transcriber = FasterWhisper(model)
    except SpeechError as error:
        complain("transcribe", error)
        raise typer.Exit(1) from error

    def work(path: Path) -> dict[str, Any]:
        return as_document(str(path), transcriber.transcribe(path, language=language))

    found, failed = each_file(files, work)
    print_json(found)
    finish(failed)
