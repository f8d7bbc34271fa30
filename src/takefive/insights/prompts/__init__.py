"""The prompts, as prose in files beside this one. The first line of each names its version, which every insight keeps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told to do, and the version of these words."""

    name: str
    version: int
    text: str


@cache
def prompt(name: str) -> Prompt:
    """The prompt in `<name>.md`: a line "version: N", then the words."""
    head, _, text = files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return Prompt(name, int(head.removeprefix("version: ")), text.strip())
