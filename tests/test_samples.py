"""The sample library is what a publisher would serve, and loses nothing of its source."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from takefive.transcripts import read
from takefive.transcripts.sentences import sentences
from takefive.transcripts.values import TimedText

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FACTS = tomllib.loads((SAMPLES / "episodes.toml").read_text("utf-8"))
NAMESPACES = {
    "podcast": "https://podcastindex.org/namespace/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
}
EPISODES = [pytest.param(episode, id=f"{episode['show']}-{episode['number']}") for episode in FACTS["episode"]]


def transcript(episode: dict[str, Any]) -> TimedText:
    path = SAMPLES / "transcripts" / f"{episode['show']}-{episode['number']}.{episode['format']}"
    return read(path.read_bytes(), name=path.name)


def words(text: str) -> list[str]:
    """The words, without those in brackets: sound marks, which we drop, and remarks of the transcriber, which we keep."""
    return re.findall(r"\w+", re.sub(r"\[[^\[\]]*\]", " ", text).lower())


def test_there_are_enough_episodes_of_enough_shows_in_little_space() -> None:
    size = sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file())

    assert len(EPISODES) >= 14
    assert len({episode["show"] for episode in FACTS["episode"]}) >= 6
    assert size < 3_000_000


@pytest.mark.parametrize("show", [show["id"] for show in FACTS["show"]])
def test_every_feed_is_well_formed_and_its_links_lead_to_files(show: str) -> None:
    channel = etree.parse(SAMPLES / "feeds" / f"{show}.xml").getroot().find("channel")

    links = channel.xpath(".//podcast:transcript/@url | .//podcast:chapters/@url", namespaces=NAMESPACES)
    files = [SAMPLES / link.removeprefix("http://samples.takefive.example/") for link in links]

    assert len(channel.findall("item")) == sum(episode["show"] == show for episode in FACTS["episode"])
    assert all(path.is_file() for path in files)
    assert all(
        item.find("enclosure").get("url").startswith("https://cdn.changelog.com/") for item in channel.iter("item")
    )


@pytest.mark.parametrize("episode", EPISODES)
def test_the_people_of_an_episode_are_those_who_speak(episode: dict[str, Any]) -> None:
    text = transcript(episode)

    named = {segment.speaker for segment in text.segments if segment.speaker}

    assert named <= {*episode["hosts"], *episode["guests"]}
    assert set(episode["guests"]) <= named


@pytest.mark.parametrize("episode", EPISODES)
def test_times_never_go_back_and_end_with_the_episode(episode: dict[str, Any]) -> None:
    starts = [sentence.start or 0.0 for sentence in sentences(transcript(episode))]

    assert starts == sorted(starts)
    assert 1500 < starts[-1] < episode.get("duration", 7200)


@pytest.mark.parametrize("episode", [param for param in EPISODES if "chapters" in param.values[0]])
def test_chapters_rise(episode: dict[str, Any]) -> None:
    path = SAMPLES / "chapters" / f"{episode['show']}-{episode['number']}.json"

    times = [chapter["startTime"] for chapter in json.loads(path.read_text("utf-8"))["chapters"]]

    assert times == sorted(set(times))


@pytest.mark.parametrize("episode", EPISODES)
def test_no_word_of_the_source_is_lost(episode: dict[str, Any], shared_data: Path) -> None:
    show = next(show for show in FACTS["show"] if show["id"] == episode["show"])
    source = shared_data / "transcripts-changelog" / show["id"] / f"{show['file']}-{episode['number']}.md"
    raw = re.sub(r"(?m)^\*\*[^*\n]+:?\*\*:?", "", source.read_text("utf-8")).replace("\\", "")
    raw = re.sub(r"\[([^\[\]]*)\]\([^)]*\)", r"\1", raw)

    kept = words(" ".join(segment.text for segment in transcript(episode).segments))

    assert kept == words(raw)


def test_the_folder_is_what_the_script_makes(shared_data: Path) -> None:
    command = [
        sys.executable,
        str(SAMPLES / "make.py"),
        "--source",
        str(shared_data / "transcripts-changelog"),
        "--check",
    ]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
