"""What an element is called, whatever namespace, prefix or case its publisher wrote. Pure."""

from __future__ import annotations

# A piece of a namespace's address, in lower case, and the short name we use for it. "" holds RSS and Atom alike:
# their names mean the same to us.
_SPACES = (
    ("itunes.com/dtds", "itunes"),
    ("itunes.com/podcast", "itunes"),
    ("podcastindex", "podcast"),
    ("podcast-namespace", "podcast"),
    ("w3.org/2005/atom", ""),
    ("purl.org/atom/ns", ""),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/rss/1.0/modules/", "other"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com/rdf", ""),
    ("channel.netscape.com/rdf", ""),
    ("backend.userland.com/rss", ""),
    ("blogs.law.harvard.edu/tech/rss", ""),
    ("cyber.law.harvard.edu/rss", ""),
    ("rssboard.org", ""),
    ("search.yahoo.com/mrss", "media"),
    ("google.com/schemas/play-podcasts", "googleplay"),
    ("purl.org/dc/", "dc"),
    ("podlove.org/simple-chapters", "psc"),
    ("22-rdf-syntax-ns", ""),
    ("w3.org/1999/xhtml", "xhtml"),
    ("bloglines.com/about/specs/fac", "access"),
    ("w3.org/ns/tdmrep", "tdm"),
)
# Prefixes that are used without being declared.
_PREFIXES = {
    "itunes": "itunes", "podcast": "podcast", "atom": "", "atom10": "", "a10": "", "rss": "", "rdf": "",
    "content": "content", "media": "media", "googleplay": "googleplay", "dc": "dc", "psc": "psc",
    "xhtml": "xhtml", "access": "access", "tdm": "tdm",
}  # fmt: skip


class Names(dict[object, str]):
    """The canonical name of each tag of one document, such as "pubdate" or "itunes:duration"; "" for comments and the like.

    Made when it is first asked for and then kept: a feed has few different tags, thousands of times. Whatever
    namespace the root is in is that of the feed, also one that nobody has heard of.
    """

    def __init__(self, root: str) -> None:
        super().__init__()
        self._own = root.rpartition("}")[0] + "}" if "}" in root else None

    def __missing__(self, tag: object) -> str:
        name = self[tag] = self._name(tag) if isinstance(tag, str) else ""
        return name

    def _name(self, tag: str) -> str:
        if self._own is not None and tag.startswith(self._own):
            return tag[len(self._own) :].lower()
        return _canonical(tag)


def _canonical(tag: str) -> str:
    if tag.startswith("{"):
        space, _, local = tag[1:].rpartition("}")
        short = _space(space.strip().lower())
    else:
        prefix, _, local = tag.rpartition(":")
        short = _PREFIXES.get(prefix.lower(), "other") if prefix else ""
    local = local.lower()
    return f"{short}:{local}" if short else local


def _space(address: str) -> str:
    if not address:
        return ""
    return next((short for piece, short in _SPACES if piece in address), "other")
