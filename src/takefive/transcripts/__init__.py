"""A publisher's transcript file, or audio, in; a `TimedText` out.

Comes in: bytes with their type, or audio. Goes out: segments with times and speakers, sentences, what is not content.
Does not know: feeds' tables, insights, readers.
"""

from takefive.transcripts.reading import read

__all__ = ["read"]
